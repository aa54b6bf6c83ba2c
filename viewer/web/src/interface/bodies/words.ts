// How bodies are spoken of: their names at a glance, who made them, and what of them was loaded or modelled.
import type { Anatomy } from "../../atlas/anatomy";
import type { Source } from "../../generated/atlas";
import { phrase, type Translate } from "../../language/translate";

const MADE: Readonly<Record<string, string>> = {
  loaded: phrase("loaded"),
  cut: phrase("cut from its mesh"),
  population: phrase("averaged"),
  modelled: phrase("modelled"),
};

/** How many structures of a body were made so. */
const COUNTED: Readonly<Record<string, string>> = {
  loaded: phrase("{n} loaded"),
  cut: phrase("{n} cut from its own meshes"),
  population: phrase("{n} averaged"),
  modelled: phrase("{n} modelled"),
};

/** A title as far as it names the body: "BodyParts3D 4.0". */
export const brief = (title: string): string => title.split(/[:：]/)[0]?.trim() || title;

/** A licence's name without what is said of it. */
export const licenceName = (licence: string): string => licence.split(/ by |;|\. /)[0]?.trim() || licence;

/** The sources whose geometry is in a body, the one with most structures first. */
export function sourcesOf({ atlas }: Anatomy): Source[] {
  const counts = new Map<string, number>();
  for (const { source } of Object.values(atlas.structures)) counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).flatMap(([key]) => atlas.sources[key] ?? []);
}

/** "62 loaded, 14 modelled": how many structures */
export function makingsOf({ atlas }: Anatomy, t: Translate): string {
  const counts = new Map<string, number>();
  for (const { made } of Object.values(atlas.structures)) counts.set(made, (counts.get(made) ?? 0) + 1);
  return Object.entries(COUNTED)
    .flatMap(([made, words]) => {
      const n = counts.get(made);
      return n ? t.of(words, { n }) : [];
    })
    .join(", ");
}

/** How one structure of a body was made, and how large it is; or that the body has none. */
export function structureWords(name: string, anatomy: Anatomy): string {
  const { t } = anatomy;
  const title = anatomy.title(name, "english").full;
  const entries = anatomy.membersOf(name).flatMap((id) => anatomy.entry(id) ?? []);
  const [entry] = entries;
  if (!entry) return t("{name}: not in this body", { name: title });
  const volume = entries.length === 1 ? entry.volume_cm3 : null;
  const size = volume === null ? "" : `, ${t.number(volume, volume < 100 ? 1 : 0)} cm³`;
  return `${title}: ${t.of(MADE[entry.made] ?? entry.made)}${size}`;
}
