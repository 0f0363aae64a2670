/** @file Files of a figure: pictures, charts and floats, named after it. */
import type { Platform } from "../app/platform.ts";
import { paintSheet } from "../app/render-sheet.ts";
import { encodeNpy } from "../formats/npy.ts";
import type { Figure, FigureCell, FigureChart } from "../report/record.ts";
import { studyChart } from "../report/section-chart.ts";
import type { MadeCell, MadeFigure } from "../report/section.ts";
import { joinPath } from "../wording/paths.ts";

/** A figure whose files are written; how long its section took is known later. */
export type WrittenFigure = Omit<Figure, "seconds">;

/** Writes the files of a figure to the report's folder. Throws `bad-file` where that cannot be. */
export async function writeFigure(
  platform: Platform,
  folder: string,
  figure: MadeFigure,
): Promise<WrittenFigure> {
  const cells = await writeCells(platform, folder, figure);
  const charts = await writeCharts(platform, folder, figure);
  const floats: string[] = [];
  for (const { name, value } of figure.floats) {
    const file = `data/${name}.npy`;
    await platform.writeWhole(joinPath(folder, file), encodeNpy(value));
    floats.push(file);
  }
  return { ...figure, cells, charts, floats };
}

async function writeCells(platform: Platform, folder: string, { id, cells }: MadeFigure) {
  const written: FigureCell[] = [];
  for (const [i, cell] of cells.entries()) {
    const number = String(i).padStart(String(cells.length - 1).length, "0");
    const name = cells.length === 1 ? id : `${id}-${number}`;
    written.push(await writeCell(platform, folder, `pictures/${name}.png`, cell));
  }
  return written;
}

async function writeCell(
  platform: Platform,
  folder: string,
  file: string,
  { picture, ...said }: MadeCell,
): Promise<FigureCell> {
  const pixels = "rows" in picture ? await paintSheet(platform, picture) : picture;
  const bytes = await platform.encodePicture([pixels], { kind: "png" });
  await platform.writeWhole(joinPath(folder, file), bytes);
  return { ...said, file, widthPx: pixels.widthPx, heightPx: pixels.heightPx };
}

async function writeCharts(platform: Platform, folder: string, { id, charts }: MadeFigure) {
  const written: FigureChart[] = [];
  for (const [i, chart] of charts.entries()) {
    const name = charts.length === 1 ? id : `${id}-${i + 1}`;
    const file = `charts/${name}.svg`;
    const svg = studyChart(chart, await platform.chartDocument());
    await platform.writeWhole(joinPath(folder, file), svg);
    written.push({ file, alt: chart.alt });
  }
  return written;
}

/** Paths of all files of some figures, from the report's folder on. */
export function filesOf(figures: readonly WrittenFigure[]): readonly string[] {
  return figures.flatMap(({ cells, charts, floats }) => [
    ...cells.map(({ file }) => file),
    ...charts.map(({ file }) => file),
    ...floats,
  ]);
}
