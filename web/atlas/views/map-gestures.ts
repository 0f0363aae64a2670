/** @file Wheel, mouse and thumbs on a map: it is drawn along, zoomed at the pointer, and its units pointed at and opened. */
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { moved, zoomed, type MapPlace, type MapView } from "./map-view.ts";

export interface GestureMap {
  readonly view: MapView;
  readonly sidePx: number;
  /** The unit, or whatever the map is of, at a pixel. */
  at(pixel: MapPlace): number | undefined;
  setView(change: (from: MapView) => MapView): void;
  onPoint(unit: number): void;
  onOpen(unit: number): void;
}

/** A pointer that moved less is taken for a click, in pixels. */
const leastDrag = 5;

export function useMapGestures(canvas: RefObject<HTMLCanvasElement | null>, map: GestureMap): void {
  // Listeners stay while the map changes under them.
  const current = useRef(map);
  current.current = map;
  useEffect(() => {
    const element = canvas.current!;
    const gestures = new MapGestures(element, () => current.current);
    element.addEventListener("wheel", gestures.onWheel, { passive: false });
    element.addEventListener("pointerdown", gestures.onDown);
    element.addEventListener("pointermove", gestures.onMove);
    element.addEventListener("pointerup", gestures.onUp);
    element.addEventListener("pointercancel", gestures.onCancel);
    return () => {
      element.removeEventListener("wheel", gestures.onWheel);
      element.removeEventListener("pointerdown", gestures.onDown);
      element.removeEventListener("pointermove", gestures.onMove);
      element.removeEventListener("pointerup", gestures.onUp);
      element.removeEventListener("pointercancel", gestures.onCancel);
    };
  }, [canvas]);
}

class MapGestures {
  readonly #element: HTMLElement;
  readonly #map: () => GestureMap;
  readonly #down = new Map<number, MapPlace>();
  #dragged = 0;

  constructor(element: HTMLElement, map: () => GestureMap) {
    this.#element = element;
    this.#map = map;
  }

  readonly onWheel = (event: WheelEvent): void => {
    const { view, setView, sidePx } = this.#map();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    const by = Math.exp(-0.002 * lines * event.deltaY);
    // Farther than the whole there is nothing: the page goes on.
    if (by <= 1 && view.zoom <= 1) return;
    event.preventDefault();
    setView((from) => zoomed(from, by, this.#placeOf(event), sidePx));
  };

  readonly onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    if (this.#down.size === 0) this.#dragged = 0;
    this.#down.set(event.pointerId, this.#placeOf(event));
    this.#element.setPointerCapture(event.pointerId);
  };

  readonly onMove = (event: PointerEvent): void => {
    const { sidePx, setView, onPoint, at: unitAt } = this.#map();
    const at = this.#placeOf(event);
    const before = this.#down.get(event.pointerId);
    if (!before) {
      const unit = unitAt(at);
      if (unit !== undefined) onPoint(unit);
      return;
    }
    this.#dragged += Math.hypot(at[0] - before[0], at[1] - before[1]);
    const other = [...this.#down].find(([id]) => id !== event.pointerId)?.[1];
    this.#down.set(event.pointerId, at);
    if (this.#dragged < leastDrag) return;
    if (other) setView((from) => pinched(from, before, at, other, sidePx));
    else setView((from) => moved(from, [at[0] - before[0], at[1] - before[1]], sidePx));
  };

  readonly onUp = (event: PointerEvent): void => {
    const isClick = this.#down.size === 1 && this.#dragged < leastDrag;
    if (!this.#down.delete(event.pointerId) || !isClick) return;
    const { at: unitAt, onPoint, onOpen } = this.#map();
    const unit = unitAt(this.#placeOf(event));
    if (unit === undefined) return;
    // A thumb cannot point without touching: it chooses first, and what it chose is opened by its link.
    if (event.pointerType === "mouse") onOpen(unit);
    else onPoint(unit);
  };

  readonly onCancel = (event: PointerEvent): void => {
    this.#down.delete(event.pointerId);
  };

  /** In pixels from the map's upper left. */
  #placeOf({ clientX, clientY }: MouseEvent): MapPlace {
    const { left, top } = this.#element.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }
}

/** One of two fingers moved: what is between them keeps between them. */
function pinched(
  from: MapView,
  before: MapPlace,
  at: MapPlace,
  other: MapPlace,
  sidePx: number,
): MapView {
  const apart = (a: MapPlace) => Math.max(Math.hypot(a[0] - other[0], a[1] - other[1]), 1);
  const middle: MapPlace = [(at[0] + other[0]) / 2, (at[1] + other[1]) / 2];
  const drawn = moved(from, [(at[0] - before[0]) / 2, (at[1] - before[1]) / 2], sidePx);
  return zoomed(drawn, apart(at) / apart(before), middle, sidePx);
}
