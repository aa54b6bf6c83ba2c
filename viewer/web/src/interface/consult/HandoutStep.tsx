// What the client takes home: seen as it will be, then saved or printed; made here, sent nowhere.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Session } from "../session";
import { useSignal } from "../signal";
import { Big, Pair } from "./controls";
import { compose } from "./handout/compose";
import { HandoutPage } from "./handout/HandoutPage";
import { canWrite } from "./handout/letters";
import type { Handout, HandoutPicture, Paper } from "./handout/model";
import { shotsOf, takePictures } from "./handout/pictures";
import { readyToPrint } from "./handout/print";
import { shownScene } from "./showing";
import { type Consulting, consultOf } from "./state";
import { type BallId, ballsFor } from "./wording";

export function HandoutStep({ session }: { session: Session }) {
  const consult = consultOf(session);
  const name = useSignal(consult.name);
  const dated = useSignal(consult.dated);
  const paper = useSignal(consult.paper);
  const flags = useSignal(consult.flags);
  const { handout, whole } = useHandout(session, consult);
  const [busy, setBusy] = useState(false);

  useEffect(() => (handout ? readyToPrint(handout, paper) : undefined), [handout, paper]);

  async function save() {
    if (!handout || busy) return;
    setBusy(true);
    try {
      const { makePdf } = await session.parts.load("handout");
      offer(makePdf(handout, paper));
      session.say(session.t("The handout is saved."));
    } catch (error) {
      session.notice.set({
        text: `${session.t("The handout could not be made.")} ${(error as Error).message}`,
        tone: "error",
      });
    }
    setBusy(false);
  }

  return (
    <>
      {flags === "open" && (
        <div class="consult-note">
          <p>
            {session.t("The part about the ball is left out until the warning signs have been gone through.")}
          </p>
          <Big onClick={() => consult.step.set("ball")}>{session.t("Go through them")}</Big>
        </div>
      )}
      <div class="consult-answer">
        <Big primary disabled={!whole || busy || !canWrite(handout?.title ?? "")} onClick={() => void save()}>
          {session.t("Save as PDF")}
        </Big>
        <Big disabled={!whole} onClick={() => window.print()}>
          {session.t("Print")}
        </Big>
      </div>
      <label class="consult-field">
        <span>
          {session.t("Name")} <small>{session.t("only on the paper; kept nowhere")}</small>
        </span>
        <input
          type="text"
          value={name}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => consult.name.set(event.currentTarget.value)}
        />
      </label>
      {handout && !canWrite(`${handout.title}${name}`) && (
        <p class="consult-note">
          {session.t("A PDF made here lacks some of these letters. Printing keeps them all.")}
        </p>
      )}
      <label class="consult-check">
        <input
          type="checkbox"
          checked={dated}
          onChange={(event) => consult.dated.set(event.currentTarget.checked)}
        />
        <span>{session.t("With today’s date")}</span>
      </label>
      <Pair<Paper>
        legend={session.t("Paper")}
        value={paper}
        options={[
          ["a4", "A4"],
          ["letter", session.t("Letter")],
        ]}
        onChange={(value) => consult.paper.set(value)}
      />
      {!whole && <p role="status">{session.t("The pictures are being taken …")}</p>}
      {handout && <HandoutPage handout={handout} />}
    </>
  );
}

/** The handout as it stands now, and whether its pictures are in it. */
function useHandout(session: Session, consult: Consulting): { handout: Handout | null; whole: boolean } {
  const id = useSignal(consult.point);
  const side = useSignal(consult.side);
  const ball = useSignal(consult.ball);
  const flags = useSignal(consult.flags);
  const name = useSignal(consult.name);
  const dated = useSignal(consult.dated);
  const marks = useSignal(session.marking.marks);
  const [pictures, setPictures] = useState<readonly HandoutPicture[] | null>(null);
  const { chosen } = consult;
  const document = marks.state === "ready" ? marks.document : null;
  const balls = chosen ? ballsFor(chosen, document?.points[chosen.id]?.[side]) : [];
  const fitting = ball && balls.includes(ball) ? ball : (balls[0] ?? null);
  const speaks = flags === "none" ? fitting : null;

  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    setPictures(null);
    if (!chosen) return;
    const name = session.anatomy.catalogue.safety.balls.find((one) => one.id === speaks)?.name ?? "";
    const show = (shown: BallId | null) => {
      const fields = { step: "handout", point: chosen, side, beneath: false, ball: shown } as const;
      session.overlay.set(shownScene(fields, session.anatomy));
      session.marking.ballZone.set(shown !== null);
    };
    takePictures(session, chosen, side, shotsOf(chosen, speaks, name, session.t), show, signal).then(
      (taken) => signal.aborted || setPictures(taken),
      () => signal.aborted || setPictures([]),
    );
    return () => {
      leaving.abort();
      session.marking.ballZone.set(false);
    };
  }, [chosen, side, speaks, marks.state]);

  const anatomy = useSignal(session.body);
  const handout = useMemo(() => {
    if (!chosen || !id) return null;
    const { catalogue, atlas, t } = anatomy;
    return compose({
      t,
      catalogue,
      sources: atlas.sources,
      point: chosen,
      side,
      flags,
      balls: ballsFor(chosen, document?.points[id]?.[side]),
      pictures: pictures ?? [],
      name,
      date: dated ? today(t.code) : "",
    });
  }, [chosen, id, side, flags, pictures, name, dated, document, anatomy]);
  return { handout, whole: pictures !== null };
}

const today = (language: string) =>
  new Intl.DateTimeFormat(language, { dateStyle: "long" }).format(new Date());

/** Gives the file to the browser to keep; its name says nothing of whom it is for. */
function offer(bytes: ArrayBuffer): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/pdf" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "handout.pdf";
  link.click();
  // The browser has taken the bytes by the time the click has been dealt with.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
