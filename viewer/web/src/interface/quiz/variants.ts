// How nerve and piriformis lie together: which arrangement is shown, and which is the usual one.
import type { Anatomy } from "../../atlas/anatomy";
import { capital } from "../../atlas/text";
import type { Variant } from "../../atlas/variants";
import type { Answer, Fact, Reason } from "./model";

const answerFor = ({ id, short }: Variant): Answer => ({ key: id, text: capital(short) });

/** What one can see where nerve and muscle cross. */
const look = ({ passes, divided, split }: Variant) =>
  [passes.tibial, passes.common_fibular, divided, split].join();

/** In how many ways they differ to the eye. */
function unlike(a: Variant, b: Variant): number {
  const passes = Number(a.passes.tibial !== b.passes.tibial) * 2;
  const fibular = Number(a.passes.common_fibular !== b.passes.common_fibular) * 2;
  return passes + fibular + Number(a.divided !== b.divided) + Number(a.split !== b.split);
}

export function variantFacts(anatomy: Anatomy): Fact[] {
  if (!anatomy.membersOf("piriformis").length || !anatomy.membersOf("sciatic_nerve").length) return [];
  // Of those that look alike where they cross, the first stands for all.
  const told = anatomy.variants.filter(
    (variant, i) => anatomy.variants.findIndex((other) => look(other) === look(variant)) === i,
  );
  const [usual] = told;
  const [silent] = anatomy.catalogue.variant_notes;
  const base = {
    kind: "variant",
    about: "piriformis",
    regions: ["deep_hip_rotators", "nerves"],
    end: null,
    sides: ["right", "left"],
  } as const;
  const facts = told
    .filter((variant) => !variant.hypothetical && anatomy.hasShapes(variant.id) && variant.statements.length)
    .map((variant): Fact => {
      const others = told
        .filter((other) => other !== variant)
        .sort((a, b) => unlike(variant, a) - unlike(variant, b));
      return {
        ...base,
        id: `variant:${variant.id}`,
        form: "variant",
        from: variant === usual ? "beginner" : "student",
        alike: others.length,
        right: answerFor(variant),
        wrong: others.map(answerFor),
        reasons: reasons(variant.statements[0], silent),
      };
    });
  const plainly = usual ? told.filter((other) => unlike(usual, other) > 1) : [];
  const usualFact: Fact[] = usual?.statements.length
    ? [
        {
          ...base,
          id: "variant:usual",
          form: "usual",
          from: "beginner",
          right: answerFor(usual),
          alike: plainly.length,
          wrong: plainly.sort((a, b) => unlike(usual, a) - unlike(usual, b)).map(answerFor),
          reasons: reasons(usual.statements[0], silent),
        },
      ]
    : [];
  return [...facts, ...usualFact];
}

const reasons = (...claims: (Reason["claim"] | undefined)[]): Reason[] =>
  claims.flatMap((claim) => (claim ? [{ lead: null, claim }] : []));
