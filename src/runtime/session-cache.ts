/** @file Sessions that are kept for the next run of the same graph, the least recently used of which make room. */
import { valuesRead } from "../graph/edit.ts";
import type { Graph } from "../graph/graph.ts";
import { sizeInBytes } from "../graph/tensor.ts";
import type { Session } from "./runtime.ts";

/** How much is kept; the newest session always is. */
export interface CacheLimits {
  readonly sessions: number;
  /** Of all sessions together, as `estimatedBytes` has it. */
  readonly bytes: number;
}

interface Kept {
  readonly session: Promise<Session>;
  readonly bytes: number;
  users: number;
  /** No longer in the cache; the last user releases it. */
  dismissed: boolean;
}

/** Sessions by graph, identity for identity. */
export class SessionCache {
  readonly #open: (graph: Graph) => Promise<Session>;
  readonly #limits: CacheLimits;
  /** Least recently used first. */
  readonly #kept = new Map<Graph, Kept>();

  constructor(open: (graph: Graph) => Promise<Session>, limits: CacheLimits) {
    this.#open = open;
    this.#limits = limits;
  }

  /** What `work` gives with the graph's session, which stays open at least until `work` is done. */
  async use<T>(graph: Graph, work: (session: Session) => Promise<T>): Promise<T> {
    const kept = this.#kept.get(graph) ?? this.#add(graph);
    this.#kept.delete(graph);
    this.#kept.set(graph, kept);
    kept.users += 1;
    try {
      return await work(await kept.session);
    } finally {
      kept.users -= 1;
      if (kept.dismissed && kept.users === 0) await close(kept);
    }
  }

  /** Releases every session, those in use as soon as they are not. */
  async release(): Promise<void> {
    await Promise.all(Array.from(this.#kept.keys(), (graph) => this.#dismiss(graph)));
  }

  #add(graph: Graph): Kept {
    const bytes = estimatedBytes(graph);
    const session = this.#makeRoom(bytes).then(() => this.#open(graph));
    const kept = { session, bytes, users: 0, dismissed: false };
    session.catch(() => {
      if (this.#kept.get(graph) === kept) this.#kept.delete(graph);
    });
    return kept;
  }

  /** Dismisses at once, and resolves when the memory is free, as many sessions as a new one displaces. */
  async #makeRoom(newBytes: number): Promise<void> {
    const { sessions, bytes } = this.#limits;
    const dismissed: Promise<void>[] = [];
    for (const oldest of this.#kept.keys()) {
      const total = [...this.#kept.values()].reduce((sum, kept) => sum + kept.bytes, newBytes);
      if (this.#kept.size < sessions && total <= bytes) break;
      dismissed.push(this.#dismiss(oldest));
    }
    await Promise.all(dismissed);
  }

  async #dismiss(graph: Graph): Promise<void> {
    const kept = this.#kept.get(graph)!;
    this.#kept.delete(graph);
    kept.dismissed = true;
    if (kept.users === 0) await close(kept);
  }
}

async function close(kept: Kept): Promise<void> {
  const session = await kept.session.catch(() => undefined);
  await session?.release();
}

/** About what a session of the graph holds: its weights, and the values that a run needs at the same time at most. */
export function estimatedBytes(graph: Graph): number {
  let weights = 0;
  for (const value of graph.initializers.values()) weights += sizeInBytes(value);
  return weights + mostLiveBytes(graph);
}

/** A value lives from the node that makes it to the last one that reads it; outputs to the end. */
function mostLiveBytes(graph: Graph): number {
  const lastReader = new Map<string, number>();
  for (const [i, node] of graph.nodes.entries()) {
    for (const name of valuesRead(node)) lastReader.set(name, i);
  }
  const kept = new Set(graph.outputs.map(({ name }) => name));
  const sizeOf = (name: string) => {
    const shape = graph.shapes.get(name);
    return shape && !graph.initializers.has(name) ? sizeInBytes(shape) : 0;
  };
  let live = graph.inputs.reduce((sum, { name }) => sum + sizeOf(name), 0);
  let most = live;
  for (const [i, node] of graph.nodes.entries()) {
    for (const name of node.outputs) live += sizeOf(name);
    most = Math.max(most, live);
    for (const name of new Set([...valuesRead(node), ...node.outputs])) {
      if ((lastReader.get(name) ?? i) === i && !kept.has(name)) live -= sizeOf(name);
    }
  }
  return most;
}
