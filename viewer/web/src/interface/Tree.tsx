// An ARIA tree over the structures: arrows walk, letters jump, space shows or hides, Enter selects.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { splitId } from "../atlas/anatomy";
import { fold } from "../atlas/text";
import { checkedState, type TreeRow as Row, type TreeNode, visibleRows } from "../atlas/tree";
import { visibleIn } from "../scene/actions";
import { ownOpacity } from "../scene/visibility";
import { growthWords } from "./growth";
import type { Session } from "./session";
import { useSignal } from "./signal";
import { TreeRow } from "./TreeRow";

const TYPE_AHEAD_MS = 700;
const OPACITY_STEP = 0.1;

interface TreeProps {
  session: Session;
  nodes: readonly TreeNode[];
  results: boolean;
}

export function Tree({ session, nodes, results }: TreeProps) {
  const { anatomy } = session;
  const scene = useSignal(session.scene);
  const hovered = useSignal(session.hovered);
  const growth = useSignal(session.growth);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(() => new Set(nodes.map((node) => node.key)));
  const [current, setCurrent] = useState<string | null>(null);
  const [slider, setSlider] = useState<string | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", time: 0 });

  const open = useMemo(() => (results ? new Set<string>() : expanded), [results, expanded]);
  const [openResults, setOpenResults] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(
    () => visibleRows(nodes, results ? openResults : open),
    [nodes, results, open, openResults],
  );
  const visible = useMemo(() => visibleIn(scene, anatomy), [scene, anatomy]);
  const here = rows.some((row) => row.node.key === current) ? current : (rows[0]?.node.key ?? null);

  const label = (node: TreeNode) =>
    node.name === null ? (node.label ?? "") : anatomy.title(node.name, scene.names).short;

  // What was selected in the picture comes into view in the tree.
  useEffect(() => {
    if (!scene.selected || results) return;
    const row =
      rows.find(({ node }) => node.name === scene.selected) ??
      rows.find(({ node }) => node.name === splitId(scene.selected ?? "")[0]);
    if (!row) return;
    setCurrent(row.node.key);
    element(row.node.key)?.scrollIntoView({ block: "nearest" });
  }, [scene.selected]);

  const element = (key: string) =>
    [...(root.current?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])].find(
      (el) => el.dataset.key === key,
    );

  function go(row: Row | undefined): void {
    if (!row) return;
    setCurrent(row.node.key);
    const target = element(row.node.key);
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  }

  function expand(keys: readonly string[], on: boolean): void {
    const change = (before: ReadonlySet<string>) => {
      const after = new Set(before);
      for (const key of keys) on ? after.add(key) : after.delete(key);
      return after;
    };
    (results ? setOpenResults : setExpanded)(change);
  }

  function toggle(node: TreeNode): void {
    if (!node.members.length) {
      session.say(
        node.growing
          ? `${label(node)}: ${growthWords(session.growth.value, session.t)}.`
          : session.t("{name} has no geometry of its own in this body.", { name: label(node) }),
      );
      return;
    }
    const all = checkedState(node.members, visible) === "all";
    session.dispatch({ type: all ? "hide" : "show", names: node.names });
  }

  function select(node: TreeNode): void {
    if (node.name === null) expand([node.key], !(results ? openResults : open).has(node.key));
    else session.select(scene.selected === node.name ? null : node.name);
  }

  function typeAhead(letter: string, from: number): void {
    const now = performance.now();
    const goesOn = now - typed.current.time < TYPE_AHEAD_MS;
    typed.current = { text: goesOn ? typed.current.text + letter : letter, time: now };
    const wanted = fold(typed.current.text);
    const start = goesOn ? from : from + 1;
    const order = [...rows.slice(start), ...rows.slice(0, start)];
    go(order.find(({ node }) => fold(label(node)).startsWith(wanted)));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target instanceof HTMLInputElement) {
      // The opacity slider of a row has its own arrows.
      if (event.key === "Escape") {
        event.stopPropagation();
        setSlider(null);
        if (here) element(here)?.focus();
      }
      return;
    }
    const at = rows.findIndex((row) => row.node.key === here);
    const row = rows[at];
    if (!row) return;
    const { node } = row;
    const isOpen = (results ? openResults : open).has(node.key);
    const opacityBy = (step: number) => {
      const first = anatomy.entries.find((entry) => entry.id === node.members[0]);
      if (!first) return;
      const value = Math.min(1, Math.max(0, ownOpacity(scene, first, anatomy.annotated) + step));
      session.dispatch(
        { type: "opacity", names: node.names, value: Math.round(value * 100) / 100 },
        `opacity ${node.key}`,
      );
      session.say(session.t("Opacity {percent} %", { percent: Math.round(value * 100) }));
    };
    switch (event.key) {
      case "ArrowDown":
        go(rows[at + 1]);
        break;
      case "ArrowUp":
        if (at === 0) return;
        go(rows[at - 1]);
        break;
      case "ArrowRight":
        if (event.shiftKey) opacityBy(OPACITY_STEP);
        else if (node.children.length && !isOpen) expand([node.key], true);
        else if (node.children.length) go(rows[at + 1]);
        break;
      case "ArrowLeft":
        if (event.shiftKey) opacityBy(-OPACITY_STEP);
        else if (node.children.length && isOpen) expand([node.key], false);
        else go(rows.find((other) => other.node.key === row.parent));
        break;
      case "Home":
        go(rows[0]);
        break;
      case "End":
        go(rows[rows.length - 1]);
        break;
      case "*":
        expand(
          rows.filter((other) => other.parent === row.parent).map((other) => other.node.key),
          true,
        );
        break;
      case " ":
        toggle(node);
        break;
      case "Enter":
        select(node);
        break;
      default:
        if (event.key.length !== 1 || !/[\p{L}\p{N}]/u.test(event.key)) return;
        typeAhead(event.key, at);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div
      ref={root}
      role="tree"
      aria-label={results ? session.t("Structures found") : session.t("Structures")}
      class="tree"
      onKeyDown={onKeyDown}
      onPointerLeave={() => session.hovered.set(null)}
    >
      {rows.map((row) => {
        const { node } = row;
        const first = anatomy.entries.find((entry) => entry.id === node.members[0]);
        const isOpen = (results ? openResults : open).has(node.key);
        return (
          <TreeRow
            key={node.key}
            t={session.t}
            row={row}
            title={node.name === null ? null : anatomy.title(node.name, scene.names)}
            found={node.hit}
            context={
              node.growing
                ? growthWords(growth, session.t)
                : results && row.level === 1
                  ? context(node, session)
                  : madeWords(node, session)
            }
            growing={node.growing === true && !node.members.length}
            kind={first ? (anatomy.entry(first.id)?.kind ?? null) : null}
            checked={checkedState(node.members, visible)}
            expanded={isOpen}
            selected={node.name !== null && scene.selected === node.name}
            hovered={
              hovered !== null &&
              node.name !== null &&
              (node.name === hovered || (!isOpen && node.members.includes(hovered)))
            }
            focusable={node.key === here}
            opacity={first ? ownOpacity(scene, first, anatomy.annotated) : 1}
            slider={slider === node.key}
            onFocus={() => setCurrent(node.key)}
            onHover={() => session.hovered.set(node.name)}
            onToggle={() => toggle(node)}
            onSelect={() => select(node)}
            onExpand={() => expand([node.key], !(results ? openResults : open).has(node.key))}
            onSlider={() => setSlider(slider === node.key ? null : node.key)}
            onOpacity={(value) =>
              session.dispatch({ type: "opacity", names: node.names, value }, `opacity ${node.key}`)
            }
          />
        );
      })}
    </div>
  );
}

/** On a body that came as meshes: what of it did not come so. */
function madeWords(node: TreeNode, { anatomy, t }: Session): string | null {
  const made = node.kind === "structure" && anatomy.loaded && anatomy.entry(node.members[0] ?? "")?.made;
  return made === "modelled" ? t("modelled") : made === "cut" ? t("cut from its mesh") : null;
}

/** Where a found structure belongs, and if this body has it at all. */
function context(node: TreeNode, { anatomy, t }: Session): string {
  const annotation = node.name ? anatomy.annotation(node.name) : undefined;
  const group = anatomy.catalogue.groups.find(({ id }) => id === annotation?.group)?.name ?? "";
  if (node.members.length) return group;
  return annotation?.part_of
    ? t("Part of: {name}", { name: t.within(anatomy.title(annotation.part_of, "english").short) })
    : `${group} · ${t("not in this body")}`;
}
