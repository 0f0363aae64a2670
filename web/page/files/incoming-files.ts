/** @file Files that somebody drops or chooses: what takes them in hand is fetched with the first of them. */
import type { PathedFile } from "../../files-protocol.ts";
import { brought } from "../computing/lacking.ts";
import { pathed } from "./dropped-files.ts";
import type { FilesInHand } from "./files-in-hand.ts";
import type { Hand } from "./hand.ts";
import { nothingTaken } from "./taken.ts";

export class IncomingFiles {
  readonly #hand: Hand;
  /** There from the first files on. */
  #inHand: FilesInHand | undefined;
  #toCome: Promise<FilesInHand | undefined> | undefined;

  constructor(hand: Hand) {
    this.#hand = hand;
  }

  /** Files of a drop or a field. */
  async take(files: readonly File[] | Promise<readonly PathedFile[]>): Promise<void> {
    const dropped = "then" in files ? files : Promise.resolve(files.map(pathed));
    // What goes wrong with them before the code is there is told by it, too.
    dropped.catch(() => undefined);
    this.#toCome ??= this.#bring();
    await (await this.#toCome)?.take(dropped);
  }

  /** Lets go of files that wait for others, and of what is said of those that were left out. */
  forget(): void {
    this.#inHand?.forget();
    const { store } = this.#hand;
    const { taken, dropped } = store.state;
    const isKept = ({ name }: PathedFile) => !taken.truth.includes(name);
    store.set({ waiting: undefined, leftOut: [], shared: undefined, unknown: [] });
    store.set({ taken: nothingTaken, dropped: dropped.filter(isKept) });
    store.show({});
  }

  async #bring(): Promise<FilesInHand | undefined> {
    const load = async () => (await import("./files-in-hand.ts")).FilesInHand;
    const Brought = await brought(this.#hand.store, { kind: "call", name: "sort" }, load);
    if (Brought) this.#inHand = new Brought(this.#hand);
    else this.#toCome = undefined;
    return this.#inHand;
  }
}
