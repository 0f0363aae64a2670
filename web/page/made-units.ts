/** @file The units' pictures that were made of the open network, for a report of them. */
import type { ShownUnit } from "../protocol.ts";
import type { Store } from "./store.ts";

/** More make a report that nobody reads. */
const most = 64;

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
