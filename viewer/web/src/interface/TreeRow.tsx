// One row of the structure tree.
import type { Title } from "../atlas/anatomy";
import type { Hit } from "../atlas/search";
import type { Checked, TreeRow as Row } from "../atlas/tree";
import type { StructureEntry } from "../generated/atlas";
import type { Translate } from "../language/translate";
import { Range } from "./controls";
import { Icon } from "./icons";

interface TreeRowProps {
  t: Translate;
  row: Row;
  title: Title | null;
  found: Hit | null;
  context: string | null;
  kind: StructureEntry["kind"] | null;
  checked: Checked;
  expanded: boolean;
  selected: boolean;
  hovered: boolean;
  focusable: boolean;
  opacity: number;
  slider: boolean;
  /** Still being made: greyed until it is there. */
  growing: boolean;
  onFocus: () => void;
  onHover: () => void;
  onToggle: () => void;
  onSelect: () => void;
  onExpand: () => void;
  onSlider: () => void;
  onOpacity: (value: number) => void;
}

const CHECKED = { all: "true", some: "mixed", none: "false" } as const;

/** The name with what was typed set off. */
function Marked({ text, ranges }: { text: string; ranges: Hit["ranges"] }) {
  const pieces: (string | preact.JSX.Element)[] = [];
  let at = 0;
  for (const [from, to] of ranges) {
    pieces.push(text.slice(at, from), <mark>{text.slice(from, to)}</mark>);
    at = to;
  }
  return (
    <>
      {pieces}
      {text.slice(at)}
    </>
  );
}

function Name({ row, title, found, context }: Pick<TreeRowProps, "row" | "title" | "found" | "context">) {
  const { node } = row;
  if (!title) return <span class="row-name">{node.label}</span>;
  if (node.kind === "side") return <span class="row-name">{title.side}</span>;
  const main = title.side && found ? title.full : title.short;
  const direct = found && found.text.toLowerCase() === main.toLowerCase();
  return (
    <span class="row-name">
      {direct ? <Marked text={main} ranges={found.ranges} /> : main}
      {found && !direct && found.field !== "english" && found.field !== "id" && (
        <small>
          <Marked text={found.text} ranges={found.ranges} />
        </small>
      )}
      {!found && title.secondary && <small class="latin">{title.secondary}</small>}
      {context && <small>{context}</small>}
    </span>
  );
}

export function TreeRow(props: TreeRowProps) {
  const { t, row, title, checked, selected, expanded, opacity } = props;
  const { node } = row;
  const percent = Math.round(opacity * 100);
  const name = title
    ? node.kind === "side"
      ? title.full
      : title.side
        ? title.full
        : title.short
    : (node.label ?? "");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of all its rows
    <div
      role="treeitem"
      class={`row ${node.kind}`}
      data-key={node.key}
      data-name={node.name ?? undefined}
      data-hovered={props.hovered || undefined}
      data-growing={props.growing || undefined}
      aria-disabled={props.growing || undefined}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.setSize}
      aria-expanded={node.children.length ? expanded : undefined}
      aria-checked={node.members.length ? CHECKED[checked] : undefined}
      aria-selected={selected}
      aria-label={
        percent < 100
          ? t("{name}, opacity {percent} %", { name, percent })
          : props.growing
            ? `${name}, ${props.context}`
            : name
      }
      tabIndex={props.focusable ? 0 : -1}
      onFocus={props.onFocus}
      onPointerEnter={props.onHover}
      onClick={(event) => {
        // Only what is not a control of its own.
        if (!(event.target as Element).closest("button, input, .row-slider")) props.onSelect();
      }}
    >
      <div class="row-line" data-level={row.level}>
        <button
          type="button"
          class="row-chevron"
          tabIndex={-1}
          aria-hidden="true"
          data-open={expanded || undefined}
          disabled={!node.children.length}
          onClick={props.onExpand}
        >
          {node.children.length > 0 && <Icon name="chevron" />}
        </button>
        <button
          type="button"
          class="row-check"
          tabIndex={-1}
          aria-hidden="true"
          title={checked === "all" ? t("Hide") : t("Show")}
          data-checked={checked}
          disabled={!node.members.length}
          onClick={props.onToggle}
        >
          <span class="box" />
        </button>
        {props.kind && node.kind === "structure" && <span class="swatch" data-kind={props.kind} />}
        <Name {...props} />
        {node.members.length > 0 && (
          <button
            type="button"
            class="row-opacity"
            tabIndex={-1}
            aria-hidden="true"
            title={t("Opacity")}
            data-changed={percent < 100 || undefined}
            data-open={props.slider || undefined}
            onClick={props.onSlider}
          >
            {percent < 100 ? <span>{percent}%</span> : <Icon name="opacity" />}
          </button>
        )}
      </div>
      {props.slider && (
        <div class="row-slider">
          <Range
            label={t("Opacity of {name}", { name })}
            bare
            value={percent}
            min={0}
            max={100}
            step={5}
            text={`${percent} %`}
            onInput={(value) => props.onOpacity(value / 100)}
          />
        </div>
      )}
    </div>
  );
}
