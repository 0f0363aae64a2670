/** @file Many texts that are much alike, kept in little memory until all are wanted. */
import { deflateSync, inflateSync, strFromU8, strToU8 } from "fflate";

/** Letters that are packed at a time. */
const blockLetters = 2 ** 16;

/** Texts in the order in which they came; a tenth of their size, more or less. */
export class PackedTexts {
  readonly #blocks: Uint8Array[] = [];
  #open: string[] = [];
  #openLetters = 0;

  push(text: string): void {
    this.#open.push(text);
    this.#openLetters += text.length;
    if (this.#openLetters < blockLetters) return;
    this.#blocks.push(deflateSync(strToU8(JSON.stringify(this.#open))));
    [this.#open, this.#openLetters] = [[], 0];
  }

  *[Symbol.iterator](): Generator<string> {
    for (const block of this.#blocks) {
      yield* JSON.parse(strFromU8(inflateSync(block))) as string[];
    }
    yield* this.#open;
  }
}
