/** @file Asks how far to believe the map that is shown, again where a worker took it along; what is asked for meanwhile comes first. */
import type { CallName, ExplainRequest } from "../../protocol.ts";
import type { Call, Lost } from "../computing/client.ts";
import type { State, Store } from "../computing/store.ts";

/** What shows another map. */
const others: ReadonlySet<CallName> = new Set<CallName>(["explain", "look", "open", "channels"]);

/** What was asked of a map beside the map itself. */
export interface MapChecks {
  /** The map. */
  readonly asked: ExplainRequest;
  readonly isJudged: boolean;
}

/** What a worker took along; nothing where it died of it, of anything but the card. */
export function checksLost(
  { map, trust }: Pick<State, "map" | "trust">,
  asked: ExplainRequest | undefined,
  { death, call }: Lost,
): MapChecks | undefined {
  const isDeadly = death !== "card" && (call === "explain" || call === "trust");
  const isJudged = call === "trust" || (map !== undefined && trust?.map === map);
  if (!asked || isDeadly || !(asked.isChecked || isJudged)) return undefined;
  return { asked, isJudged };
}

/** Whether two maps are of the same, checked or not. */
export function isSameMap(a: ExplainRequest, b: ExplainRequest): boolean {
  const unchecked = (asked: ExplainRequest) => JSON.stringify({ ...asked, isChecked: false });
  return unchecked(a) === unchecked(b);
}

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
