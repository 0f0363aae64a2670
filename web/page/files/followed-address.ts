/** @file The page is open, and its address becomes another: it goes where that leads, with what is in hand. */
import type { ModelInHand, PictureInHand } from "../../protocol.ts";
import { drawnIn, isSaid, viewOf, type View } from "../address.ts";
import { formlessIn } from "../unknown-parts.ts";
import type { Hand } from "./hand.ts";
import { handedOver, photoAt } from "./handed.ts";
import { isShipped, sharedIn } from "./shared-view.ts";

/** As a page that is opened there; where its network is not in hand, what is open stays and what to drop is told. */
export async function followAddress(hand: Hand, hash: string): Promise<void> {
  const { store } = hand;
  const turn = hand.begin();
  const shared = viewOf(hash);
  store.set({ shared, unknown: formlessIn(hash) });
  const [model, picture] = await Promise.all([modelAt(hand, hash), pictureAt(hand, hash)]);
  if (!turn.isCurrent()) return;
  if (model) await goWith(hand, shared, model, picture, turn);
  else await hand.stay(turn);
}

/** Opens what is in hand of a view, and goes where that leads; without a picture the one that is looked at stays. */
export async function goWith(
  hand: Hand,
  shared: View,
  model: ModelInHand,
  picture: PictureInHand | undefined,
  turn = hand.begin(),
): Promise<void> {
  const { store } = hand;
  const { unknown } = store.state;
  store.set({ shared });
  const { failure, shown } = await hand.tryModel(model, picture, turn);
  if (shown && turn.isCurrent()) store.set({ unknown: [...unknown, ...store.state.unknown] });
  await shown;
  if (!turn.isCurrent()) return;
  // What is not in hand is waited for; of all else the page is as near as it comes.
  if (!sharedIn(shared)) store.set({ shared: undefined });
  store.show({});
  if (!failure) return;
  store.tell(failure);
  await hand.stay(turn);
}

async function modelAt({ store, open }: Hand, hash: string): Promise<ModelInHand | undefined> {
  const { model } = viewOf(hash);
  if (store.state.model?.digest === model) return open;
  const isOther = isSaid(hash, "model") && isShipped(model);
  const handed = isOther ? undefined : await handedOver().model();
  return handed ?? (isShipped(model) ? { kind: "shipped", name: model } : undefined);
}

async function pictureAt(
  { store, picture: inHand }: Hand,
  hash: string,
): Promise<PictureInHand | undefined> {
  const { picture, pictureName } = viewOf(hash);
  const { state } = store;
  if (state.picture?.digest === picture) return inHand;
  const isOfAddress = isSaid(hash, "picture");
  const handed = isOfAddress ? undefined : handedOver().photos[0];
  const number = drawnIn(picture);
  if (number !== undefined && !handed) return { kind: "drawn", number };
  const file = (await photoAt(state.photos, picture, pictureName)) ?? (await handed?.load());
  return file && { kind: "file", file };
}
