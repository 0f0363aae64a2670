/** @file Draws a map of units: dots, icons from the layer's sheets, the chosen one on top. */
import type { AtlasLayer, AtlasUnits, SheetGrid } from "../../../src/atlas/site/site-data.ts";
import type { SeenUnit } from "./map-view.ts";
import { cellOf } from "../sheet-place.ts";

interface DrawnMap {
  readonly layer: AtlasLayer;
  readonly units: AtlasUnits;
  readonly icons: SheetGrid;
  readonly sheets: ReadonlyMap<string, HTMLImageElement>;
  readonly seen: readonly SeenUnit[];
  readonly sidePx: number;
  readonly iconPx: number;
  readonly unit: number | undefined;
}

export function drawMap(canvas: HTMLCanvasElement, map: DrawnMap): void {
  const { seen, sidePx, unit } = map;
  const density = devicePixelRatio;
  canvas.width = canvas.height = Math.round(sidePx * density);
  const pen = canvas.getContext("2d")!;
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(name);
  pen.scale(density, density);
  for (const each of seen) {
    const isChosen = each.unit === unit;
    if (each.isIcon)
      drawIcon(pen, map, each, isChosen ? 1.5 : 1, colour(isChosen ? "--accent" : "--panel"));
    else drawDot(pen, each, colour("--edge"));
  }
}

function drawDot(pen: CanvasRenderingContext2D, { x, y }: SeenUnit, colour: string): void {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.arc(x, y, 2.2, 0, 2 * Math.PI);
  pen.fill();
}

function drawIcon(
  pen: CanvasRenderingContext2D,
  { layer, units, icons, sheets, iconPx }: DrawnMap,
  { unit, x, y }: SeenUnit,
  scale: number,
  border: string,
): void {
  const side = scale * iconPx;
  const { file, left, top } = cellOf(icons, layer.sheets, unit, layer.channels);
  const sheet = file === undefined ? undefined : sheets.get(file);
  const edge = scale > 1 ? 3 : 1;
  pen.fillStyle = border;
  pen.fillRect(x - side / 2 - edge, y - side / 2 - edge, side + 2 * edge, side + 2 * edge);
  // Of silent units the picture shows nothing that was learned.
  pen.globalAlpha = units.units[unit]!.state === "live" ? 1 : 0.4;
  if (sheet) {
    const { sidePx } = icons;
    pen.drawImage(sheet, left, top, sidePx, sidePx, x - side / 2, y - side / 2, side, side);
  }
  pen.globalAlpha = 1;
}
