/** @file What keys do on a map: its units, or whatever it is of, are gone through, and it is moved and zoomed. */
import { moved, showing, unitBeside, wholeMap, type MapPlace, type MapView } from "./map-view.ts";

export interface KeyedMap {
  readonly places: readonly (MapPlace | null)[];
  readonly unit: number | undefined;
  readonly sidePx: number;
  setView(change: (from: MapView) => MapView): void;
  zoomBy(by: number): void;
  onPoint(unit: number): void;
  onOpen(unit: number): void;
}

/** What keys do on the map. */
export function keysOf(map: KeyedMap): (event: KeyboardEvent) => void {
  const { places, unit, sidePx, setView, zoomBy, onPoint, onOpen } = map;
  const isPlaced = unit !== undefined && Boolean(places[unit]);
  const choose = (to: number | undefined) => {
    if (to === undefined) return;
    onPoint(to);
    setView((from) => showing(from, places[to]!, sidePx));
  };
  return (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { key, shiftKey } = event;
    const step = arrowSteps[key];
    if (key === "+" || key === "=") zoomBy(1.4);
    else if (key === "-") zoomBy(1 / 1.4);
    else if (key === "0") setView(() => wholeMap);
    else if (step && shiftKey)
      setView((from) => moved(from, [-0.15 * sidePx * step[0], -0.15 * sidePx * step[1]], sidePx));
    else if (step) choose(isPlaced ? unitBeside(places, unit, key) : mostCentral(places));
    else if (key === "Enter" && isPlaced) onOpen(unit);
    else return;
    event.preventDefault();
  };
}

const arrowSteps: Readonly<Record<string, MapPlace>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where the arrows begin. */
function mostCentral(places: readonly (MapPlace | null)[]): number | undefined {
  const far = places.map((place) =>
    place ? Math.hypot(place[0] - 0.5, place[1] - 0.5) : Number.POSITIVE_INFINITY,
  );
  const nearest = far.reduce((best, each, unit) => (each < far[best]! ? unit : best), 0);
  return places[nearest] ? nearest : undefined;
}
