/** @file Where a reader was, so that going up comes back to the same spot. */
import { addressOf, type Order, type Place } from "./address.ts";

export class Visits {
  readonly #orders = new Map<string, Order>();
  readonly #units = new Map<string, number>();
  #layer: string | undefined;

  note(place: Place): void {
    if (place.kind === "layer") this.#orders.set(place.folder, place.order);
    if (place.kind === "unit") this.#units.set(place.folder, place.unit);
    if (place.kind === "layer" || place.kind === "unit") this.#layer = place.folder;
  }

  /** The layer that was looked at last. */
  get layer(): string | undefined {
    return this.#layer;
  }

  /** The unit of a layer that was looked at last. */
  unitOf(folder: string): number | undefined {
    return this.#units.get(folder);
  }

  /** A layer's address, in the order that it was left in. */
  layerAddress(folder: string): string {
    return addressOf({ kind: "layer", folder, order: this.#orders.get(folder) ?? "number" });
  }

  /** What is above a place; undefined above the network. */
  above(place: Place): string | undefined {
    if (place.kind === "network") return undefined;
    return place.kind === "unit" ? this.layerAddress(place.folder) : addressOf({ kind: "network" });
  }
}
