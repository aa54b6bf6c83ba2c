// Where the card's structure comes from: its identifiers, and who made its geometry.
import { splitId } from "../atlas/anatomy";
import type { StructureEntry } from "../generated/atlas";
import { phrase } from "../language/translate";
import { Outside } from "./controls";
import type { Session } from "./session";

const MADE: Record<StructureEntry["made"], string> = {
  population: phrase("Mean of a population"),
  modelled: phrase("Solved from its attachments"),
  loaded: phrase("Loaded as its makers published it"),
  cut: phrase("Cut from the mesh that its makers published"),
};

export function CardOrigin({ session, name }: { session: Session; name: string }) {
  const { anatomy } = session;
  const annotation = anatomy.annotation(name);
  const [, side] = splitId(name);
  const identifiers = (annotation?.identifiers ?? []).filter((one) => !one.side || one.side === side);
  const entry = anatomy.entry(anatomy.membersOf(name)[0] ?? "");
  const source = entry ? anatomy.atlas.sources[entry.source] : undefined;
  return (
    <>
      {identifiers.length > 0 && (
        <section class="card-section">
          <h3>{session.t("Identifiers")}</h3>
          <ul class="identifiers">
            {identifiers.map(({ scheme, value, url, doubtful, scope }) => (
              <li key={scheme + value} data-doubtful={doubtful || undefined}>
                <span class="scheme">{scheme}</span>{" "}
                {url && !doubtful ? <Outside href={url}>{value}</Outside> : <span>{value}</span>}
                {scope && <small> {scope}</small>}
                {doubtful && <small> {session.t("unverified")}</small>}
              </li>
            ))}
          </ul>
        </section>
      )}
      {entry && (
        <section class="card-section">
          <h3>{session.t("Geometry")}</h3>
          <dl class="geometry">
            <dt>{session.t("How")}</dt>
            <dd>{session.t.of(MADE[entry.made])}</dd>
            {entry.volume_cm3 !== null && (
              <>
                <dt>{session.t("Volume")}</dt>
                <dd>{session.t.number(entry.volume_cm3, entry.volume_cm3 < 10 ? 1 : 0)} cm³</dd>
              </>
            )}
            {source && (
              <>
                <dt>{session.t("From")}</dt>
                <dd>{source.url ? <Outside href={source.url}>{source.title}</Outside> : source.title}</dd>
                <dt>{session.t("By")}</dt>
                <dd>{source.creators}</dd>
                <dt>{session.t("Licence")}</dt>
                <dd>
                  {source.license_url ? (
                    <Outside href={source.license_url}>{source.license}</Outside>
                  ) : (
                    source.license
                  )}
                </dd>
              </>
            )}
          </dl>
        </section>
      )}
    </>
  );
}
