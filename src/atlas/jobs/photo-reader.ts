/** @file Photos of an atlas as the network sees them, some of which are held. */
import type { JobContext } from "../../app/context.ts";
import { readSource } from "../../app/read-source.ts";
import type { Source } from "../../app/source.ts";
import { LimpidError } from "../../errors.ts";
import type { AtlasPlan } from "../plan.ts";

const mostHeld = 128;

export class PhotoReader {
  readonly #plan: AtlasPlan;
  readonly #context: Pick<JobContext, "platform">;
  readonly #held = new Map<number, Source>();

  constructor(plan: AtlasPlan, context: Pick<JobContext, "platform">) {
    this.#plan = plan;
    this.#context = context;
  }

  /** A photo by its number. Throws `bad-file` for one that is another by now. */
  async read(number: number): Promise<Source> {
    const held = this.#held.get(number);
    if (held) return held;
    const { folder, set } = this.#plan.photos!;
    const path = folder.paths[number]!;
    const source = await readSource(this.#context.platform, set.model, path, set.preparation);
    if (!source.seen) {
      throw new LimpidError(
        "bad-file",
        `atlas: "${path}" must still be the photo that it was, got another file. run the same command again.`,
      );
    }
    if (this.#held.size >= mostHeld) this.#held.delete(this.#held.keys().next().value!);
    this.#held.set(number, source);
    return source;
  }
}
