/** @file The canvas of a map of units, and its tools. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { AtlasLayer, AtlasUnits } from "../../../src/atlas/site/site-data.ts";
import { unitAddress } from "../address.ts";
import { useAtlas } from "../atlas-context.ts";
import { drawMap } from "./map-drawing.ts";
import { useMapGestures } from "./map-gestures.ts";
import { keysOf } from "./map-keys.ts";
import { MapTools } from "./map-tools.tsx";
import { seenUnits, unitAt, wholeMap, zoomed, type MapPlace, type MapView } from "./map-view.ts";
import { useSheets } from "./sheet-images.ts";
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
  const sheets = useSheets(layer.folder, layer.sheets);
  const seen = useMemo(
    () => seenUnits(places, view, { sidePx, iconPx, top: unit }),
    [places, view, sidePx, iconPx, unit],
  );
  useEffect(() => {
    if (sidePx > 0)
      drawMap(canvas.current!, { layer, units, icons, sheets, seen, sidePx, iconPx, unit });
  });
  const open = (to: number) => (location.hash = unitAddress(layer.folder, to));
  const at = (pixel: MapPlace) => unitAt(seen, pixel, iconPx);
  useMapGestures(canvas, { view, sidePx, at, setView, onPoint, onOpen: open });
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
