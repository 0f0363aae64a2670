/** @file What the usual preparations would lead to, which decides nothing and is told once nobody waits. */
import type { Call } from "./client.ts";
import type { Store } from "./store.ts";

/** Takes the place of what was said of them when the picture was looked at. */
export async function comparePreparations(
  store: Store,
  hold: (call: Call<unknown>) => void,
): Promise<void> {
  const { picture } = store.state;
  if (picture?.compared === undefined) return;
  const compared = await store.ask("preparations", null, hold);
  const { map } = store.state;
  if (compared === undefined || store.state.picture !== picture) return;
  const notes = map?.notes.map((note) => (note === picture.compared ? compared : note));
  store.set({
    picture: { ...picture, compared },
    map: map && notes && { ...map, notes },
  });
}
