/** @file The canvas of an activation atlas. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { AtlasCells, AtlasLayer } from "../../../src/atlas/site/site-data.ts";
import { useAtlas } from "../atlas-context.ts";
import { useWidth } from "../measured.ts";
import { cellAt, drawCells, middleOf } from "./cell-drawing.ts";
import { useMapGestures } from "./map-gestures.ts";
import { keysOf } from "./map-keys.ts";
import { MapTools } from "./map-tools.tsx";
import { wholeMap, zoomed, type MapPlace, type MapView } from "./map-view.ts";
import { useSheets } from "./sheet-images.ts";
import { useViewTexts } from "./view-texts.ts";

/** The grid is square, as wide as there is room, and leaves some of the page to be seen; in pixels. */
const mostSide = 860;

interface CellCanvasProps {
  readonly layer: AtlasLayer;
  readonly cells: AtlasCells;
  readonly chosen: number | undefined;
  onPoint(cell: number): void;
  onOpen(): void;
}

export function CellCanvas({ layer, cells, chosen, onPoint, onOpen }: CellCanvasProps) {
  const texts = useViewTexts();
  const { icons } = useAtlas().index;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const sidePx = Math.min(useWidth(frame), mostSide);
  const [view, setView] = useState<MapView>(wholeMap);
  const sheets = useSheets(layer.folder, cells.sheets);
  const places = useMemo(() => cells.cells.map((cell) => middleOf(cell, cells.side)), [cells]);
  useEffect(() => {
    if (sidePx > 0) drawCells(canvas.current!, { cells, icons, sheets, view, sidePx, chosen });
  });
  const at = (pixel: MapPlace) => cellAt(cells, view, pixel, sidePx);
  const open = (cell: number) => {
    onPoint(cell);
    onOpen();
  };
  useMapGestures(canvas, { view, sidePx, at, setView, onPoint, onOpen: onPoint });
  const zoomBy = (by: number) =>
    setView((from) => zoomed(from, by, [sidePx / 2, sidePx / 2], sidePx));
  const onKeyDown = keysOf({
    places,
    unit: chosen,
    sidePx,
    setView,
    onPoint,
    zoomBy,
    onOpen: open,
  });
  return (
    <div class="map-frame wide" ref={frame}>
      <canvas
        ref={canvas}
        style={{
          width: `${sidePx}px`,
          height: `${sidePx}px`,
          touchAction: view.zoom > 1 ? "none" : "pan-y",
        }}
        tabIndex={0}
        role="application"
        aria-label={texts.cellsOf}
        aria-describedby="map-keys"
        onKeyDown={onKeyDown}
      />
      <MapTools view={view} onZoom={zoomBy} onWhole={() => setView(wholeMap)} />
    </div>
  );
}
