/** @file Whose turn it is: what is asked for later takes the place of what is under way, which then changes nothing more. */

export interface Turn {
  /** Whether nothing has taken its place. */
  isCurrent(): boolean;
}

export class Turns {
  #last = 0;

  begin(): Turn {
    const own = ++this.#last;
    return { isCurrent: () => own === this.#last };
  }
}
