// The card of the selected structure: its name, what it is, and everything that is said of it.
import { useEffect, useRef, useState } from "preact/hooks";
import { type Side, splitId } from "../atlas/anatomy";
import { Safe } from "../language/Safe";
import { visibleIn } from "../scene/actions";
import { ownOpacity } from "../scene/visibility";
import { CardFacts } from "./CardFacts";
import { CardOrigin } from "./CardOrigin";
import { CardVariant } from "./CardVariant";
import { Choice, Range, Tool } from "./controls";
import { Icon } from "./icons";
import type { Session } from "./session";
import { useSignal } from "./signal";

/** How much lies under the skin, from slim to large. */
export function SkinRange({ session }: { session: Session }) {
  const { subcutaneous } = useSignal(session.scene);
  const shapes = Object.values(session.anatomy.atlas.structures).some(
    ({ kind, parts }) => kind === "skin" && parts.some((part) => "slim" in part.shapes),
  );
  if (!shapes) return null;
  const { t } = session;
  const words = subcutaneous < 0.25 ? t("slim") : subcutaneous > 0.75 ? t("large") : t("usual");
  return (
    <Range
      label={session.t("Tissue under the skin")}
      value={subcutaneous}
      min={0}
      max={1}
      step={0.05}
      text={words}
      onInput={(value) => session.dispatch({ type: "set", fields: { subcutaneous: value } }, "subcutaneous")}
    />
  );
}

export function Card({ session, name }: { session: Session; name: string }) {
  const { anatomy } = session;
  const scene = useSignal(session.scene);
  const [precise, setPrecise] = useState(false);
  const top = useRef<HTMLDivElement>(null);
  useEffect(() => top.current?.scrollTo?.({ top: 0 }), [name]);
  const close = useRef<HTMLButtonElement>(null);
  const wanted = useSignal(session.cardWanted);
  useEffect(() => {
    if (!wanted) return;
    session.cardWanted.set(false);
    close.current?.focus({ preventScroll: true });
  }, [wanted, session]);

  const [structure, side] = splitId(name);
  const annotation = anatomy.annotation(name);
  const title = anatomy.title(structure, scene.names);
  const members = anatomy.membersOf(name);
  const visible = visibleIn(scene, anatomy);
  const seen = members.filter((id) => visible.has(id)).length;
  const sides = (["right", "left"] as const).filter((one) => anatomy.membersOf(`${structure}.${one}`).length);
  const first = anatomy.entries.find((entry) => entry.id === members[0]);
  const percent = first ? Math.round(ownOpacity(scene, first, anatomy.annotated) * 100) : 100;
  const isolated = scene.isolated.length === 1 && scene.isolated[0] === name;
  const latin = annotation?.names.latin;
  const other = scene.names === "latin" ? annotation?.names.english : latin;

  return (
    <article
      class="card"
      aria-label={session.t("About: {name}", { name: anatomy.title(name, scene.names).full })}
    >
      <header class="card-head">
        <div class="card-title">
          <h2>{title.short}</h2>
          {other && other.toLowerCase() !== title.short.toLowerCase() && (
            <p class="latin" lang={scene.names === "latin" ? session.t.code : "la"}>
              {other}
            </p>
          )}
        </div>
        <button
          ref={close}
          type="button"
          class="card-close"
          aria-label={session.t("Close the card (Esc)")}
          onClick={() => {
            session.open.set(null);
            session.select(null);
          }}
        >
          <Icon name="close" />
        </button>
      </header>
      <div class="card-scroll" ref={top}>
        {sides.length > 1 && (
          <Choice<Side | "both">
            legend={session.t("Side")}
            value={side ?? "both"}
            options={[
              ["right", session.t("Right")],
              ["left", session.t("Left")],
              ["both", session.t("Both")],
            ]}
            onChange={(chosen) => session.select(chosen === "both" ? structure : `${structure}.${chosen}`)}
          />
        )}
        {members.length > 0 ? (
          <>
            <fieldset class="card-tools" aria-label={session.t("What is done with it")}>
              <Tool
                icon="focus"
                label={session.t("Zoom to")}
                onClick={() => void session.frame([name])}
                disabled={!seen}
              />
              <Tool
                icon="isolate"
                label={isolated ? session.t("Bring back") : session.t("Isolate")}
                pressed={isolated}
                onClick={() => session.dispatch({ type: "isolate", names: isolated ? [] : [name] })}
              />
              <Tool
                icon={seen ? "hide" : "show"}
                label={seen ? session.t("Hide") : session.t("Show")}
                onClick={() => session.dispatch({ type: seen ? "hide" : "show", names: [name] })}
              />
              <Tool
                icon="fade"
                label={session.t("Fade others")}
                pressed={scene.fade_others}
                onClick={() => session.dispatch({ type: "set", fields: { fade_others: !scene.fade_others } })}
              />
            </fieldset>
            <Range
              label={session.t("Opacity")}
              value={percent}
              min={0}
              max={100}
              step={5}
              text={`${percent} %`}
              onInput={(value) =>
                session.dispatch({ type: "opacity", names: [name], value: value / 100 }, `opacity ${name}`)
              }
            />
          </>
        ) : (
          <p class="aside">{session.t("This body has no separate geometry for it.")}</p>
        )}
        {annotation && (
          <section class="card-text">
            <p>{precise ? annotation.precise : annotation.plain}</p>
            <button
              type="button"
              class="text-toggle"
              aria-pressed={precise}
              onClick={() => setPrecise(!precise)}
            >
              {precise ? session.t("In plain words") : session.t("In the terms of the field")}
            </button>
          </section>
        )}
        {structure === "skin" && members.length > 0 && <SkinRange session={session} />}
        <CardVariant session={session} name={name} />
        {annotation ? (
          <CardFacts session={session} annotation={annotation} name={name} />
        ) : (
          <p class="aside">{session.t("Nothing has been written about this structure yet.")}</p>
        )}
        <CardOrigin session={session} name={name} />
      </div>
      {annotation && annotation.reviewed_by === null && (
        <footer class="card-foot">
          <Icon name="info" />
          <span>
            <Safe
              t={session.t}
              text={session.t.safe("Not reviewed by a clinician yet. For learning, not for diagnosis.")}
            />
          </span>
        </footer>
      )}
      {annotation?.reviewed_by && (
        <footer class="card-foot">
          <Icon name="check" />
          <span>
            {session.t("Reviewed by {name}. For learning, not for diagnosis.", {
              name: annotation.reviewed_by,
            })}
          </span>
        </footer>
      )}
    </article>
  );
}
