/** @file The canvas of a map of units, and its tools. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { AtlasLayer, AtlasUnits } from "../../../src/atlas/site/site-data.ts";
import { unitAddress } from "../address.ts";
import { useAtlas } from "../atlas-context.ts";
import { drawMap, useSheets } from "./map-drawing.ts";
import { useMapGestures } from "./map-gestures.ts";
import {
  seenUnits,
  showing,
  unitBeside,
  wholeMap,
  zoomed,
  moved,
  type MapPlace,
  type MapView,
} from "./map-view.ts";
import { useWidth } from "../measured.ts";
import { useViewTexts } from "./view-texts.ts";

/** Of the map, in pixels: it is square, as wide as there is room, and leaves some of the page to be seen. */
const mostSide = 720;

/** Sides of icons on narrow and wide maps, in pixels. */
const [smallIcon, largeIcon] = [34, 46];

interface MapCanvasProps {
  readonly layer: AtlasLayer;
  readonly units: AtlasUnits;
  readonly places: readonly (MapPlace | null)[];
  readonly unit: number | undefined;
  onPoint(unit: number): void;
}

export function MapCanvas({ layer, units, places, unit, onPoint }: MapCanvasProps) {
  const texts = useViewTexts();
  const { icons } = useAtlas().index;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(frame);
  const sidePx = Math.min(width, mostSide);
  const iconPx = sidePx < 500 ? smallIcon : largeIcon;
  const [view, setView] = useState<MapView>(wholeMap);
  const sheets = useSheets(layer);
  const seen = useMemo(
    () => seenUnits(places, view, { sidePx, iconPx, top: unit }),
    [places, view, sidePx, iconPx, unit],
  );
  useEffect(() => {
    if (sidePx > 0)
      drawMap(canvas.current!, { layer, units, icons, sheets, seen, sidePx, iconPx, unit });
  });
  const open = (to: number) => (location.hash = unitAddress(layer.folder, to));
  useMapGestures(canvas, { seen, view, sidePx, iconPx, setView, onPoint, onOpen: open });
  const zoomBy = (by: number) =>
    setView((from) => zoomed(from, by, [sidePx / 2, sidePx / 2], sidePx));
  const onKeyDown = keysOf({ places, unit, sidePx, setView, onPoint, zoomBy, onOpen: open });
  return (
    <div class="map-frame" ref={frame}>
      <canvas
        ref={canvas}
        style={{
          width: `${sidePx}px`,
          height: `${sidePx}px`,
          touchAction: view.zoom > 1 ? "none" : "pan-y",
        }}
        tabIndex={0}
        role="application"
        aria-label={texts.mapOf}
        aria-describedby="map-keys"
        onKeyDown={onKeyDown}
      />
      <MapTools view={view} onZoom={zoomBy} onWhole={() => setView(wholeMap)} />
    </div>
  );
}

interface MapToolsProps {
  readonly view: MapView;
  onZoom(by: number): void;
  onWhole(): void;
}

function MapTools({ view, onZoom, onWhole }: MapToolsProps) {
  const texts = useViewTexts();
  const tool = (name: string, sign: string, by: number) => (
    <button
      type="button"
      aria-label={name}
      title={name}
      disabled={by < 1 && view.zoom <= 1}
      onClick={() => onZoom(by)}
    >
      {sign}
    </button>
  );
  return (
    <div class="map-tools">
      {tool(texts.zoomIn, "+", 1.6)}
      {tool(texts.zoomOut, "−", 1 / 1.6)}
      <button type="button" disabled={view === wholeMap} onClick={onWhole}>
        {texts.zoomWhole}
      </button>
    </div>
  );
}

interface KeyedMap {
  readonly places: readonly (MapPlace | null)[];
  readonly unit: number | undefined;
  readonly sidePx: number;
  setView(change: (from: MapView) => MapView): void;
  zoomBy(by: number): void;
  onPoint(unit: number): void;
  onOpen(unit: number): void;
}

/** What keys do on the map. */
function keysOf(map: KeyedMap): (event: KeyboardEvent) => void {
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
