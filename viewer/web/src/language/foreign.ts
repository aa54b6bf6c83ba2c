// A text that is English for want of a translation says so where it is shown: a `lang`, and a small sign beside it.
import { type ComponentChildren, Fragment, h, options, type VNode } from "preact";
import { FOREIGN, plain } from "./translate";

/** Elements that hold nothing but text: they get the `lang` themselves. */
const TEXT_ONLY = /^(option|title|text|tspan)$/;

const isForeign = (value: unknown): value is string => typeof value === "string" && value.includes(FOREIGN);

function mend(vnode: VNode<Record<string, unknown>>): void {
  const { type, props } = vnode;
  for (const [name, value] of Object.entries(props))
    if (name !== "children" && isForeign(value)) props[name] = plain(value);
  const children = props.children as ComponentChildren;
  if (typeof type === "string" && TEXT_ONLY.test(type)) {
    if (![children].flat().some(isForeign)) return;
    props.lang = "en";
    props.children = [children].flat().map((child) => (isForeign(child) ? plain(child) : child));
    return;
  }
  const sign = (child: ComponentChildren) =>
    isForeign(child) ? h("bdi", { class: "foreign", lang: "en" }, plain(child)) : child;
  if (Array.isArray(children)) {
    if (children.some(isForeign)) props.children = children.map(sign);
  } else if (isForeign(children)) props.children = sign(children);
}

/** Marks from now on what is English on a page in another language; asking again changes nothing. */
let marking = false;
export function markForeign(): void {
  if (marking) return;
  marking = true;
  const before = options.vnode;
  options.vnode = (vnode) => {
    if (typeof vnode.type === "string" || vnode.type === Fragment)
      mend(vnode as VNode<Record<string, unknown>>);
    before?.(vnode);
  };
}
