/** @file Maps that are kept beside each other, in one scale where they have one unit. */
import type { State, Store } from "../computing/store.ts";

const mostPinned = 4;

/** Of a compared map, in pixels. */
const pinnedSide = 224;

/** Keeps the map that is shown beside up to three others. */
export async function pinMap(store: Store): Promise<void> {
  const { map, picture, model, view } = store.state;
  if (!map || !picture) return;
  const { method } = map.made;
  const byTitle = model?.methods.find(({ name }) => name === method)?.title ?? method;
  const title = `${model?.name ?? view.model}, ${byTitle}, ${map.heading}`;
  await showPinned(store, [...store.state.pinned, { title, picture, map }]);
}

/** The last of them, as many as are compared. */
export async function showPinned(store: Store, pinned: State["pinned"]): Promise<void> {
  store.set({ pinned: pinned.slice(-mostPinned) });
  await paint(store);
}

export async function unpinMap(store: Store, number: number): Promise<void> {
  await showPinned(
    store,
    store.state.pinned.filter((_, i) => i !== number),
  );
}

async function paint(store: Store): Promise<void> {
  const { pinned } = store.state;
  const unit = pinned[0]?.map.scale.unit;
  const isOneUnit = pinned.every(({ map }) => map.scale.unit === unit);
  if (unit === undefined || pinned.length < 2 || !isOneUnit) {
    store.set({ painted: undefined });
    return;
  }
  const maps = pinned.map(({ map: { width, height, values } }) => ({ width, height, values }));
  const painted = await store.ask("paint", { maps, unit, side: pinnedSide });
  store.set({ painted });
}
