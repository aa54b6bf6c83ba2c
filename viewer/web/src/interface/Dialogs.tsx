// The two pages to read: keys and gestures, credits and licences.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Anatomy } from "../atlas/anatomy";
import type { Translate } from "../language/translate";
import { Outside } from "./controls";
import { Icon } from "./icons";
import { KEYS } from "./keys";
import type { Session } from "./session";
import { useSignal } from "./signal";

function Page({
  t,
  title,
  onClose,
  children,
}: {
  t: Translate;
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const box = dialog.current;
    box?.showModal();
    return () => box?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="page"
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="page-body">
        <header>
          <h2>{title}</h2>
          <button type="button" class="card-close" aria-label={t("Close (Esc)")} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

function Help({ t }: { t: Translate }) {
  return (
    <>
      <div class="help-grid">
        {KEYS.map(([group, rows]) => (
          <section key={group}>
            <h3>{t.of(group)}</h3>
            <dl class="keys">
              {rows.map(([keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{/\w\w/.test(key) ? t.of(key) : key}</kbd>
                    ))}
                  </dt>
                  <dd>{t.of(what)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t("Mouse and fingers")}</h3>
          <dl class="keys">
            <div>
              <dt>{t("Drag, one finger")}</dt>
              <dd>{t("Turn")}</dd>
            </div>
            <div>
              <dt>{t("Right drag, two fingers")}</dt>
              <dd>{t("Move sideways")}</dd>
            </div>
            <div>
              <dt>{t("Wheel, pinch")}</dt>
              <dd>{t("Closer, farther")}</dd>
            </div>
            <div>
              <dt>{t("Click, tap")}</dt>
              <dd>{t("Select")}</dd>
            </div>
            <div>
              <dt>{t("Double click")}</dt>
              <dd>{t("Zoom to it")}</dd>
            </div>
          </dl>
        </section>
      </div>
      <p class="aside">
        {t(
          "The list of structures does everything the picture does: what is shown, selected and how see-through it is can be set and heard without seeing or pointing at the picture.",
        )}
      </p>
    </>
  );
}

function Credits({ anatomy }: { anatomy: Anatomy }) {
  return (
    <>
      <p>
        {anatomy.t(
          "Ischia is an open atlas of the pelvis and the deep gluteal region. It teaches; it does not diagnose. Its texts have not been reviewed by a clinician except where a card says so.",
        )}
      </p>
      <h3>{anatomy.t("The geometry on this page")}</h3>
      <p>{anatomy.atlas.title}</p>
      <ul class="credits">
        {Object.entries(anatomy.atlas.sources).map(([key, source]) => (
          <li key={key}>
            <strong>{source.url ? <Outside href={source.url}>{source.title}</Outside> : source.title}</strong>
            <span>{source.creators}</span>
            <span>
              {anatomy.t("Licence:")}{" "}
              {source.license_url ? (
                <Outside href={source.license_url}>{source.license}</Outside>
              ) : (
                source.license
              )}
            </span>
            {source.citation && (
              <span>{anatomy.t("Cite as: {citation}", { citation: source.citation })}</span>
            )}
            {source.notice && <span>{source.notice}</span>}
          </li>
        ))}
      </ul>
      {anatomy.atlas.notes.length > 0 && (
        <>
          <h3>{anatomy.t("What is to be known of this body")}</h3>
          <ul class="notes">
            {anatomy.atlas.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      )}
      <h3>{anatomy.t("Whose work is in it")}</h3>
      <ul class="credits">
        {anatomy.catalogue.credits.map((credit) => (
          <li key={credit.id}>
            <strong>{credit.url ? <Outside href={credit.url}>{credit.name}</Outside> : credit.name}</strong>
            <span>{credit.text}</span>
            <span>
              {anatomy.t("Licence:")} {credit.license}
            </span>
          </li>
        ))}
        <li>
          <strong>{anatomy.t("This page")}</strong>
          <span>
            {anatomy.t(
              "Ischia, BSD-3-Clause; with three.js, three-mesh-bvh, meshoptimizer and Preact, all under the MIT licence.",
            )}
          </span>
        </li>
      </ul>
      <h3>{anatomy.t("Sources of the texts")}</h3>
      <ul class="references">
        {Object.values(anatomy.catalogue.references).map((reference) => (
          <li key={reference.key}>
            {reference.text} {reference.url && <Outside href={reference.url}>{anatomy.t("Open")}</Outside>}
          </li>
        ))}
      </ul>
    </>
  );
}

export function Dialogs({ session }: { session: Session }) {
  const dialog = useSignal(session.dialog);
  if (!dialog) return null;
  const close = () => session.dialog.set(null);
  return dialog === "help" ? (
    <Page t={session.t} title={session.t("Keyboard and gestures")} onClose={close}>
      <Help t={session.t} />
    </Page>
  ) : (
    <Page t={session.t} title={session.t("Credits and licences")} onClose={close}>
      <Credits anatomy={session.anatomy} />
    </Page>
  );
}
