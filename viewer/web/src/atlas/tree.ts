// The structure tree: groups, the structures in them, what is part of what, and the two sides.
import type { Anatomy, Side } from "./anatomy";
import type { Hit } from "./search";
import { words } from "./text";

export interface TreeNode {
  /** Unique in the tree. */
  readonly key: string;
  readonly kind: "group" | "structure" | "side";
  /** Name for the scene: `piriformis` (both sides), `piriformis.right`; a group has none. */
  readonly name: string | null;
  /** A group's name; structures take theirs from the anatomy, in the language that is wanted. */
  readonly label: string | null;
  /** Names of the scene that this row switches: its own, or those of a group's members. */
  readonly names: readonly string[];
  /** Sided ids of the atlas that are below this node. */
  readonly members: readonly string[];
  readonly children: readonly TreeNode[];
  readonly side: Side | null;
  /** Why it was found, if it is the result of a search. */
  readonly hit: Hit | null;
  /** Still being made: it comes later. */
  readonly growing?: boolean;
}

const SIDES: readonly Side[] = ["right", "left"];

function sideNodes(name: string, prefix: string, anatomy: Anatomy): TreeNode[] {
  return SIDES.filter((side) => anatomy.entry(`${name}.${side}`)).map((side) => ({
    key: `${prefix}/${name}.${side}`,
    kind: "side",
    name: `${name}.${side}`,
    label: null,
    names: [`${name}.${side}`],
    members: [`${name}.${side}`],
    children: [],
    side,
    hit: null,
  }));
}

function structureNode(name: string, prefix: string, anatomy: Anatomy, hit: Hit | null = null): TreeNode {
  const parts = Object.values(anatomy.catalogue.structures)
    .filter(
      (other) =>
        other.part_of === name && (anatomy.membersOf(other.id).length || anatomy.isGrowing(other.id)),
    )
    .map((other) => structureNode(other.id, `${prefix}/${name}`, anatomy));
  const sided = hit?.side ? `${name}.${hit.side}` : name;
  const scene = anatomy.membersOf(sided).length ? sided : name;
  return {
    key: `${prefix}/${scene}`,
    kind: "structure",
    name: scene,
    label: null,
    names: [scene],
    members: anatomy.membersOf(scene),
    children: scene === name ? [...sideNodes(name, `${prefix}/${name}`, anatomy), ...parts] : [],
    side: scene === name ? null : (hit?.side ?? null),
    hit,
    growing: anatomy.isGrowing(name),
  };
}

/** The whole tree, in the catalogue's order; structures that the catalogue does not know come last. */
export function structureTree(anatomy: Anatomy): TreeNode[] {
  const known = Object.values(anatomy.catalogue.structures);
  const inTree = (id: string) => anatomy.membersOf(id).length > 0 || anatomy.isGrowing(id);
  const groups = anatomy.catalogue.groups.map((group) => {
    const children = known
      .filter((s) => s.group === group.id && inTree(s.id) && !(s.part_of && inTree(s.part_of)))
      .map((s) => structureNode(s.id, group.id, anatomy));
    return { group, children };
  });
  const strangers = [...new Set(anatomy.entries.map((entry) => entry.structure))].filter(
    (structure) => !anatomy.catalogue.structures[structure],
  );
  if (strangers.length)
    groups.push({
      group: { id: "other", name: anatomy.t("Other") },
      children: strangers.map((structure) => structureNode(structure, "other", anatomy)),
    });
  return groups
    .filter(({ children }) => children.length)
    .map(({ group, children }) => ({
      key: group.id,
      kind: "group",
      name: null,
      label: group.name || words(group.id),
      names: children.flatMap((child) => child.names),
      members: [...new Set(children.flatMap((child) => child.members))],
      children,
      side: null,
      hit: null,
    }));
}

/** The results of a search as a flat tree, the best first. */
export function resultTree(hits: readonly Hit[], anatomy: Anatomy): TreeNode[] {
  return hits.map((hit) => structureNode(hit.id, "found", anatomy, hit));
}

export type Checked = "all" | "some" | "none";

/** State of a row's check box: how much of what is below it is in sight. */
export function checkedState(members: readonly string[], visible: ReadonlySet<string>): Checked {
  const seen = members.filter((id) => visible.has(id)).length;
  return seen === 0 ? "none" : seen === members.length ? "all" : "some";
}

export interface TreeRow {
  readonly node: TreeNode;
  readonly level: number;
  readonly position: number;
  readonly setSize: number;
  readonly parent: string | null;
}

/** The rows that stand on screen: nodes whose parents are all expanded. */
export function visibleRows(
  nodes: readonly TreeNode[],
  expanded: ReadonlySet<string>,
  level = 1,
  parent: string | null = null,
): TreeRow[] {
  return nodes.flatMap((node, i) => [
    { node, level, position: i + 1, setSize: nodes.length, parent },
    ...(expanded.has(node.key) ? visibleRows(node.children, expanded, level + 1, node.key) : []),
  ]);
}
