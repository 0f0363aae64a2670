/** @file What a screen reader is told of its own accord: the last result, once things have come to rest. */
import { useEffect, useState } from "preact/hooks";
import { usePageTexts, useSaid, type Say } from "./settings.tsx";
import type { State } from "../computing/store.ts";

/** So long nothing may change before it is told: results of a camera or of keys held down are not read out one by one. */
const restMs = 800;

export function Announcer({ state }: { readonly state: State }) {
  const texts = usePageTexts();
  const say = useSaid();
  const { work, map, unit, view } = state;
  const [told, setTold] = useState("");
  const done = unit?.done && !unit.done.isSilent ? texts.pictureMade : "";
  const now = work ? texts.works[work.name] : done || mapText(say, map);
  const isLive = view.picture === "camera";
  useEffect(() => {
    if (isLive) return undefined;
    const rest = setTimeout(() => setTold(now), restMs);
    return () => clearTimeout(rest);
  }, [now, isLive]);
  return (
    <p class="unseen" role="status">
      {told}
    </p>
  );
}

/** The map's heading and its sentence. */
function mapText(say: Say, map: State["map"]): string {
  return map ? `${say(map.heading).children}: ${say(map.text).children}` : "";
}
