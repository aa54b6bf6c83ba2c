// Files for the stage, counted as they come, so that the page can say how far the first picture is.
import type { Loaded } from "../host/source";
import type { LoadFile } from "../stage/types";
import type { Picture } from "./session";
import type { Signal } from "./signal";

export function countedLoad(loaded: Loaded, picture: Signal<Picture>): LoadFile {
  const counts = new Map<string, number>();
  const first = loaded.atlas.files.filter((file) => file.wanted === "first");
  const total = first.reduce((sum, file) => sum + file.bytes, 0);
  const tell = () => {
    if (picture.value.state !== "loading") return;
    const done = first.reduce((sum, file) => sum + Math.min(counts.get(file.name) ?? 0, file.bytes), 0);
    picture.set({ state: "loading", done, total });
  };
  return async (name) => {
    counts.set(name, 0);
    const bytes = await loaded.file(name, (count) => {
      counts.set(name, count);
      tell();
    });
    counts.set(name, bytes.length);
    tell();
    return bytes;
  };
}
