/** @file Which names of an exported program stand for the same memory, and which nodes its outputs need. */
import type { Value } from "../../graph/builder.ts";
import { entryOf, nameIn } from "./call.ts";
import type { ExportedNode } from "./schema.ts";
import { isView, targetOf } from "./target.ts";

/** Names of the tensors in an argument or output. */
export function tensorNames(argument: unknown): readonly string[] {
  const [kind, value] = entryOf(argument) ?? [];
  if (kind === "as_tensor") return [nameIn(value) ?? []].flat();
  if (kind === "as_optional_tensor") return tensorNames(value);
  if (kind === "as_tensors" || kind === "as_optional_tensors") {
    if (!Array.isArray(value)) return [];
    return value.flatMap((item: unknown) => nameIn(item) ?? tensorNames(item));
  }
  return [];
}

/** Names that share their memory: views, and what is changed in place. */
export class SharedMemory {
  readonly #groups = new Map<string, Set<string>>();

  constructor(nodes: readonly ExportedNode[]) {
    for (const node of nodes) {
      const target = targetOf(node);
      if (target.kind !== "operator") continue;
      const source = sourceOf(node, target);
      if (source === undefined) continue;
      for (const output of node.outputs.flatMap(tensorNames)) this.#join(source, output);
    }
  }

  /** All names of the memory of one: the same object for each of them. */
  of(name: string): ReadonlySet<string> {
    const group = this.#groups.get(name) ?? new Set([name]);
    this.#groups.set(name, group);
    return group;
  }

  #join(source: string, name: string): void {
    const group = this.#groups.get(source) ?? new Set([source]);
    group.add(name);
    this.#groups.set(source, group);
    this.#groups.set(name, group);
  }
}

/** A value that names of the same memory share; none once the memory was changed through another view. */
interface Place {
  value: Value | undefined;
}

/** What names stand for while a program is gone through. */
export class NamedValues {
  readonly #memory: SharedMemory;
  readonly #places = new Map<string, Place>();
  /** Places of each memory that have a value, by its name. */
  readonly #current = new Map<ReadonlySet<string>, Map<string, Place>>();

  constructor(memory: SharedMemory) {
    this.#memory = memory;
  }

  /** "stale" for a name whose memory was changed in place through a view of it. */
  get(name: string): Value | "stale" | undefined {
    const place = this.#places.get(name);
    return place ? (place.value ?? "stale") : undefined;
  }

  set(name: string, value: Value): void {
    const current = this.#currentOf(name);
    const place = current.get(value.name) ?? { value };
    current.set(value.name, place);
    this.#places.set(name, place);
  }

  /** All names of a value that is changed in place have the new one; other views of its memory are stale. */
  change(name: string, value: Value): void {
    const changed = this.#places.get(name);
    const current = this.#currentOf(name);
    for (const place of current.values()) place.value = undefined;
    current.clear();
    if (!changed) return;
    changed.value = value;
    current.set(value.name, changed);
  }

  #currentOf(name: string): Map<string, Place> {
    const group = this.#memory.of(name);
    const known = this.#current.get(group) ?? new Map<string, Place>();
    this.#current.set(group, known);
    return known;
  }
}

/** The tensor whose memory a node's outputs are. */
function sourceOf(
  node: ExportedNode,
  target: { readonly operator: string; readonly changes?: string },
): string | undefined {
  const changed = changedBy(node, target.changes);
  if (changed !== undefined) return changed;
  return isView(target.operator) ? tensorNames(node.inputs[0]?.arg)[0] : undefined;
}

/** The tensor that a node changes in place. */
export function changedBy(node: ExportedNode, changes: string | undefined): string | undefined {
  if (changes === undefined) return undefined;
  return tensorNames(node.inputs.find(({ name }) => name === changes)?.arg)[0];
}

/** The nodes that some values need, in their order: changes in place of memory that is read later are among them. */
export function neededNodes(
  nodes: readonly ExportedNode[],
  memory: SharedMemory,
  outputs: readonly string[],
): readonly ExportedNode[] {
  const wanted = new Set(outputs);
  const wantedMemory = new Set(outputs.map((name) => memory.of(name)));
  const needed: ExportedNode[] = [];
  for (const node of nodes.toReversed()) {
    const target = targetOf(node);
    const changed = target.kind === "operator" ? changedBy(node, target.changes) : undefined;
    const isRead = node.outputs.flatMap(tensorNames).some((name) => wanted.has(name));
    const isChanged = changed !== undefined && wantedMemory.has(memory.of(changed));
    if (!isRead && !isChanged) continue;
    needed.push(node);
    for (const name of node.inputs.flatMap(({ arg }) => tensorNames(arg))) {
      wanted.add(name);
      wantedMemory.add(memory.of(name));
    }
  }
  return needed.reverse();
}
