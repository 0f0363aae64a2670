/** @file Asks one question at a time; of those that come meanwhile the last, so that its answer is shown last. */

/**
 * Questions that take each other's place, as a picture that is drawn on asks for answers faster than they come. What
 * comes while one is asked waits, and gives its place to what comes after; what fails meanwhile holds nothing up.
 */
export class OneAtATime {
  #asking: Promise<void> | undefined;
  #next: (() => Promise<void>) | undefined;

  /** Asks now, or behind what is asked; resolves once nothing is left to ask. Throws as the last that was asked. */
  ask(question: () => Promise<void>): Promise<void> {
    this.#next = question;
    this.#asking ??= this.#askAll();
    return this.#asking;
  }

  async #askAll(): Promise<void> {
    try {
      while (this.#next) {
        const question = this.#next;
        this.#next = undefined;
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await question().catch((cause: unknown) => {
          if (!this.#next) throw cause;
        });
      }
    } finally {
      this.#asking = undefined;
    }
  }
}
