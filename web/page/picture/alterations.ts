/** @file Changes to the picture that is looked at: each is looked at and explained anew, those that come meanwhile are left out. */
import type { PictureInHand, SeenPicture } from "../../protocol.ts";
import { alteredPixels, type Alteration } from "./altered-pixels.ts";
import type { Explorer } from "../explorer.ts";

/** Behind the name of a picture that was changed. */
const changed = " (changed)";

export class Alterations {
  readonly #explorer: Explorer;
  /** The picture as it was, and as it came. */
  #base: { readonly picture: SeenPicture; readonly hand: PictureInHand } | undefined;
  /** What was made of it last. */
  #own: SeenPicture | undefined;
  #wanted: Alteration | undefined;
  #isBusy = false;

  constructor(explorer: Explorer) {
    this.#explorer = explorer;
  }

  /** Whether the picture that is looked at is another than the one that was changed, or its changed form. */
  isOther(picture: SeenPicture | undefined): boolean {
    return picture !== this.#own && picture !== this.#base?.picture;
  }

  /** Changes the picture as it was, whatever was changed before; of nothing it is as it came. */
  async alter(alteration: Alteration | undefined): Promise<void> {
    this.#wanted = alteration;
    const { picture } = this.#explorer.state;
    if (this.#isBusy || !picture) return;
    if (this.isOther(picture) || !this.#base) {
      this.#base = { picture, hand: this.#explorer.hand.picture };
    }
    this.#isBusy = true;
    let isSeen = false;
    try {
      for (let isDone = false; !isDone;) {
        const made = this.#wanted;
        // oxlint-disable-next-line no-await-in-loop -- one after the other, the last of those that came meanwhile
        isSeen = await this.#show(made);
        // Where it was stopped, or something else is looked at by now, there is nothing more to change.
        isDone = !isSeen || made === this.#wanted;
      }
    } finally {
      this.#isBusy = false;
    }
    if (isSeen) await this.#explorer.showLayer();
  }

  /** Whether it is what is looked at. */
  async #show(alteration: Alteration | undefined): Promise<boolean> {
    const { picture, hand } = this.#base!;
    const name = `${picture.name}${changed}`;
    const seen = await this.#explorer.hand.lookAnew(
      alteration ? { kind: "pixels", name, pixels: alteredPixels(picture.seen, alteration) } : hand,
    );
    if (seen) this.#own = seen;
    return seen !== undefined;
  }
}
