/** @file The record of a job of any number of pictures, gathered as they are explained. */
import { LimpidError } from "../../errors.ts";
import { jsonText } from "../../wording/shown-text.ts";
import { PackedTexts } from "../packed-texts.ts";
import type { ChosenPreparation } from "../preparation.ts";
import { recordHead } from "./record.ts";
import type { Failure, Summary } from "./schema.ts";

/** Results and failures so far. */
export class GatheredRecord {
  readonly failures: Failure[] = [];
  /** How pictures are prepared, once one was read. */
  chosen: ChosenPreparation | undefined;
  #count = 0;
  readonly #rows = new PackedTexts();
  readonly #methods = new Set<string>();
  readonly #layers = new Set<string>();
  readonly #explained = new Set<string>();

  /** How many results there are. */
  get count(): number {
    return this.#count;
  }

  add(result: Summary): void {
    this.#count += 1;
    this.#rows.push(jsonText(result));
    this.#methods.add(result.method);
    this.#layers.add(result.layer);
    this.#explained.add(result.input);
  }

  /** Whether there is a result or a failure of the file. */
  tellsOf(path: string): boolean {
    return this.#explained.has(path) || this.failures.some(({ input }) => input === path);
  }

  /** The record as JSON, piece by piece; all of it may be more than fits in memory beside the rest. */
  *texts(): Generator<string> {
    const head = recordHead([...this.#methods], [...this.#layers], this.chosen);
    // The head's closing brace makes room for the lists.
    const opened = jsonText(head).slice(0, -1);
    yield `${opened}${opened === "{" ? "" : ","}"results":[`;
    let isFirst = true;
    for (const row of this.#rows) {
      yield isFirst ? row : `,${row}`;
      isFirst = false;
    }
    yield `],"failures":${jsonText(this.failures)}}\n`;
  }

  /** Throws `bad-option` if anything failed. */
  requireAll(): void {
    const failed = this.failures.length;
    if (failed === 0) return;
    throw new LimpidError(
      "bad-option",
      `attribute: all maps must succeed, got ${failed} of ${failed + this.#count} that failed, for the reasons above.`,
    );
  }
}
