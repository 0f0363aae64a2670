/** @file What is assumed of photos, one after the other, said once: of how many of them, and by how much at most. */
import { seenPartText, type SeenPart } from "../image/seen-part.ts";
import { say, type Message } from "../wording/face.ts";
import { formatCount } from "../wording/numbers.ts";
import type { JobListener } from "./context.ts";
import { cropNote, cropRemedy, type Source } from "./source.ts";

/** Of a photo, what was assumed of its file's numbers and what its crop leaves. */
export type AssumedOfPhoto = Pick<Source, "numbers" | "part">;

export class PhotoNotes {
  #photos = 0;
  #cut = 0;
  #mostCut: SeenPart | undefined;
  #ofNumbers = 0;
  #numbers: Message | undefined;

  /** Takes in a photo that is looked at. */
  add({ numbers, part }: AssumedOfPhoto): void {
    this.#photos += 1;
    if (numbers) {
      this.#ofNumbers += 1;
      this.#numbers ??= numbers;
    }
    if (part) {
      this.#cut += 1;
      if (!this.#mostCut || shareSeen(part) < shareSeen(this.#mostCut)) this.#mostCut = part;
    }
  }

  /** What is to be said, of photos so far. */
  messages(): readonly Message[] {
    const all = formatCount(this.#photos);
    const found: Message[] = [];
    if (this.#numbers) {
      const among = this.#photos === 1 ? "" : ` (so in ${formatCount(this.#ofNumbers)} of ${all})`;
      found.push(say`${this.#numbers}${among}`);
    }
    if (this.#mostCut) {
      const rest = `${formatCount(this.#cut)} of ${all} photos are cut off at the sides; of the one that is cut most, the network sees only`;
      found.push(
        this.#photos === 1
          ? cropNote(this.#mostCut)
          : say`${rest} ${seenPartText(this.#mostCut)}; to see more, ${cropRemedy}`,
      );
    }
    return found;
  }

  tell({ onNote }: JobListener): void {
    for (const message of this.messages()) onNote?.(message);
  }
}

function shareSeen({ widthPx, heightPx, ofWidthPx, ofHeightPx }: SeenPart): number {
  return (widthPx * heightPx) / (ofWidthPx * ofHeightPx);
}
