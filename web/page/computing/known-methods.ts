/** @file The methods that the page knows: that of the first map comes with its network, all others are asked for once. */
import type { MethodFacts } from "../../protocol.ts";
import type { State, Store } from "./store.ts";

type Known = Pick<State, "methods" | "model">;

/** All methods, or, before they are known, the one by which the network is usually explained. */
export function knownMethods({ methods, model }: Known): readonly MethodFacts[] {
  return methods.length > 0 || !model ? methods : [model.usualMethod];
}

/** Undefined where there is no method of the name, or it is not known yet. */
export function knownMethod(state: Known, name: string): MethodFacts | undefined {
  return knownMethods(state).find((method) => method.name === name);
}

/** Resolves once all are known, or cannot be. */
export async function learnMethods(store: Store): Promise<void> {
  if (store.state.methods.length > 0) return;
  const methods = await store.ask("methods", null);
  if (methods) store.set({ methods });
}
