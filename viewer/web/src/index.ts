// The front end's face: `render` for hosts that know anywidget, `mount` for everyone else.
import { mount } from "./host/mount";
import { render } from "./host/widget";

export type { IschiaElement, Mounted, MountOptions, Settings } from "./host/mount";
export type { PartSource, PartSources } from "./host/parts";
export type { HttpSource, InlineSource, Source } from "./host/source";
export { Library } from "./stage/loader";
export { mount, render };
export default { render };
