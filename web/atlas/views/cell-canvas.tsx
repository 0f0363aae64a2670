/** @file The canvas of an activation atlas. */
import { useMemo, useRef, useState } from "preact/hooks";
import type { AtlasCells, AtlasLayer } from "../../../src/atlas/site/site-data.ts";
import { useAtlas } from "../atlas-context.ts";
import { useWidth } from "../measured.ts";
import { cellAt, drawCells, middleOf } from "./cell-drawing.ts";
import { LookedInto } from "./looked-into.tsx";
import { wholeMap, type MapView } from "./map-view.ts";
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
  const sidePx = Math.min(useWidth(frame), mostSide);
  const [view, setView] = useState<MapView>(wholeMap);
  const sheets = useSheets(layer.folder, cells.sheets);
  const places = useMemo(() => cells.cells.map((cell) => middleOf(cell, cells.side)), [cells]);
  return (
    <LookedInto
      frame={frame}
      isWide
      sidePx={sidePx}
      view={view}
      setView={setView}
      label={texts.cellsOf}
      places={places}
      chosen={chosen}
      at={(pixel) => cellAt(cells, view, pixel, sidePx)}
      draw={(canvas) => drawCells(canvas, { cells, icons, sheets, view, sidePx, chosen })}
      onPoint={onPoint}
      onClick={onPoint}
      onOpen={(cell) => {
        onPoint(cell);
        onOpen();
      }}
    />
  );
}
