// The two pages to read: keys and gestures, credits and licences.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Anatomy } from "../atlas/anatomy";
import { Outside } from "./controls";
import { Icon } from "./icons";
import { KEYS } from "./keys";
import type { Session } from "./session";
import { useSignal } from "./signal";

function Page({
  title,
  onClose,
  children,
}: {
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
          <button type="button" class="card-close" aria-label="Close (Esc)" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}

function Help() {
  return (
    <>
      <div class="help-grid">
        {KEYS.map(([group, rows]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl class="keys">
              {rows.map(([keys, what]) => (
                <div key={what}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>Mouse and fingers</h3>
          <dl class="keys">
            <div>
              <dt>Drag, one finger</dt>
              <dd>Turn</dd>
            </div>
            <div>
              <dt>Right drag, two fingers</dt>
              <dd>Move sideways</dd>
            </div>
            <div>
              <dt>Wheel, pinch</dt>
              <dd>Closer, farther</dd>
            </div>
            <div>
              <dt>Click, tap</dt>
              <dd>Select</dd>
            </div>
            <div>
              <dt>Double click</dt>
              <dd>Zoom to it</dd>
            </div>
          </dl>
        </section>
      </div>
      <p class="aside">
        The list of structures does everything the picture does: what is shown, selected and how see-through
        it is can be set and heard without seeing or pointing at the picture.
      </p>
    </>
  );
}

function Credits({ anatomy }: { anatomy: Anatomy }) {
  return (
    <>
      <p>
        Ischia is an open atlas of the pelvis and the deep gluteal region. It teaches; it does not diagnose.
        Its texts have not been reviewed by a clinician except where a card says so.
      </p>
      <h3>The geometry on this page</h3>
      <p>{anatomy.atlas.title}</p>
      <ul class="credits">
        {Object.entries(anatomy.atlas.sources).map(([key, source]) => (
          <li key={key}>
            <strong>{source.url ? <Outside href={source.url}>{source.title}</Outside> : source.title}</strong>
            <span>{source.creators}</span>
            <span>
              Licence:{" "}
              {source.license_url ? (
                <Outside href={source.license_url}>{source.license}</Outside>
              ) : (
                source.license
              )}
            </span>
            {source.citation && <span>Cite as: {source.citation}</span>}
            {source.notice && <span>{source.notice}</span>}
          </li>
        ))}
      </ul>
      <h3>Whose work is in it</h3>
      <ul class="credits">
        {anatomy.catalogue.credits.map((credit) => (
          <li key={credit.id}>
            <strong>{credit.url ? <Outside href={credit.url}>{credit.name}</Outside> : credit.name}</strong>
            <span>{credit.text}</span>
            <span>Licence: {credit.license}</span>
          </li>
        ))}
        <li>
          <strong>This page</strong>
          <span>
            Ischia, BSD-3-Clause; with three.js, three-mesh-bvh, meshoptimizer and Preact, all under the MIT
            licence.
          </span>
        </li>
      </ul>
      <h3>Sources of the texts</h3>
      <ul class="references">
        {Object.values(anatomy.catalogue.references).map((reference) => (
          <li key={reference.key}>
            {reference.text} {reference.url && <Outside href={reference.url}>Open</Outside>}
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
    <Page title="Keyboard and gestures" onClose={close}>
      <Help />
    </Page>
  ) : (
    <Page title="Credits and licences" onClose={close}>
      <Credits anatomy={session.anatomy} />
    </Page>
  );
}
