/** @file Asks how far to believe the map that is shown; what is asked for meanwhile comes first. */
import type { CallName } from "../../protocol.ts";
import type { Call } from "../computing/client.ts";
import type { Store } from "../computing/store.ts";

/** What shows another map. */
const others: ReadonlySet<CallName> = new Set<CallName>(["explain", "look", "open", "channels"]);

export async function judgeMap(store: Store): Promise<void> {
  const { map } = store.state;
  if (!map) return;
  let call: Call<unknown> | undefined;
  // What is asked for may be drawn later, with what comes of it.
  const leave = store.subscribeToWork(() => {
    const { work } = store.state;
    if (work && others.has(work.name)) call?.stop();
  });
  try {
    const shown = await store.ask("trust", map.asked, (own) => (call = own));
    if (shown && store.state.map === map) store.set({ trust: { map, shown } });
  } finally {
    leave();
  }
}
