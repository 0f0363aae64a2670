/** @file How pictures are prepared for a network that does not say it. */
import type { Explorer } from "../explorer.ts";
import type { Store } from "../computing/store.ts";
import { unknown } from "../unknown-parts.ts";

/** As the visitor says; without a name as the page assumes. What is in hand is looked at anew, if it could be prepared so. */
export async function choosePreparation(
  { store, hand }: Explorer,
  preprocess: string | undefined,
): Promise<void> {
  const { picture } = store.state;
  const turn = hand.begin();
  store.show({ preprocess });
  const prepared = await store.ask("prepare", { preprocess });
  if (!turn.isCurrent()) return;
  if (prepared === undefined) {
    store.show({ preprocess: picture?.isPreparationAssumed ? undefined : picture?.preprocess });
    await hand.stay(turn);
    return;
  }
  // What is in hand already would stay as it is.
  await hand.look({ ...hand.picture }, turn);
}

/** As the address says, of a network that was just opened; it says so no longer where it was not prepared. */
export async function prepareAsShown(store: Store): Promise<void> {
  const { preprocess } = store.state.view;
  if (preprocess === undefined) return;
  const { failure } = await store.attempt("prepare", { preprocess });
  if (!failure) return;
  if (failure.lacking) {
    store.tell(failure);
    store.show({ preprocess: undefined });
    return;
  }
  store.leaveOut({ preprocess: undefined }, [unknown("preprocess", preprocess, failure.message)]);
}
