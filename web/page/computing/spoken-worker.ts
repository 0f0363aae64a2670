/** @file For tests: a worker that keeps what it hears, and says what a test has it say. */
import type { CallName, FromWorker, ToWorker } from "../../protocol.ts";

type HeardCall = Extract<ToWorker, { readonly call: CallName }>;

export class SpokenWorker extends EventTarget {
  /** The one that was started last. */
  static last: SpokenWorker;
  readonly #calls: HeardCall[] = [];
  readonly #stopped = new Set<number>();

  constructor() {
    super();
    SpokenWorker.last = this;
  }

  postMessage(message: ToWorker): void {
    if ("stop" in message) this.#stopped.add(message.id);
    else this.#calls.push(message);
  }

  terminate(): void {}

  /** Calls of a name, in the order in which they came. */
  calls(name: CallName): readonly HeardCall[] {
    return this.#calls.filter(({ call }) => call === name);
  }

  /** The last of them. Throws where there is none. */
  call(name: CallName): HeardCall {
    const last = this.calls(name).at(-1);
    if (!last) throw new Error(`worker: a call ${name} must have come, got none.`);
    return last;
  }

  isStopped({ id }: HeardCall): boolean {
    return this.#stopped.has(id);
  }

  /** Resolves once the page has heard it. */
  async say(message: FromWorker): Promise<void> {
    this.dispatchEvent(new MessageEvent("message", { data: message }));
    await new Promise((resolve) => {
      setTimeout(resolve, 0);
    });
  }
}
