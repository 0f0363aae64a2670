/** @file Takes job after job until all parts are there: the one loop of a run alone, of runs in a folder, and of workers on a queue. */
import { internalError, LimpidError } from "../../errors.ts";
import type { Claim, Claims, Outcome } from "./claims.ts";
import type { Clock } from "./clock.ts";
import type { PartStore } from "./part-store.ts";

/** What the loop knows of a job. */
export interface LoopJob {
  readonly part: string;
  readonly needs: readonly string[];
}

export interface WorkLoop<J extends LoopJob> {
  /** In an order in which none waits for one behind it. */
  readonly jobs: readonly J[];
  readonly claims: Claims;
  readonly store: PartStore;
  readonly clock: Clock;
  /** The bytes of a job's part; what it needs is in the store. */
  perform(job: J): Promise<Uint8Array>;
  /** Throws `aborted` where the run is to stop. */
  requireGoingOn(): void;
  /** Told of each job whose part is there, whoever did it and when. */
  onThere?(job: J): void;
  /** Told how many jobs others say are left. */
  onLeft?(left: number): void;
}

/** How long a run that has nothing to do waits before it looks again, longer each time. */
const wait = { leastMs: 250, mostMs: 2000 } as const;

/** Parts that are asked for one by one before all are listed. */
const mostAsked = 8;

/**
 * Does what is not done yet and no other run does, and waits for what others do. Returns the jobs whose parts are still missing.
 * Throws `aborted`, and what a job throws that nobody tries again; what was finished stays.
 */
export async function workThrough<J extends LoopJob>(loop: WorkLoop<J>): Promise<readonly J[]> {
  const work = new Looped(loop);
  await work.look();
  const stop = lookingAgain(loop, work);
  try {
    return await throughAll(loop, work);
  } finally {
    stop();
  }
}

/** What others do meanwhile counts for how far all are. Returns what ends it. */
function lookingAgain<J extends LoopJob>(
  { claims: { lookMs }, clock }: WorkLoop<J>,
  work: Looped<J>,
): () => void {
  if (lookMs === undefined) return () => undefined;
  let isLooking = false;
  return clock.every(lookMs, () => {
    if (isLooking) return;
    isLooking = true;
    // One that fails comes again.
    void work
      .look()
      .catch(() => false)
      .finally(() => {
        isLooking = false;
      });
  });
}

async function throughAll<J extends LoopJob>(
  loop: WorkLoop<J>,
  work: Looped<J>,
): Promise<readonly J[]> {
  const { claims, clock } = loop;
  for (let pauseMs: number = wait.leastMs; work.open.size > 0;) {
    loop.requireGoingOn();
    const claim = await claims.claim(() => work.ready());
    if (claim) {
      await work.do(claim);
      pauseMs = wait.leastMs;
    }
    const left = await claims.left();
    if (left !== undefined) loop.onLeft?.(left);
    if (claim) continue;
    if (left === undefined || left === 0) {
      if (await work.look()) continue;
      if (!(await claims.offer([...work.open.keys()]))) break;
    }
    await clock.pause(pauseMs);
    pauseMs = Math.min(2 * pauseMs, wait.mostMs);
  }
  return [...work.open.values()];
}

/** What is there, and what is not. */
class Looped<J extends LoopJob> {
  readonly #loop: WorkLoop<J>;
  readonly #jobs: ReadonlyMap<string, J>;
  readonly #there = new Set<string>();
  /** Jobs without parts, in their order. */
  readonly open: Map<string, J>;

  constructor(loop: WorkLoop<J>) {
    this.#loop = loop;
    this.#jobs = new Map(loop.jobs.map((job) => [job.part, job]));
    this.open = new Map(this.#jobs);
  }

  /** Looks what the store has; whether that is more than was known. */
  async look(): Promise<boolean> {
    const before = this.#there.size;
    for (const part of await this.#loop.store.list()) this.#found(part);
    return this.#there.size > before;
  }

  #found(part: string): void {
    // Jobs may need parts that are not theirs to make.
    this.#there.add(part);
    const job = this.open.get(part);
    if (job && this.open.delete(part)) this.#loop.onThere?.(job);
  }

  *ready(): Generator<string, void> {
    for (const { part, needs } of this.open.values())
      if (this.#lacking(needs) === undefined) yield part;
  }

  #lacking(needs: readonly string[]): string | undefined {
    return needs.find((need) => !this.#there.has(need));
  }

  /** As `#lacking`, after a look into the store. */
  async #lackingStill(needs: readonly string[]): Promise<string | undefined> {
    for (let asked = 0; asked < mostAsked; asked++) {
      const part = this.#lacking(needs);
      if (part === undefined || !(await this.#loop.store.has(part))) return part;
      this.#found(part);
    }
    await this.look();
    return this.#lacking(needs);
  }

  async do(claim: Claim): Promise<void> {
    const { claims, clock } = this.#loop;
    // A claim that cannot be renewed is lost in time: another does the job too, to the same bytes.
    const stop = clock.every(claims.renewMs, () => void claim.renew().catch(() => false));
    let outcome: Outcome = "back";
    try {
      outcome = await this.#outcomeOf(claim.part);
    } finally {
      stop();
      await claim.finish(outcome);
    }
    if (outcome === "done") this.#found(claim.part);
  }

  /** Throws what stops the run: Ctrl-C, and a store that cannot be had. */
  async #outcomeOf(part: string): Promise<Outcome> {
    const { store, perform } = this.#loop;
    const job = this.#jobs.get(part);
    if (!job) throw internalError("workThrough", `a claim of "${part}", which is no job's`);
    if (await store.has(part)) return "done";
    if ((await this.#lackingStill(job.needs)) !== undefined) return "later";
    let bytes: Uint8Array;
    try {
      bytes = await perform(job);
    } catch (failed) {
      if (failed instanceof LimpidError && failed.code === "aborted") throw failed;
      return { failed };
    }
    await store.write(part, bytes);
    return "done";
  }
}
