/** @file Pictures that excite units: they are made of the chosen channel, and kept for a report of them. */
import type { ShownUnit, Told } from "../../protocol.ts";
import type { Call } from "../computing/client.ts";
import type { State, Store } from "../computing/store.ts";

/** More make a report that nobody reads. */
const most = 64;

const side = 128;
const steps = 64;

export class MadeUnits {
  readonly #store: Store;
  #units: readonly ShownUnit[] = [];
  #digest: string | undefined;
  /** What is under way, and of which channel. */
  #making: { readonly of: UnitPlace; readonly call: Call<unknown> } | undefined;

  constructor(store: Store) {
    this.#store = store;
    store.subscribe(() => {
      const { model, unit } = store.state;
      if (model?.digest !== this.#digest) this.#units = [];
      this.#digest = model?.digest;
      if (unit?.done && !this.#units.includes(unit.done)) this.#keep(unit.done);
      // Nobody sees the picture of a channel that was left.
      const made = this.#making;
      if (!made || isSame(made.of, chosenIn(store.state))) return;
      this.#making = undefined;
      made.call.stop();
    });
  }

  /** In the order in which they were made, each channel's last. */
  get units(): readonly ShownUnit[] {
    return this.#units;
  }

  /** The picture that excites the chosen channel, frame by frame; nothing without a channel. */
  async make(): Promise<void> {
    const of = chosenIn(this.#store.state);
    if (!of) return;
    const { layer, channel } = of;
    const watch = (told: Told) => {
      if (told.kind !== "frame") return;
      const { picture, step } = told;
      this.#store.set({ unit: { of, frame: picture, step, steps: told.steps, done: undefined } });
    };
    const asked = { layer, channel, side, steps, seed: 0 };
    const hold = (call: Call<unknown>) => (this.#making = { of, call });
    const done = await this.#store.ask("maximize", asked, hold, watch);
    if (this.#making?.of === of) this.#making = undefined;
    if (done) this.#store.set({ unit: { of, frame: done.picture, step: steps, steps, done } });
  }

  #keep(made: ShownUnit): void {
    const isOther = ({ layer, channel }: ShownUnit) =>
      layer !== made.layer || channel !== made.channel;
    this.#units = [...this.#units.filter(isOther), made].slice(-most);
  }
}

type UnitPlace = NonNullable<State["unit"]>["of"];

/** The channel that is chosen, of the layer that is shown. */
function chosenIn({ model, channels, view }: State): UnitPlace | undefined {
  const [layer, { channel }] = [channels?.layer ?? view.layer, view];
  if (!model || layer === undefined || channel === undefined) return undefined;
  return { layer, channel, digest: model.digest };
}

function isSame(one: UnitPlace, other: UnitPlace | undefined): boolean {
  return one.layer === other?.layer && one.channel === other.channel && one.digest === other.digest;
}
