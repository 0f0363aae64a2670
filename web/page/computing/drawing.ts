/** @file When what changes is drawn: at once, or with what is waited for, so that computing it has the machine to itself. */

/** So long a click may go undrawn: less than is noticed. */
const mostHeldMs = 100;

/** Tells whoever draws. */
export class Drawing {
  readonly #draw: () => void;
  #holds = 0;
  #hasChanged = false;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  changed(): void {
    this.#hasChanged = true;
    if (this.#holds === 0) this.#drawChanges();
  }

  /**
   * Draws once what changes in the beginning of `work` and with its end. On a machine of two cores what the browser
   * draws meanwhile takes as long as a small network's run. What takes longer than a moment is drawn on its way.
   */
  async together(work: () => Promise<void>): Promise<void> {
    this.#holds += 1;
    let isHeld = true;
    const letGo = () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds -= 1;
      // Of others that are held none waits longer for it: where keys are held down there is always one.
      if (this.#hasChanged) this.#drawChanges();
    };
    const late = setTimeout(letGo, mostHeldMs);
    try {
      await work();
    } finally {
      clearTimeout(late);
      letGo();
    }
  }

  #drawChanges(): void {
    this.#hasChanged = false;
    this.#draw();
  }
}
