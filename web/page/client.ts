/** @file The page's end of the line to its worker: calls, stops, and another worker after one dies. */
import type { CallName, Calls, FromWorker, Side, Told, ToldError, ToWorker } from "../protocol.ts";

/** What the worker answers where it cannot do what is asked. */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly code: string;
  /** Files without which a network cannot be opened. */
  readonly missing: readonly string[];

  constructor({ code, message, missing = [] }: ToldError) {
    super(message);
    this.code = code;
    this.missing = missing;
  }
}

interface Waiting {
  readonly call: CallName;
  readonly answer: (value: never) => void;
  readonly fail: (error: CallError) => void;
  readonly tell: ((told: Told) => void) | undefined;
}

/** A call that is under way. */
export interface Call<Answer> {
  readonly answer: Promise<Answer>;
  /** The worker ends it at the next run; its promise is then rejected with the code `aborted`. */
  stop(): void;
}

export class Client {
  #worker: Worker;
  #last = 0;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onRestart: () => void;

  /** `onRestart` is told after a worker died and another has taken its place, with an empty desk. */
  constructor(onRestart: () => void) {
    this.#onRestart = onRestart;
    this.#worker = this.#started();
  }

  get isBusy(): boolean {
    return this.#waiting.size > 0;
  }

  call<Name extends CallName>(
    name: Name,
    asked: Calls[Name]["asked"],
    tell?: (told: Told) => void,
    side: Side = "first",
  ): Call<Calls[Name]["answer"]> {
    const id = ++this.#last;
    const answer = new Promise<Calls[Name]["answer"]>((resolve, reject) => {
      this.#waiting.set(id, { call: name, answer: resolve, fail: reject, tell });
    });
    this.#send({ id, call: name, asked, side });
    return { answer, stop: () => this.#send({ id, stop: true }) };
  }

  /** Stops everything that is under way. */
  stopAll(): void {
    for (const id of this.#waiting.keys()) this.#send({ id, stop: true });
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message, { transfer: [] });
  }

  #started(): Worker {
    const worker = new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#hear(data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#restart(event.message);
    });
    return worker;
  }

  #hear(message: FromWorker): void {
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    if ("told" in message) {
      waiting.tell?.(message.told);
      return;
    }
    this.#waiting.delete(message.id);
    if ("answer" in message) waiting.answer(message.answer as never);
    else waiting.fail(new CallError(message.error));
  }

  #restart(reason: string): void {
    this.#worker.terminate();
    this.#worker = this.#started();
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { fail } of lost) fail(new CallError({ code: "worker", message: reason }));
    this.#onRestart();
  }
}
