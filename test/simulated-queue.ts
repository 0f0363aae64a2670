/** @file Hundreds of workers on one queue without a process or a second: the loop of `limpid work` on a clock that is drawn forward. */
import type { Claims, Outcome } from "../src/atlas/jobs/claims.ts";
import type { Clock } from "../src/atlas/jobs/clock.ts";
import type { PartStore } from "../src/atlas/jobs/part-store.ts";
import { workThrough, type LoopJob } from "../src/atlas/jobs/work-loop.ts";

/** A job, and how long it takes a worker of speed 1. */
interface DrawnJob extends LoopJob {
  readonly seconds: number;
}

export interface DrawnWorker {
  /** Of another's; 0.2 takes five times as long. */
  readonly speed: number;
  /** Gone without a word after so many seconds. */
  readonly goneAfter?: number;
}

export interface Simulation {
  readonly jobs: readonly DrawnJob[];
  readonly workers: readonly DrawnWorker[];
  readonly leaseMs: number;
  /** How long the server is busy with one question; it answers one after the other. */
  readonly questionMs: number;
}

export interface Simulated {
  /** Seconds at which parts were there, in order. */
  readonly times: readonly number[];
  /** Jobs that were begun, more than there are where workers were gone. */
  readonly begun: number;
  /** Questions to the queue. */
  readonly questions: number;
}

/** Time that goes on when all that can be done now is done. */
class VirtualClock implements Clock {
  nowMs = 0;
  /** By time, the last first. */
  readonly #due: { readonly atMs: number; readonly work: () => void }[] = [];

  at(atMs: number, work: () => void): void {
    let [low, high] = [0, this.#due.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#due[middle]!.atMs > atMs) low = middle + 1;
      else high = middle;
    }
    this.#due.splice(low, 0, { atMs, work });
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.nowMs + ms, resolve));
  }

  every(ms: number, work: () => void): () => void {
    let isOn = true;
    const beat = () => {
      if (!isOn) return;
      work();
      this.at(this.nowMs + ms, beat);
    };
    this.at(this.nowMs + ms, beat);
    return () => (isOn = false);
  }

  async run(isOver: () => boolean): Promise<void> {
    for (;;) {
      await new Promise((resolve) => void setImmediate(resolve));
      const next = isOver() ? undefined : this.#due.pop();
      if (!next) return;
      this.nowMs = next.atMs;
      next.work();
    }
  }
}

/** First come, first served, with leases; what is not renewed in time goes to the front again. */
class DrawnQueue {
  readonly #clock: VirtualClock;
  readonly #waiting: string[];
  readonly #active = new Map<string, { readonly owner: number; untilMs: number }>();
  readonly #how: Simulation;
  #freeMs = 0;
  questions = 0;
  begun = 0;

  constructor(clock: VirtualClock, how: Simulation) {
    this.#clock = clock;
    this.#how = how;
    this.#waiting = how.jobs.map(({ part }) => part).toReversed();
  }

  /** Waits for the server, which has one thing at a time in hand. */
  async #asked(): Promise<void> {
    const { nowMs } = this.#clock;
    this.questions += 1;
    this.#freeMs = Math.max(this.#freeMs, nowMs) + this.#how.questionMs;
    await this.#clock.pause(this.#freeMs - nowMs);
  }

  #withSilent(): void {
    for (const [part, { untilMs }] of this.#active) {
      if (untilMs > this.#clock.nowMs) continue;
      this.#active.delete(part);
      this.#waiting.push(part);
    }
  }

  claimsOf(owner: number): Claims {
    const { leaseMs } = this.#how;
    const isOwn = (part: string) => this.#active.get(part)?.owner === owner;
    return {
      renewMs: leaseMs / 6,
      claim: async () => {
        await this.#asked();
        if (this.#waiting.length === 0) this.#withSilent();
        const part = this.#waiting.pop();
        if (part === undefined) return undefined;
        this.begun += 1;
        this.#active.set(part, { owner, untilMs: this.#clock.nowMs + leaseMs });
        const renew = async () => {
          await this.#asked();
          if (isOwn(part)) this.#active.get(part)!.untilMs = this.#clock.nowMs + leaseMs;
          return isOwn(part);
        };
        const finish = async (outcome: Outcome) => {
          await this.#asked();
          if (!isOwn(part)) return;
          this.#active.delete(part);
          if (outcome !== "done") this.#waiting.unshift(part);
        };
        return { part, renew, finish };
      },
      left: async () => {
        await this.#asked();
        return this.#waiting.length + this.#active.size;
      },
      offer: async () => false,
    };
  }
}

/** A clock that stands still for who is gone. */
function clockOf(clock: VirtualClock, goneMs: number): Clock {
  const never = () => new Promise<void>(() => undefined);
  return {
    pause: async (ms) => {
      if (clock.nowMs + ms < goneMs) return clock.pause(ms);
      return never();
    },
    every: (ms, work) => clock.every(ms, () => (clock.nowMs < goneMs ? work() : undefined)),
  };
}

/** Runs the very loop of `limpid work` for all workers until all parts are there. */
export async function simulated(how: Simulation): Promise<Simulated> {
  const clock = new VirtualClock();
  const queue = new DrawnQueue(clock, how);
  const there = new Set<string>();
  const times: number[] = [];
  const store: PartStore = {
    list: async () => [...there],
    has: async (part) => there.has(part),
    read: async () => undefined,
    write: async (part) => {
      if (!there.has(part)) times.push(clock.nowMs / 1000);
      there.add(part);
    },
  };
  for (const [i, { speed, goneAfter = Number.POSITIVE_INFINITY }] of how.workers.entries()) {
    const own = clockOf(clock, goneAfter * 1000);
    void workThrough({
      jobs: how.jobs,
      claims: queue.claimsOf(i),
      store,
      clock: own,
      perform: async ({ seconds }) => {
        await own.pause((seconds * 1000) / speed);
        return new Uint8Array();
      },
      requireGoingOn: () => {},
    });
  }
  await clock.run(() => there.size === how.jobs.length);
  return { times, begun: queue.begun, questions: queue.questions };
}
