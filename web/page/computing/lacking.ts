/** @file What could not be fetched of the page itself, as the page calls it: a network that comes with it, or what a part of its code is for. */
import { isMissingCode } from "../../worker/failures.ts";
import type { CallName, Calls, ExplainRequest, ModelInHand } from "../../protocol.ts";
import { isUnasked } from "./deaths.ts";
import type { Store } from "./store.ts";

/** Panes whose code comes when they are first shown, by the keys of their names. */
export type LatePane =
  | "train"
  | "catalogTitle"
  | "stepThrough"
  | "graph"
  | "alter"
  | "brush"
  | "trustIt"
  | "whatIsExplained"
  | "download"
  | "language"
  | "twoNetworks"
  | "folder"
  | "help"
  | "notices"
  | "story";

export type Lacking =
  | { readonly kind: "network"; readonly name: string }
  | { readonly kind: "method"; readonly name: string }
  | { readonly kind: "call"; readonly name: CallName }
  | { readonly kind: "pane"; readonly name: LatePane };

/** What a call is for that found a part of the page missing; undefined where the page asked by itself, which nobody is told of. */
export function lackingOf<Name extends CallName>(
  name: Name,
  asked: Calls[Name]["asked"],
): Lacking | undefined {
  if (isUnasked(name)) return undefined;
  if (name === "processor") {
    const { choice } = asked as Calls["processor"]["asked"];
    if (choice === "automatic") return undefined;
  }
  if (name === "open") {
    const inHand = asked as ModelInHand;
    if (inHand.kind === "shipped") return { kind: "network", name: inHand.name };
  }
  if (name === "explain") return { kind: "method", name: (asked as ExplainRequest).method };
  return { kind: "call", name };
}

export function isSameLacking(one: Lacking, other: Lacking): boolean {
  return one.kind === other.kind && one.name === other.name;
}

/** What `load` brings; undefined where it cannot be fetched, which the page then says. Throws what else it throws. */
export async function brought<T>(
  store: Pick<Store, "hasNow" | "lack">,
  lacking: Lacking,
  load: () => Promise<T>,
): Promise<T | undefined> {
  try {
    const found = await load();
    store.hasNow(lacking);
    return found;
  } catch (cause) {
    if (!isMissingCode(cause)) throw cause;
    store.lack(lacking);
    return undefined;
  }
}
