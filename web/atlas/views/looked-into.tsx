/** @file A square canvas that is looked into: zoomed, moved and walked over by wheel, thumb and keys. */
import type { JSX, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useMapGestures } from "./map-gestures.ts";
import { keysOf } from "./map-keys.ts";
import { MapTools } from "./map-tools.tsx";
import { wholeMap, zoomed, type MapPlace, type MapView } from "./map-view.ts";

export interface LookedIntoProps {
  /** What the width is measured of. */
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly isWide?: boolean;
  readonly sidePx: number;
  readonly view: MapView;
  setView(change: MapView | ((from: MapView) => MapView)): void;
  /** What the canvas is called for those who hear it. */
  readonly label: string;
  /** Of what is shown, by number; null for what has none. */
  readonly places: readonly (MapPlace | null)[];
  readonly chosen: number | undefined;
  /** What lies at a pixel of the canvas. */
  at(pixel: MapPlace): number | undefined;
  draw(canvas: HTMLCanvasElement): void;
  onPoint(to: number): void;
  onClick(to: number): void;
  /** By the keyboard. */
  onOpen(to: number): void;
}

export function LookedInto(props: LookedIntoProps): JSX.Element {
  const { frame, isWide, sidePx, view, setView, label, places, chosen, at, onPoint } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (sidePx > 0) props.draw(canvas.current!);
  });
  useMapGestures(canvas, { view, sidePx, at, setView, onPoint, onOpen: props.onClick });
  const zoomBy = (by: number) =>
    setView((from) => zoomed(from, by, [sidePx / 2, sidePx / 2], sidePx));
  const { onOpen } = props;
  return (
    <div class={isWide ? "map-frame wide" : "map-frame"} ref={frame}>
      <canvas
        ref={canvas}
        style={{
          width: `${sidePx}px`,
          height: `${sidePx}px`,
          touchAction: view.zoom > 1 ? "none" : "pan-y",
        }}
        tabIndex={0}
        role="application"
        aria-label={label}
        aria-describedby="map-keys"
        onKeyDown={keysOf({ places, unit: chosen, sidePx, setView, onPoint, zoomBy, onOpen })}
      />
      <MapTools view={view} onZoom={zoomBy} onWhole={() => setView(wholeMap)} />
    </div>
  );
}
