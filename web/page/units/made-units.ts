/** @file The units' pictures that were made of the open network, for a report of them. */
import type { ShownUnit, Told } from "../../protocol.ts";
import type { Store } from "../computing/store.ts";

/** More make a report that nobody reads. */
const most = 64;

const side = 128;
const steps = 64;

/** The picture that excites the chosen channel, frame by frame; nothing without a channel. */
export async function makeUnit(store: Store): Promise<void> {
  const { view, channels } = store.state;
  const [layer, { channel }] = [channels?.layer, view];
  if (layer === undefined || channel === undefined) return;
  const watch = (told: Told) => {
    if (told.kind !== "frame") return;
    const { picture, step } = told;
    store.set({ unit: { frame: picture, step, steps: told.steps, done: undefined } });
  };
  const asked = { layer, channel, side, steps, seed: 0 };
  const done = await store.ask("maximize", asked, () => undefined, watch);
  if (done) store.set({ unit: { frame: done.picture, step: steps, steps, done } });
}

export class MadeUnits {
  #units: readonly ShownUnit[] = [];
  #digest: string | undefined;

  constructor(store: Store) {
    store.subscribe(() => {
      const { model, unit } = store.state;
      if (model?.digest !== this.#digest) this.#units = [];
      this.#digest = model?.digest;
      if (unit?.done && !this.#units.includes(unit.done)) this.#keep(unit.done);
    });
  }

  /** In the order in which they were made, each channel's last. */
  get units(): readonly ShownUnit[] {
    return this.#units;
  }

  #keep(made: ShownUnit): void {
    const isOther = ({ layer, channel }: ShownUnit) =>
      layer !== made.layer || channel !== made.channel;
    this.#units = [...this.#units.filter(isOther), made].slice(-most);
  }
}
