/** @file What the page knows of methods: of the usual one it comes with the network, of all others it is asked for once. */
import type { MethodFacts } from "../../protocol.ts";
import type { State, Store } from "./store.ts";

type Known = Pick<State, "methods" | "model">;

/** Undefined where there is no method of the name, or nothing is known of it yet. */
export function knownMethod({ methods, model }: Known, name: string): MethodFacts | undefined {
  if (model?.usualMethod.name === name) return model.usualMethod;
  return methods.find((method) => method.name === name);
}

/** Resolves once all are known, or cannot be; to false where a stop or a trouble of the page ended it. */
export async function learnMethods(store: Store): Promise<boolean> {
  if (store.state.methods.length > 0) return true;
  const { answer: methods, failure, ended } = await store.attempt("methods", null);
  if (methods) store.set({ methods });
  if (failure) store.tell(failure, "methods");
  return ended === undefined || ended === "missing code";
}
