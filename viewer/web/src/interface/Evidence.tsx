// A claim with its badge; the badge opens what stands behind it.
import { useId, useState } from "preact/hooks";
import type { Anatomy } from "../atlas/anatomy";
import type { Statement as Claim } from "../generated/catalogue";
import { Safe } from "../language/Safe";
import { phrase } from "../language/translate";
import { Outside } from "./controls";
import { Icon } from "./icons";

/** What a mark means, for people. */
const MARKS: Record<Claim["mark"], string> = {
  verified: phrase("Read in the source named here."),
  recalled: phrase("Taken from general knowledge; the source named here was not opened again."),
  derived: phrase("This project's own reading of the sources."),
  unverified: phrase("Uncertain, or sources disagree: do not rely on it."),
};

const SHORT: Record<Claim["evidence"], string> = {
  established_anatomy: phrase("Established"),
  pooled_prevalence: phrase("Pooled"),
  expert_convention: phrase("Convention"),
  contested: phrase("Contested"),
  case_reports: phrase("Case reports"),
};

export function Statement({ claim, anatomy, text }: { claim: Claim; anatomy: Anatomy; text?: string }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const level = anatomy.catalogue.evidence_levels.find((candidate) => candidate.id === claim.evidence);
  const unverified = claim.mark === "unverified";
  return (
    <div class="statement">
      <p>
        <Safe t={anatomy.t} text={text ?? claim.text} />{" "}
        <button
          type="button"
          class="badge"
          data-evidence={claim.evidence}
          data-mark={claim.mark}
          aria-expanded={open}
          aria-controls={open ? id : undefined}
          onClick={() => setOpen(!open)}
        >
          <span class="badge-sign" aria-hidden="true" />
          {unverified ? anatomy.t("Unverified") : anatomy.t.of(SHORT[claim.evidence])}
          <span class="unseen">: {anatomy.t("evidence and sources")}</span>
        </button>
      </p>
      {open && (
        <div class="sources" id={id}>
          <p>
            <strong>{level?.name ?? claim.evidence}.</strong> {level?.explanation}
          </p>
          <p>{anatomy.t.of(MARKS[claim.mark])}</p>
          <ul>
            {claim.sources.map((key) => {
              const reference = anatomy.catalogue.references[key];
              return (
                <li key={key}>
                  {reference?.text ?? key}{" "}
                  {reference?.url && (
                    <Outside href={reference.url}>
                      {anatomy.t("Open")} <Icon name="external" />
                    </Outside>
                  )}
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}
