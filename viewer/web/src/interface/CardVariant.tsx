// On the cards of piriformis and the sciatic nerve: how the two lie together here, and what that measures.
import { type Side, splitId } from "../atlas/anatomy";
import { lineage } from "../scene/visibility";
import { Icon } from "./icons";
import { Numbers } from "./measure/Numbers";
import type { Session } from "./session";
import { useSignal } from "./signal";
import { openAside } from "./variant-actions";
import { VariantIcon } from "./variants/VariantIcon";

export function CardVariant({ session, name }: { session: Session; name: string }) {
  const scene = useSignal(session.scene);
  const growth = useSignal(session.growth);
  const last = useSignal(session.side);
  const { anatomy } = session;
  const [structure, named] = splitId(name);
  const line = lineage(structure, anatomy.annotated);
  const about = ["piriformis", "sciatic_nerve"].find((one) => line.includes(one));
  if (!about || !anatomy.membersOf("piriformis").length || growth.state === "none") return null;
  const side: Side = named ?? last;
  const sides: readonly Side[] = named ? [named] : ["right", "left"];
  const open = (one: Side) => {
    session.side.set(one);
    openAside(session, "variants");
  };
  return (
    <>
      <div class="card-variants">
        {sides.map((one) => {
          const variant = anatomy.variant(scene.variant[one]);
          return (
            variant && (
              <button key={one} type="button" class="card-variant" onClick={() => open(one)}>
                <VariantIcon variant={variant} left={one === "left"} />
                <span>
                  <strong>
                    {one === "right" ? session.t("Right") : session.t("Left")}: {variant.short}
                  </strong>
                  <small>{session.t("Other ways they lie together")}</small>
                </span>
                <Icon name="chevron" />
              </button>
            )
          );
        })}
      </div>
      <Numbers session={session} structure={about} side={side} />
    </>
  );
}
