/** @file Sessions that are kept for the next run of the same graph, the least recently used of which make room. */
import type { Graph } from "../graph/graph.ts";
import { estimatedBytes } from "../graph/limits/run-memory.ts";
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

  /** Releases what does not fit beside a session of the graph that somebody else holds. */
  makeRoomFor(graph: Graph): Promise<void> {
    return this.#makeRoom(estimatedBytes(graph), this.#limits.sessions);
  }

  /** Releases every session, those in use as soon as they are not. */
  async release(): Promise<void> {
    await Promise.all(Array.from(this.#kept.keys(), (graph) => this.#dismiss(graph)));
  }

  #add(graph: Graph): Kept {
    const bytes = estimatedBytes(graph);
    const session = this.#makeRoom(bytes, this.#limits.sessions - 1).then(() => this.#open(graph));
    const kept = { session, bytes, users: 0, dismissed: false };
    session.catch(() => {
      if (this.#kept.get(graph) === kept) this.#kept.delete(graph);
    });
    return kept;
  }

  /** Dismisses at once, and resolves when the memory is free, what does not fit beside so many bytes, or is one session too many. */
  async #makeRoom(newBytes: number, most: number): Promise<void> {
    const { bytes } = this.#limits;
    const dismissed: Promise<void>[] = [];
    for (const oldest of this.#kept.keys()) {
      const total = [...this.#kept.values()].reduce((sum, kept) => sum + kept.bytes, newBytes);
      if (this.#kept.size <= most && total <= bytes) break;
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
