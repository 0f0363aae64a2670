/** @file Which names of an exported program stand for the same memory, and which nodes its outputs need. */
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

  /** All names of the memory of one. */
  of(name: string): ReadonlySet<string> {
    return this.#groups.get(name) ?? new Set([name]);
  }

  #join(source: string, name: string): void {
    const group = this.#groups.get(source) ?? new Set([source]);
    group.add(name);
    this.#groups.set(source, group);
    this.#groups.set(name, group);
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
  const needed: ExportedNode[] = [];
  for (const node of nodes.toReversed()) {
    const target = targetOf(node);
    const changed = target.kind === "operator" ? changedBy(node, target.changes) : undefined;
    const isRead = node.outputs.flatMap(tensorNames).some((name) => wanted.has(name));
    const isChanged = changed !== undefined && intersects(memory.of(changed), wanted);
    if (!isRead && !isChanged) continue;
    needed.push(node);
    for (const { arg } of node.inputs) for (const name of tensorNames(arg)) wanted.add(name);
  }
  return needed.reverse();
}

function intersects(group: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  for (const name of group) if (wanted.has(name)) return true;
  return false;
}
