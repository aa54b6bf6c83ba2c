// The variants of sciatic nerve and piriformis: one is chosen for each side, in words first.
import { useEffect, useId, useRef } from "preact/hooks";
import type { Side } from "../../atlas/anatomy";
import { capital } from "../../atlas/text";
import { prevalenceWords, type Variant } from "../../atlas/variants";
import { Choice, Command, Switch } from "../controls";
import { Statement } from "../Evidence";
import { frameSubjects } from "../framing";
import { growthWords } from "../growth";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { chooseVariant, toggleCompare, toggleFocus } from "../variant-actions";
import { Prevalence } from "./Prevalence";
import { VariantIcon } from "./VariantIcon";

export function Variants({ session }: { session: Session }) {
  const scene = useSignal(session.scene);
  const side = useSignal(session.side);
  const alike = useSignal(session.alike);
  const { anatomy } = session;
  const chosen = scene.variant[side];
  const box = useRef<HTMLDivElement>(null);
  useEffect(
    () => box.current?.querySelector(".variant-item[data-here]")?.scrollIntoView?.({ block: "nearest" }),
    [],
  );
  const lettered = anatomy.variants.filter((one) => one.letter);
  const others = anatomy.variants.filter((one) => !lettered.includes(one));
  const silent = anatomy.catalogue.variant_notes[0];
  /** In focus the picture goes to the side that is dealt with, or shows both. */
  const frame = () => scene.focus && session.afterLayout(() => frameSubjects(session));
  const list = (variants: readonly Variant[], legend: string) => (
    <VariantList
      session={session}
      variants={variants}
      legend={legend}
      side={side}
      chosen={chosen}
      onChoose={(id) => chooseVariant(session, id)}
    />
  );
  return (
    <>
      <div class="variant-side">
        {!alike && (
          <Choice<Side>
            legend={session.t("Side")}
            value={side}
            options={[
              ["right", session.t("Right")],
              ["left", session.t("Left")],
            ]}
            onChange={(value) => {
              session.side.set(value);
              frame();
            }}
          />
        )}
        <Switch
          label={session.t("Both sides the same")}
          hint={alike ? undefined : session.t("As in about three quarters of people")}
          on={alike}
          onChange={(on) => {
            session.alike.set(on);
            if (on) chooseVariant(session, chosen);
            frame();
          }}
        />
      </div>
      <div class="variant-lists" ref={box}>
        {list(lettered, session.t("As Beaton and Anson grouped them"))}
        {list(others, session.t("Seen, but outside their letters"))}
      </div>
      {silent && (
        <div class="variant-note">
          <Statement claim={silent} anatomy={anatomy} />
        </div>
      )}
      <div class="commands">
        <Command icon="focus" shortcut="P" onClick={() => toggleFocus(session)}>
          {scene.focus ? session.t("Bring all else back") : session.t("Nerve and muscle alone")}
        </Command>
        <Command icon="compare" onClick={() => toggleCompare(session)}>
          {scene.compare ? session.t("End the comparison") : session.t("Compare two side by side")}
        </Command>
      </div>
      <Prevalence session={session} variant={anatomy.variant(chosen)} />
    </>
  );
}

interface ListProps {
  session: Session;
  variants: readonly Variant[];
  legend: string;
  side: Side;
  chosen: string;
  onChoose: (id: string) => void;
}

function VariantList({ session, variants, legend, side, chosen, onChoose }: ListProps) {
  const growth = useSignal(session.growth);
  const name = useId();
  if (!variants.length) return null;
  return (
    <fieldset class="variants">
      <legend>{legend}</legend>
      {variants.map((variant) => {
        const waits = !session.anatomy.hasShapes(variant.id);
        const here = variant.id === chosen;
        return (
          <div key={variant.id} class="variant-item" data-here={here || undefined}>
            <label class="variant" data-waits={waits || undefined}>
              <input
                type="radio"
                name={name}
                value={variant.id}
                checked={here}
                onChange={() => onChoose(variant.id)}
              />
              <VariantIcon variant={variant} left={side === "left"} />
              <span class="variant-words">
                <span class="variant-name">
                  {capital(variant.short)}
                  {variant.hypothetical && <em> {session.t("hypothetical")}</em>}
                </span>
                <small>
                  {waits
                    ? capital(growthWords(growth, session.t)) ||
                      (growth.state === "ready"
                        ? session.t("Not in this file")
                        : session.t("Not in this body"))
                    : variant.prevalence.length
                      ? prevalenceWords(variant.prevalence, session.t)
                      : session.t("No figure found")}
                </small>
              </span>
              {variant.letter && (
                <span class="variant-letter">
                  <span class="unseen">, {session.t("letter")} </span>
                  {variant.letter}
                </span>
              )}
            </label>
            {here && <VariantWords session={session} variant={variant} />}
          </div>
        );
      })}
    </fieldset>
  );
}

/** What lies where in the variant that is chosen, and what else is known of it. */
function VariantWords({ session, variant }: { session: Session; variant: Variant }) {
  const known = [...variant.statements, ...variant.other_names];
  return (
    <div class="variant-about">
      <p>{variant.words}</p>
      {known.length > 0 && (
        <details>
          <summary>{session.t("What is known of it, and other letters")}</summary>
          {known.map((claim) => (
            <Statement key={claim.text} claim={claim} anatomy={session.anatomy} />
          ))}
        </details>
      )}
    </div>
  );
}
