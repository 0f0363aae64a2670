/** @file How pictures are prepared for a network that does not say it. */
import type { Explorer } from "../explorer.ts";
import type { Store } from "../computing/store.ts";
import { unknown } from "../unknown-parts.ts";

/** As the visitor says; without a name as the page assumes. What is in hand is looked at anew. */
export async function choosePreparation(
  explorer: Explorer,
  preprocess: string | undefined,
): Promise<void> {
  explorer.store.show({ preprocess });
  await explorer.store.ask("prepare", { preprocess });
  // What is in hand already would stay as it is.
  await explorer.hand.look({ ...explorer.hand.picture });
}

/** As the address says, of a network that was just opened. */
export async function prepareAsShown(store: Store): Promise<void> {
  const { preprocess } = store.state.view;
  if (preprocess === undefined) return;
  const { failure } = await store.attempt("prepare", { preprocess });
  if (failure?.lacking) store.tell(failure);
  if (!failure || failure.lacking) return;
  store.leaveOut({ preprocess: undefined }, [unknown("preprocess", preprocess, failure.message)]);
}
