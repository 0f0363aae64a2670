/** @file Asks one question at a time; of those that come meanwhile the last, so that its answer is shown last. */

export class OneAtATime {
  #isAsking = false;
  #isAskedAgain = false;

  /** Asks now, or again behind what is asked; resolves once nothing is. Throws as `question`. */
  async ask(question: () => Promise<void>): Promise<void> {
    if (this.#isAsking) {
      this.#isAskedAgain = true;
      return;
    }
    this.#isAsking = true;
    try {
      do {
        this.#isAskedAgain = false;
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await question();
      } while (this.#isAskedAgain);
    } finally {
      this.#isAsking = false;
    }
  }
}
