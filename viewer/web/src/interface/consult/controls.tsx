// Large pieces that a client can press.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Safe } from "../../language/Safe";
import type { Translate } from "../../language/translate";
import { Icon, type IconName } from "../icons";
import type { Session } from "../session";
import { FlagList } from "./FlagList";
import { reviewWords, type TriggerPoint } from "./wording";

interface BigProps {
  onClick: () => void;
  primary?: boolean;
  pressed?: boolean;
  disabled?: boolean;
  icon?: IconName;
  class?: string;
  children: ComponentChildren;
}

/** A button for a thumb. */
export function Big({ onClick, primary, pressed, disabled, icon, class: more = "", children }: BigProps) {
  return (
    <button
      type="button"
      class={`big ${primary ? "big-primary" : ""} ${more}`.trim()}
      aria-pressed={pressed}
      aria-disabled={disabled || undefined}
      onClick={() => !disabled && onClick()}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface PairProps<T extends string> {
  legend: string;
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  onChange: (value: T) => void;
}

/** One of two or three, large: native radio buttons. */
export function Pair<T extends string>({ legend, value, options, onChange }: PairProps<T>) {
  const name = useId();
  return (
    <fieldset class="pair">
      <legend class="unseen">{legend}</legend>
      {options.map(([option, label]) => (
        <label key={option}>
          <input
            type="radio"
            name={name}
            value={option}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Always in sight: whether a clinician has read this, and the warning signs, one press away. */
export function Watchful({
  session,
  point,
  onNew,
}: {
  session: Session;
  point: TriggerPoint | null;
  onNew: () => void;
}) {
  const [open, setOpen] = useState(false);
  const { safety } = session.anatomy.catalogue;
  return (
    <div class="consult-watchful">
      <Big icon="info" onClick={() => setOpen(true)}>
        {session.t("Warning signs")}
      </Big>
      <Big class="consult-new" onClick={onNew}>
        {session.t("New client")}
      </Big>
      <p>
        <Safe
          t={session.t}
          text={reviewWords(session.t, safety.reviewed_by, ...(point ? [point.reviewed_by] : []))}
        />{" "}
        <Safe t={session.t} text={session.t.safe("For learning, not a diagnosis.")} />
      </p>
      {open && (
        <Page t={session.t} title={session.t("Warning signs")} onClose={() => setOpen(false)}>
          <FlagList t={session.t} safety={safety} />
        </Page>
      )}
    </div>
  );
}

/** Something to read over everything else. */
export function Page(props: {
  t: Translate;
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      class="page consult-page"
      aria-label={props.title}
      onClose={props.onClose}
      onClick={(event) => event.target === box.current && props.onClose()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div class="page-body">
        <h2>{props.title}</h2>
        {props.children}
        <Big primary onClick={props.onClose}>
          {props.t("Close")}
        </Big>
      </div>
    </dialog>
  );
}
