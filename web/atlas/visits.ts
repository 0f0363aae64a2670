/** @file Where a reader was, so that going up comes back to the same spot. */
import { addressOf, type LayerPlace, type Place } from "./address.ts";

export class Visits {
  readonly #layers = new Map<string, LayerPlace>();
  readonly #units = new Map<string, number>();
  #layer: string | undefined;

  note(place: Place): void {
    if (place.kind === "layer") this.#layers.set(place.folder, place);
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

  /** A layer's address, as it was left. */
  layerAddress(folder: string): string {
    return addressOf(this.#layers.get(folder) ?? { kind: "layer", folder, order: "number" });
  }

  /** What is above a place; undefined above the network. */
  above(place: Place): string | undefined {
    if (place.kind === "network") return undefined;
    return place.kind === "unit" ? this.layerAddress(place.folder) : addressOf({ kind: "network" });
  }
}
