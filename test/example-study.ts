/** @file A small study with every kind of thing that a report shows, for tests of the report. */
import { parseHTML } from "linkedom/worker";
import { join } from "node:path";
import * as Plot from "@observablehq/plot";
import { picture } from "../src/image/picture.ts";
import { drawChart } from "../src/drawing/chart.ts";
import { encodePng } from "../src/node/codecs.ts";
import { writeWhole } from "../src/disk/files.ts";
import { count, measured, share } from "../src/report/measures.ts";
import type { Figure, FigureCell, Section, StudyRecord } from "../src/report/record.ts";

/** Writes the pictures and the chart of a made-up study to a folder, and returns its record. */
export async function writeExampleStudy(folder: string): Promise<StudyRecord> {
  const cells: FigureCell[] = [];
  for (let i = 0; i < 10; i++) cells.push(await writeCell(folder, i, 28));
  const wide = [await writeCell(folder, 10, 300), await writeCell(folder, 11, 300)];
  await writeWhole(join(folder, "charts", "depth.svg"), exampleChart());
  await writeWhole(join(folder, "data", "units.npy"), "floats");
  return {
    study: "limpid study",
    title: "How a network sees <digits> & more",
    seed: 3,
    quick: true,
    parts: [
      {
        name: "mnist",
        title: "Digits",
        lead: "What do the ten units of the last layer want to see?",
        sources: [
          {
            kind: "network",
            what: "the digits network, 1,199,882 parameters",
            origin: "shipped with Limpid",
            sha256: "0123456789abcdef0123456789abcdef",
          },
          {
            kind: "data",
            what: "2,000 drawn digits",
            origin: "drawn by Limpid from seed 3",
            standsFor: { what: "MNIST", why: "there is no network and no mirror" },
          },
        ],
        sections: [exampleSection(cells, wide)],
      },
    ],
    machine: { processor: "A processor", cores: 2, memoryBytes: 2 ** 33, system: "linux x64" },
    versions: { limpid: "0.1.0", node: "20.0.0" },
  };
}

function exampleSection(cells: readonly FigureCell[], wide: readonly FigureCell[]): Section {
  return {
    name: "units",
    title: "Ten units, ten pictures",
    paragraphs: ["A unit's picture is the input that excites it most. ".repeat(4)],
    figures: [
      exampleFigure("units", cells, 5),
      {
        ...exampleFigure("grids", wide, 2),
        warnings: ["One picture is flat."],
        floats: ["data/units.npy"],
      },
      {
        ...exampleFigure("depth", [], 1),
        charts: [
          { file: "charts/depth.svg", alt: "Entropy falls from 3 to 1 over three layers." },
          { file: "charts/depth.svg", alt: "The same once more." },
        ],
      },
    ],
    tables: [
      {
        title: "Layers",
        head: ["Layer", "Channels", "Zeros"],
        rows: [
          ["conv1", "32", "12 %"],
          ["conv2", "64", "40 %"],
        ],
      },
    ],
    claims: [
      {
        text: "The network reads all but a few of the digits that it has not seen.",
        measures: [share("accuracy", 0.9912), count("examples", 2000)],
      },
      { text: "Entropy falls.", measures: [measured("entropy", 3.25, "bits")] },
    ],
    series: {},
    seconds: 12.5,
  };
}

function exampleFigure(id: string, cells: readonly FigureCell[], columns: number): Figure {
  return {
    id,
    title: "What the units want",
    cells,
    columns,
    charts: [],
    floats: [],
    sees: "Each picture shows strokes that belong to its digit.",
    recipe: "Preset natural, 256 steps.",
    seed: 3,
    seconds: 4.2,
    warnings: [],
  };
}

async function writeCell(folder: string, index: number, sidePx: number): Promise<FigureCell> {
  const data = Uint8Array.from({ length: 3 * sidePx * sidePx }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % sidePx, Math.floor(i / 3 / sidePx)];
    return 127 + 120 * Math.sin((x * (index + 1)) / 5 + (y * (i % 3)) / 7);
  });
  const file = `pictures/cell-${index}.png`;
  await writeWhole(join(folder, file), await encodePng(picture(sidePx, sidePx, 3, data)));
  const enlarge = sidePx < 64 ? "squares" : "smooth";
  const alt = `Waves number ${index}`;
  return {
    file,
    widthPx: sidePx,
    heightPx: sidePx,
    alt,
    title: `${index}`,
    notes: ["p 0.98"],
    enlarge,
  };
}

function exampleChart(): string {
  const points = [1, 2, 3].map((depth) => ({ depth, value: 4 - depth }));
  const marks = [Plot.lineY(points, { x: "depth", y: "value", marker: "dot" })];
  const { document } = parseHTML("<html><body></body></html>");
  return drawChart([{ title: "Entropy", plot: { marks } }], document);
}
