/** @file What the page knows of methods: of the usual one it comes with the network, of all others it is asked for once. */
import type { MethodFacts } from "../../protocol.ts";
import type { State, Store } from "./store.ts";

type Known = Pick<State, "methods" | "model">;

/** Undefined where there is no method of the name, or nothing is known of it yet. */
export function knownMethod({ methods, model }: Known, name: string): MethodFacts | undefined {
  if (model?.usualMethod.name === name) return model.usualMethod;
  return methods.find((method) => method.name === name);
}

/** Resolves once all are known, or cannot be. */
export async function learnMethods(store: Store): Promise<void> {
  if (store.state.methods.length > 0) return;
  const methods = await store.ask("methods", null);
  if (methods) store.set({ methods });
}
