// The atlas as the page knows it once `later.json` has come.
import type { AtlasDocument, PartEntry, StructureEntry } from "../generated/atlas";
import type { PackDocument } from "../generated/pack";

/** The atlas with all that a pack brings; neither is changed. */
export function merged(atlas: AtlasDocument, pack: PackDocument): AtlasDocument {
  const shaped = (part: PartEntry): PartEntry => {
    const shapes = pack.shapes[part.name];
    return shapes ? { ...part, shapes: { ...part.shapes, ...shapes } } : part;
  };
  const structures: Record<string, StructureEntry> = {};
  for (const [id, entry] of Object.entries(atlas.structures))
    structures[id] = entry.parts.some(({ name }) => name in pack.shapes)
      ? { ...entry, parts: entry.parts.map(shaped) }
      : entry;
  const known = new Set(pack.files.map(({ name }) => name));
  return {
    ...atlas,
    structures: { ...structures, ...pack.structures },
    sources: { ...atlas.sources, ...pack.sources },
    files: [...atlas.files.filter(({ name }) => !known.has(name)), ...pack.files],
    growing: [],
    notes: [...atlas.notes, ...pack.notes],
  };
}
