/** @file Where the page computes: what its reader chose, what came of it, and what a visit may not change. */
import type { ProcessorChoice, ProcessorFacts } from "../../processor-protocol.ts";
import type { Call } from "./client.ts";
import type { Store } from "./store.ts";

const place = "limpid processor";

const choices: readonly ProcessorChoice[] = ["automatic", "processor", "card"];

export class Processor {
  readonly #store: Store;
  #choice = keptChoice();
  #isLost = false;
  #call: Call<unknown> | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  get choice(): ProcessorChoice {
    return this.#choice;
  }

  /** Whether this visit has lost its graphics card. */
  get isLost(): boolean {
    return this.#isLost;
  }

  async choose(choice: ProcessorChoice): Promise<void> {
    this.#choice = choice;
    this.#isLost = false;
    keepChoice(choice);
    await this.settle();
  }

  /** The card is gone; until its reader asks for it again, the page does not. */
  lose(): void {
    this.#isLost = true;
  }

  /** Asked of every network once its first answers are there, which the processor gives. */
  async settle(): Promise<void> {
    this.makeRoom();
    const choice = this.#isLost ? "processor" : this.#choice;
    const facts = await this.#store.ask("processor", { choice }, (call) => (this.#call = call));
    if (!facts) return;
    this.#store.client.build = facts.build;
    this.#store.set({ processor: facts });
  }

  /** As `settle`, where that was not done since `forget`. */
  async settleIfOpen(): Promise<void> {
    const { processor } = this.#store.state;
    if (!processor || processor.because === "unchecked") await this.settle();
  }

  /** Another network is open, or another worker, where nobody has compared anything. */
  forget(): void {
    const { processor } = this.#store.state;
    if (!processor) return;
    const unchecked: ProcessorFacts = {
      ...processor,
      on: "processor",
      check: undefined,
      because: "unchecked",
    };
    this.#store.set({ processor: unchecked });
  }

  /** A comparison that is under way ends. */
  makeRoom(): void {
    this.#call?.stop();
    this.#call = undefined;
  }
}

function keptChoice(): ProcessorChoice {
  try {
    const kept = localStorage.getItem(place);
    return choices.find((choice) => choice === kept) ?? "automatic";
  } catch {
    // Storage may be forbidden.
    return "automatic";
  }
}

function keepChoice(choice: ProcessorChoice): void {
  try {
    localStorage.setItem(place, choice);
  } catch {
    // Without storage the page forgets it when it is closed.
  }
}
