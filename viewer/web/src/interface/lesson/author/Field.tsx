// A line or a paragraph to write in, with its name and how much room is left.
import { useId } from "preact/hooks";

interface Props {
  label: string;
  value: string;
  most: number;
  /** More than one line to see. */
  rows?: number;
  hint?: string;
  onInput: (value: string) => void;
}

export function Field({ label, value, most, rows = 1, hint, onInput }: Props) {
  const id = useId();
  const common = { id, value, maxLength: most, class: "lesson-input" };
  const left = most - value.length;
  return (
    <div class="lesson-field">
      <label for={id}>{label}</label>
      {rows > 1 ? (
        <textarea {...common} rows={rows} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <input {...common} type="text" onInput={(event) => onInput(event.currentTarget.value)} />
      )}
      {(hint || left < 60) && (
        <small>
          {hint} {left < 60 && <span aria-hidden="true">{left}</span>}
        </small>
      )}
    </div>
  );
}
