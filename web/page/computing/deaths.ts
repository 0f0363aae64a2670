/** @file Workers that died, one after the other, and what each was at. */
import type { CallName } from "../../protocol.ts";

/** At the last of so many in a row what was open is let go. */
const most = 2;

/** What is asked by the page itself, which it does not ask again. */
const unasked: readonly CallName[] = ["methods", "summaries", "preparations"];

export function isUnasked(call: CallName): boolean {
  return unasked.includes(call);
}

export class Deaths {
  #count = 0;
  readonly #deadly = new Set<CallName>();

  /** What is to be done about one more. */
  add(call: CallName | undefined): "restore" | "let go" | "give up" {
    if (call) this.#deadly.add(call);
    this.#count += 1;
    if (this.#count > most) return "give up";
    return this.#count === most ? "let go" : "restore";
  }

  /** Whether a worker died of such a call, which is left out until somebody asks for it. */
  isDeadly(call: CallName): boolean {
    return this.#deadly.has(call);
  }

  /** Everything is open again. */
  end(): void {
    this.#count = 0;
    for (const call of this.#deadly) if (!isUnasked(call)) this.#deadly.delete(call);
  }

  /** Something else is opened. */
  forget(): void {
    this.#deadly.clear();
  }
}
