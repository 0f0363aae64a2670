/** @file What is measured once nobody waits for anything: where to compute, and the spine's numbers. */
import type { Call } from "./client.ts";
import type { Deaths } from "./deaths.ts";
import { learnMethods } from "./known-methods.ts";
import { comparePreparations } from "./preparations.ts";
import type { Processor } from "./processor.ts";
import type { Store } from "./store.ts";

/** So long nothing is asked before. */
const idleMs = 400;

export class IdleMeasures {
  readonly #store: Store;
  readonly #processor: Processor;
  readonly #deaths: Deaths;
  #call: Call<unknown> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(store: Store, processor: Processor, deaths: Deaths) {
    this.#store = store;
    this.#processor = processor;
    this.#deaths = deaths;
  }

  /** What nobody waits for ends. */
  makeRoom(): void {
    this.#call?.stop();
    this.#processor.makeRoom();
  }

  /** A card is compared, and the spine's numbers are taken, once nobody waits for anything else. */
  whenIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      const { client, state } = this.#store;
      if (!state.picture) return;
      if (client.isBusy) {
        this.whenIdle();
        return;
      }
      if (!this.#deaths.isDeadly("methods")) void learnMethods(this.#store);
      void this.#processor.settleIfOpen();
      if (state.summaries.size === 0 && !this.#deaths.isDeadly("summaries")) void this.#measure();
    }, idleMs);
  }

  async #measure(): Promise<void> {
    const hold = (call: Call<unknown>) => (this.#call = call);
    const { model, picture } = this.#store.state;
    const found = await this.#store.ask("summaries", null, hold);
    const { state } = this.#store;
    // Of a picture that is looked at no more they are nobody's.
    if (!found || state.model !== model || state.picture !== picture) return;
    this.#store.set({ summaries: new Map(found.map((layer) => [layer.name, layer])) });
    await comparePreparations(this.#store, hold);
  }
}
