// A claim with its badge; the badge opens what stands behind it.
import { useId, useState } from "preact/hooks";
import type { Anatomy } from "../atlas/anatomy";
import type { Statement as Claim } from "../generated/catalogue";
import { Outside } from "./controls";
import { Icon } from "./icons";

/** What a mark means, for people. */
const MARKS: Record<Claim["mark"], string> = {
  verified: "Read in the source named here.",
  recalled: "Taken from general knowledge; the source named here was not opened again.",
  derived: "This project's own reading of the sources.",
  unverified: "Uncertain, or sources disagree: do not rely on it.",
};

const SHORT: Record<Claim["evidence"], string> = {
  established_anatomy: "Established",
  pooled_prevalence: "Pooled",
  expert_convention: "Convention",
  contested: "Contested",
  case_reports: "Case reports",
};

export function Statement({ claim, anatomy, text }: { claim: Claim; anatomy: Anatomy; text?: string }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const level = anatomy.catalogue.evidence_levels.find((candidate) => candidate.id === claim.evidence);
  const unverified = claim.mark === "unverified";
  return (
    <div class="statement">
      <p>
        {text ?? claim.text}{" "}
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
          {unverified ? "Unverified" : SHORT[claim.evidence]}
          <span class="unseen">: evidence and sources</span>
        </button>
      </p>
      {open && (
        <div class="sources" id={id}>
          <p>
            <strong>{level?.name ?? claim.evidence}.</strong> {level?.explanation}
          </p>
          <p>{MARKS[claim.mark]}</p>
          <ul>
            {claim.sources.map((key) => {
              const reference = anatomy.catalogue.references[key];
              return (
                <li key={key}>
                  {reference?.text ?? key}{" "}
                  {reference?.url && (
                    <Outside href={reference.url}>
                      Open <Icon name="external" />
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
