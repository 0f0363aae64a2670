/** @file Talks to a server that may be away for a while: waits and says so, and gives up in words. */
import { LimpidError, throwIfAborted, type StopSignal } from "../errors.ts";
import { formatDuration } from "../wording/durations.ts";

/** Who is told, and what stops the waiting. */
export interface Listener {
  readonly signal: StopSignal;
  onNote?(note: string): void;
}

/** How long a server may be away, in milliseconds. */
export interface Patience {
  /** Before it has answered once. */
  readonly firstMs: number;
  readonly laterMs: number;
  /** Before it is said. */
  readonly tellMs: number;
}

const usualPatience: Patience = { firstMs: 30_000, laterMs: 600_000, tellMs: 3000 };

/** What it is about an error of a server: that it is away for now, or a reason that will not go. */
type Verdict = "away" | "refuses";

const pauseMs = 500;

/** A server by the name that is told. */
export class PatientServer {
  readonly name: string;
  readonly #where: string;
  readonly #listener: Listener;
  readonly #patience: Patience;
  readonly #verdictOf: (cause: unknown) => Verdict;
  /** The last thing that was heard of it. */
  #fault: unknown;
  #hasAnswered = false;
  #isAway = false;

  constructor(
    { where, name }: { readonly where: string; readonly name: string },
    listener: Listener,
    verdictOf: (cause: unknown) => Verdict,
    patience: Patience = usualPatience,
  ) {
    this.#where = where;
    this.name = name;
    this.#listener = listener;
    this.#verdictOf = verdictOf;
    this.#patience = patience;
  }

  /** Told of faults that nobody waits for. */
  heard(fault: unknown): void {
    this.#fault = fault;
  }

  /**
   * What the server answers; asked again while it is away. Throws `bad-file` where that lasts, `bad-option` where it refuses, and
   * `aborted`.
   */
  async ask<T>(question: () => Promise<T>): Promise<T> {
    const startMs = performance.now();
    for (;;) {
      try {
        const answer = await this.#within(question(), startMs);
        if (this.#isAway) this.#listener.onNote?.(`${this.#where}: ${this.name} answers again`);
        this.#isAway = false;
        this.#hasAnswered = true;
        return answer;
      } catch (cause) {
        if (cause instanceof LimpidError) throw cause;
        if (this.#verdictOf(cause) === "refuses") throw this.#refused(cause);
        this.#fault = cause;
      }
      this.#tell();
      await this.#within(new Promise((resolve) => void setTimeout(resolve, pauseMs)), startMs);
    }
  }

  /** What comes of it, unless it takes too long or the run is to stop. */
  #within<T>(work: Promise<T>, startMs: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setInterval(() => {
        try {
          this.#requirePatience(performance.now() - startMs);
        } catch (cause) {
          clearInterval(timer);
          reject(cause);
        }
      }, 100);
      work.then(resolve, reject).finally(() => clearInterval(timer));
    });
  }

  #requirePatience(ms: number): void {
    throwIfAborted(this.#listener.signal, this.#where);
    const { firstMs, laterMs, tellMs } = this.#patience;
    const mostMs = this.#hasAnswered ? laterMs : firstMs;
    if (ms > tellMs) this.#tell();
    if (ms <= mostMs) return;
    throw new LimpidError(
      "bad-file",
      `${this.#where}: ${this.name} must answer, got ${this.#said()} for ${formatDuration(mostMs)}. start the server, or name another address.`,
      { cause: this.#fault },
    );
  }

  #tell(): void {
    if (this.#isAway) return;
    this.#isAway = true;
    this.#listener.onNote?.(
      `${this.#where}: ${this.name} does not answer (${this.#said()}); waiting`,
    );
  }

  #said(): string {
    return this.#fault === undefined ? "silence" : wordsOfFault(this.#fault);
  }

  #refused(cause: unknown): LimpidError {
    return new LimpidError(
      "bad-option",
      `${this.#where}: ${this.name} must take this run, got a refusal: ${wordsOfFault(cause)}. look at its address, its name and its keys.`,
      { cause },
    );
  }
}

/** A fault in a line: its code, else what it says. */
function wordsOfFault(cause: unknown): string {
  const fault = firstOf(cause);
  const code = codeOf(fault);
  if (/^E[A-Z_]+$/.test(code)) return code;
  const text = fault instanceof Error ? fault.message || fault.name : String(fault);
  return text.split("\n")[0]!.replace(/\.$/, "");
}

/** The system's, the server's or the library's name of an error; "" where it has none. */
export function codeOf(cause: unknown): string {
  const fault = firstOf(cause);
  return fault instanceof Error && "code" in fault ? String(fault.code) : "";
}

/** Names with several addresses fail once for each. */
function firstOf(cause: unknown): unknown {
  return cause instanceof AggregateError && cause.errors.length > 0
    ? (cause.errors[0] as unknown)
    : cause;
}

/** Faults of the network that may go by themselves. */
const passing: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
]);

/** Whether a fault is the network's. */
export function isOfNetwork(cause: unknown): boolean {
  return passing.has(codeOf(cause));
}
