/** @file The canvas of a map of units. */
import { useMemo, useRef, useState } from "preact/hooks";
import type { AtlasLayer, AtlasUnits } from "../../../src/atlas/site/site-data.ts";
import { unitAddress } from "../address.ts";
import { useAtlas } from "../atlas-context.ts";
import { drawMap } from "./map-drawing.ts";
import { LookedInto } from "./looked-into.tsx";
import { seenUnits, unitAt, wholeMap, type MapPlace, type MapView } from "./map-view.ts";
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
  const sidePx = Math.min(useWidth(frame), mostSide);
  const iconPx = sidePx < 500 ? smallIcon : largeIcon;
  const [view, setView] = useState<MapView>(wholeMap);
  const sheets = useSheets(layer.folder, layer.sheets);
  const seen = useMemo(
    () => seenUnits(places, view, { sidePx, iconPx, top: unit }),
    [places, view, sidePx, iconPx, unit],
  );
  const open = (to: number) => (location.hash = unitAddress(layer.folder, to));
  return (
    <LookedInto
      frame={frame}
      sidePx={sidePx}
      view={view}
      setView={setView}
      label={texts.mapOf}
      places={places}
      chosen={unit}
      at={(pixel) => unitAt(seen, pixel, iconPx)}
      draw={(canvas) =>
        drawMap(canvas, { layer, units, icons, sheets, seen, sidePx, iconPx, unit })
      }
      onPoint={onPoint}
      onClick={open}
      onOpen={open}
    />
  );
}
