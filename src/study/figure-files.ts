/** @file Files of a figure: pictures, charts and floats, named after it. */
import type { Platform } from "../app/platform.ts";
import { paintSheet } from "../app/render-sheet.ts";
import { encodeNpy } from "../formats/npy.ts";
import type { Figure, FigureCell, FigureChart } from "../report/record.ts";
import { studyChart } from "../report/section-chart.ts";
import type { ChartDescription, MadeCell, MadeFigure } from "../report/section.ts";
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
  const charts = figure.charts.map(({ alt }, i): FigureChart => {
    const name = figure.charts.length === 1 ? figure.id : `${figure.id}-${i + 1}`;
    return { file: `charts/${name}.svg`, alt };
  });
  await writeCharts(platform, folder, charts, figure.charts);
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

/** Draws charts into their files. */
export async function writeCharts(
  platform: Platform,
  folder: string,
  files: readonly FigureChart[],
  charts: readonly ChartDescription[],
): Promise<void> {
  for (const [i, { file }] of files.entries()) {
    const svg = studyChart(charts[i]!, await platform.chartDocument());
    await platform.writeWhole(joinPath(folder, file), svg);
  }
}

/** Paths of all files of some figures, from the report's folder on. */
export function filesOf(figures: readonly WrittenFigure[]): readonly string[] {
  return figures.flatMap(({ cells, charts, floats }) => [
    ...cells.map(({ file }) => file),
    ...charts.map(({ file }) => file),
    ...floats,
  ]);
}
