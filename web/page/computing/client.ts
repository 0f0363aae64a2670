/** @file The page's end of the line to its worker: calls, stops, and another worker after one dies. */
import type {
  CallName,
  Calls,
  FromWorker,
  Side,
  Told,
  ToldError,
  ToWorker,
} from "../../protocol.ts";
import { lackingOf, type Lacking } from "./lacking.ts";
import type { RuntimeBuild } from "../../processor-protocol.ts";

/** What the worker answers where it cannot do what is asked. */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly code: string;
  /** Files without which a network cannot be opened. */
  readonly missing: readonly string[];
  /** What of the page itself could not be fetched. */
  readonly lacking: Lacking | undefined;

  constructor({ code, message, missing = [] }: ToldError, lacking?: Lacking) {
    super(message);
    this.code = code;
    this.missing = missing;
    this.lacking = lacking;
  }
}

/** Why another worker took the place of one: it died, the graphics card was gone, memory was short. */
export type Death = "died" | "card" | "memory";

/** A worker that is no more, and what it was at. */
export interface Lost {
  readonly death: Death;
  readonly call: CallName | undefined;
}

interface Waiting {
  readonly call: CallName;
  /** Of the page itself, where a part of it is missing. */
  readonly lacking: Lacking | undefined;
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
  /** Whether the worker has said a word: one that dies before does not start here, however often one tries. */
  #hasSpoken = false;
  /** Of ONNX Runtime, which this visit has loaded; one that takes the place of another loads no other. */
  build: RuntimeBuild | undefined;
  /** How many workers there were. */
  life = 0;
  #last = 0;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onRestart: (lost: Lost) => void;

  /** `onRestart` is told after another worker has taken the place of one, with an empty desk. */
  constructor(onRestart: (lost: Lost) => void) {
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
      const lacking = lackingOf(name, asked);
      this.#waiting.set(id, { call: name, lacking, answer: resolve, fail: reject, tell });
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
    this.life += 1;
    const name = `limpid ${crypto.getRandomValues(new Uint32Array(2)).join(" ")} ${this.build ?? ""}`;
    const worker = new Worker(new URL("../../worker/worker.ts", import.meta.url), {
      type: "module",
      name,
    });
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      if (worker === this.#worker) this.#hear(data, name);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#dead(event.message);
    });
    return worker;
  }

  #hear(message: FromWorker, name: string): void {
    if ("ready" in message) {
      this.#hasSpoken = true;
      void this.#watch(name);
      return;
    }
    if ("lost" in message) {
      this.#replace(message.lost, "");
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    if ("told" in message) {
      waiting.tell?.(message.told);
      return;
    }
    this.#waiting.delete(message.id);
    if ("answer" in message) {
      waiting.answer(message.answer as never);
      return;
    }
    const { error } = message;
    waiting.fail(new CallError(error, error.code === "code" ? waiting.lacking : undefined));
    // WebAssembly gives no memory back, and after a fall it answers nothing any more.
    if (error.code === "memory") this.#replace("memory", "", waiting.call);
    if (error.code === "broken") this.#replace("died", error.message, waiting.call);
  }

  /** Whoever gets the worker's lock knows that it lives no more; ends that raise no error are told by nothing else. */
  async #watch(name: string): Promise<void> {
    const { locks } = navigator as { readonly locks?: LockManager };
    const worker = this.#worker;
    await locks?.request(name, () => {
      if (worker === this.#worker) this.#dead("");
    });
  }

  #dead(reason: string): void {
    if (this.#hasSpoken) this.#replace("died", reason);
    else this.#failAll("not-started", reason);
  }

  #replace(death: Death, reason: string, call = [...this.#waiting.values()][0]?.call): void {
    this.#worker.terminate();
    this.#hasSpoken = false;
    this.#worker = this.#started();
    this.#failAll(death === "card" ? "card" : "worker", reason);
    this.#onRestart({ death, call });
  }

  #failAll(code: string, reason: string): void {
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { fail } of lost) fail(new CallError({ code, message: reason }));
  }
}
