// The small pieces that the interface is built of.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icons";

interface ToolProps {
  icon: IconName;
  label: string;
  /** What is written below the icon, where the name is too long for that: its beginning. */
  short?: string;
  /** Key that does the same, for the tooltip. */
  shortcut?: string;
  onClick: () => void;
  pressed?: boolean;
  /** The tool opens something: whether it is open. */
  expanded?: boolean;
  disabled?: boolean;
  /** Icon only; the label is then its accessible name and tooltip. */
  bare?: boolean;
}

/** A button with an icon, and its name below. */
export function Tool({
  icon,
  label,
  short,
  shortcut,
  onClick,
  pressed,
  expanded,
  disabled,
  bare,
}: ToolProps) {
  return (
    <button
      type="button"
      class={bare ? "tool bare" : "tool"}
      title={shortcut ? `${label} (${shortcut})` : bare ? label : undefined}
      aria-label={bare || short ? label : undefined}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-disabled={disabled || undefined}
      aria-keyshortcuts={shortcut}
      onClick={() => !disabled && onClick()}
    >
      <Icon name={icon} />
      {!bare && <span class="tool-label">{short ?? label}</span>}
    </button>
  );
}

interface ChoiceProps<T extends string> {
  legend: string;
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  onChange: (value: T) => void;
}

/** One of a few: native radio buttons that look like one divided button. */
export function Choice<T extends string>({ legend, value, options, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div class="segments">
        {options.map(([option, label]) => (
          <label key={option} class="segment">
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
      </div>
    </fieldset>
  );
}

interface RangeProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step?: number;
  /** The value in words. */
  text: string;
  onInput: (value: number) => void;
  /** Do not print label and value above the slider. */
  bare?: boolean;
}

export function Range({ label, value, min, max, step = 1, text, onInput, bare }: RangeProps) {
  const input = useRef<HTMLInputElement>(null);
  const filled = max > min ? ((value - min) / (max - min)) * 100 : 0;
  useEffect(() => input.current?.style.setProperty("--filled", `${filled}%`), [filled]);
  return (
    <label class="range">
      <span class={bare ? "range-head unseen" : "range-head"}>
        <span>{label}</span>
        <span class="range-value" aria-hidden="true">
          {text}
        </span>
      </span>
      <input
        ref={input}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={text}
        onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
      />
    </label>
  );
}

interface SwitchProps {
  label: string;
  hint?: string;
  on: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ label, hint, on, onChange }: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span class="switch-track" aria-hidden="true" />
      <span class="switch-label">
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  );
}

/** A line of a menu. */
export function Command(props: {
  icon: IconName;
  onClick: () => void;
  shortcut?: string;
  children: ComponentChildren;
}) {
  return (
    <button type="button" class="command" onClick={props.onClick}>
      <Icon name={props.icon} />
      <span>{props.children}</span>
      {props.shortcut && (
        <span class="kbd" aria-hidden="true">
          {props.shortcut}
        </span>
      )}
    </button>
  );
}

/** The address leads out of the page, and the page does not tell where from. */
export function Outside(props: { href: string; children: ComponentChildren }) {
  return (
    <a href={props.href} target="_blank" rel="noopener noreferrer">
      {props.children}
    </a>
  );
}
