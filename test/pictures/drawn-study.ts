/** @file The parts of a made-up study with every kind of figure that the real one has. */
import { contactSheet } from "../../src/drawing/contact-sheet.ts";
import { heatmapScale } from "../../src/drawing/heatmap-scale.ts";
import { heatOver } from "../../src/drawing/heatmap-sheet.ts";
import { colorize, scaleFor } from "../../src/image/colormap.ts";
import { toGrey } from "../../src/image/picture.ts";
import { pictureGrid } from "../../src/image/raster.ts";
import { channelPlanes } from "../../src/activations/layer-values.ts";
import { count, measured, share } from "../../src/report/measures.ts";
import type { Part, Section } from "../../src/report/record.ts";
import type { MadeCell, MadeFigure } from "../../src/report/section.ts";
import { jobPlatform } from "../../src/app/job-platform.ts";
import { nodePlatform } from "../../src/node/platform.ts";
import { writeFigure } from "../../src/study/figure-files.ts";
import { writeReport } from "../../src/study/report-folder.ts";
import { channelMaps, hills, scene } from "./inputs.ts";

const many = (length: number) => Array.from({ length }, (_, i) => i);

function figure(id: string, title: string, more: Partial<MadeFigure>): MadeFigure {
  return {
    id,
    title,
    cells: [],
    columns: 1,
    charts: [],
    floats: [],
    sees: "What one sees in it is told here, in a sentence or two.",
    recipe: "Preset natural, 64 steps of adam at 0.05.",
    seed: null,
    warnings: [],
    ...more,
  };
}

/** Small pictures whose pixels are shown. */
const units = figure("units", "What the ten units want to see", {
  cells: many(10).map((i) => ({
    picture: toGrey(scene(28, 28, i)),
    alt: `unit ${i}`,
    title: `${i}`,
    notes: [`read as ${i}, 99.${i} %`, `logit ${12 + i}`],
    enlarge: "squares",
  })),
  columns: 5,
  seed: 1,
});

const grid = (columns: number, rows: number, sidePx: number) =>
  pictureGrid(
    many(columns * rows).map((i) => scene(sidePx, sidePx, i)),
    columns,
    3,
  );

/** Grids of pictures and charts of lines below them. */
const sweep = figure("sweep", "Total variation from none to 10", {
  cells: many(5).map((weight) => ({
    picture: grid(5, 2, 28),
    alt: `weight ${weight}`,
    title: `weight ${weight}`,
    notes: ["10 of 10 read as their own", "median logit 17.2"],
    enlarge: "squares",
  })),
  columns: 3,
  charts: ["Median logit", "Median total variation"].map((title, i) => ({
    title,
    alt: title,
    kind: "lines",
    x: "weight",
    y: i === 0 ? "logit" : "variation",
    series: [
      {
        label: title,
        points: many(5).map((x) => ({ x: `${x}`, y: (20 - 3 * x) / (i + 1) })),
      },
    ],
  })),
  seed: 1,
});

/** Two grids side by side, with a warning. */
const filters = figure("filters", "12 filters of block3_conv1", {
  cells: ["As the Keras blog made them in 2016", "Preset natural"].map((title) => ({
    picture: grid(4, 3, 48),
    alt: title,
    title,
    notes: ["median activation 1,234"],
    enlarge: "smooth",
  })),
  columns: 2,
  warnings: ["nothing excites filter 7: the picture shows noise"],
  seed: 1,
});

/** The sheet of a layer. */
const layer = figure("layer", "conv2d_1, 32 channels", {
  cells: [
    {
      picture: contactSheet({
        title: "conv2d_1",
        cells: channelPlanes(channelMaps(32, 10, 10, [6])).map((map, i) =>
          i === 6
            ? { title: `${i}`, empty: "dead" }
            : {
                title: `${i}`,
                picture: colorize(map, scaleFor(map.data, { signed: false })),
                captions: ["1.25"],
              },
        ),
        cellWidthPx: 76,
        cellHeightPx: 76,
      }),
      alt: "All 32 channels of conv2d_1",
      enlarge: "smooth",
    },
  ],
});

/** One picture and charts of bars and lines. */
const depth = figure("depth", "Sparser and more abstract", {
  cells: [
    { picture: scene(64), alt: "photo", title: "cat.jpg", notes: ["64 × 64"], enlarge: "smooth" },
  ],
  columns: 4,
  charts: (["Zeros", "Dead channels", "Likeness to the picture"] as const).map((title, i) => ({
    title,
    alt: title,
    kind: i === 2 ? "lines" : "bars",
    x: "layer",
    y: ["% of the numbers", "channels", "correlation"][i]!,
    series: [
      {
        label: title,
        points: many(8).map((k) => ({
          x: `conv2d_${k}`,
          y: [10 * k, Math.max(0, k - 4), 0.8 - k / 10][i]!,
        })),
      },
    ],
  })),
});

/** Who was taken for whom, and the pictures of it. */
const confusion = figure("confusion", "What was taken for what", {
  charts: [
    {
      title: "Confusion",
      alt: "Confusion",
      kind: "confusion",
      classes: many(10).map(String),
      confusion: many(10).map((i) => many(10).map((k) => (i === k ? 98 - i : (i * k) % 3))),
    },
  ],
});

const wrong = figure("most-wrong", "The surest mistakes", {
  cells: many(7).map((i) => ({
    picture: toGrey(scene(28, 28, i + 3)),
    alt: `mistake ${i}`,
    title: `${i}, read as ${(i + 5) % 10}`,
    notes: ["sure to 97.3 %"],
    enlarge: "squares",
  })),
  columns: 6,
});

/** A row a photo: the photo, then a map of each method over it. */
const saliency = figure("saliency", "What decides for the network", {
  cells: many(2).flatMap((row): readonly MadeCell[] => {
    const photo = scene(56, 56, 2 * row);
    const maps = ["Grad-CAM", "Gradient", "Guided backpropagation"].map((title, i) => {
      const map = hills(i === 0 ? 7 : 56, i === 0 ? 7 : 56, i > 0, 2 * row);
      return {
        picture: heatOver(photo, map, heatmapScale(map, i > 0)),
        alt: `${title} of photo ${row}`,
        title,
        notes: ["water ouzel, 99.9 %", "81.2 % of the mass in the box"],
        enlarge: "smooth" as const,
      };
    });
    return [
      { picture: photo, alt: `photo ${row}`, title: `photo-${row}.jpg`, enlarge: "smooth" },
      ...maps,
    ];
  }),
  columns: 4,
});

/** A section whose files are yet to be written. */
interface DrawnSection extends Omit<Section, "figures"> {
  readonly figures: readonly MadeFigure[];
}

function section(name: string, title: string, figures: readonly MadeFigure[]): DrawnSection {
  return {
    name,
    title,
    paragraphs: ["Each picture starts as grey noise and is changed step by step. ".repeat(3)],
    figures,
    tables: [
      {
        title: `Numbers of ${title.toLowerCase()}`,
        head: ["Layer", "Channels", "Size", "Zeros"],
        rows: many(3).map((i) => [`conv2d_${i}`, `${32 * (i + 1)}`, "28 × 28", `1${i}.5 %`]),
      },
    ],
    claims: [
      {
        text: "of the pictures get their own class. The true share lies between 94 % and 96 %.",
        measures: [share("accuracy", 0.951), count("right", 1902, 2000)],
      },
      { text: "is the entropy of what units want.", measures: [measured("entropy", 3.25, "bits")] },
    ],
    series: {},
    seconds: 12.5,
  };
}

/** Two parts, one of which stands in for something that was not to be had. */
const drawnParts: readonly (Omit<Part, "sections"> & {
  readonly sections: readonly DrawnSection[];
})[] = [
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
        origin: "drawn by Limpid from seed 1",
        standsFor: { what: "MNIST", why: "there is no network and no mirror" },
      },
    ],
    sections: [
      section("accuracy", "How well it tells digits apart", [confusion, wrong]),
      section("units", "Ten units, ten pictures", [units, sweep]),
    ],
  },
  {
    name: "vgg",
    title: "Filters, layers and maps",
    lead: "What does each layer keep of a picture?",
    sources: [],
    sections: [section("layers", "From early to late", [filters, depth, layer, saliency])],
  },
];

/** Writes the study with all its files to a folder; returns the page's path. */
export async function writeDrawnStudy(folder: string): Promise<string> {
  const parts: Part[] = [];
  for (const part of drawnParts) {
    const sections: Section[] = [];
    for (const drawn of part.sections) {
      const figures = await Promise.all(
        drawn.figures.map((made) => writeFigure(nodePlatform, folder, made)),
      );
      const timed = figures.map((written) => ({ ...written, seconds: 4.2 }));
      sections.push({ ...drawn, figures: timed });
    }
    parts.push({ ...part, sections });
  }
  return writeReport(jobPlatform(nodePlatform), folder, {
    study: "limpid study",
    title: "How a network sees",
    seed: 1,
    quick: true,
    parts,
    machine: { processor: "A processor", cores: 2, memoryBytes: 2 ** 33, system: "linux x64" },
    versions: { limpid: "0.1.0", node: "20.0.0" },
  });
}
