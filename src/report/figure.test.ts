import { expect, test } from "vitest";
import { figureHtml } from "./figure.ts";
import type { Figure } from "./record.ts";

function figureOf(cells: number, columns: number): Figure {
  return {
    id: "mistakes",
    title: "Mistakes",
    cells: Array.from({ length: cells }, (_, i) => ({
      file: `pictures/${i}.png`,
      widthPx: 28,
      heightPx: 28,
      alt: `mistake ${i}`,
      enlarge: "squares",
    })),
    columns,
    charts: [],
    floats: [],
    sees: "",
    recipe: "",
    seed: null,
    seconds: 1,
    warnings: [],
  };
}

test.each([
  [7, 6, 4],
  [10, 5, 5],
  [1, 4, 4],
  [12, 6, 6],
])("%i cells in at most %i columns stand in %i", (cells, most, columns) => {
  const { text } = figureHtml(figureOf(cells, most), "Figure 1.1", () => "");
  expect(text).toContain(`(100% - ${columns - 1} * 0.9rem) / ${columns})`);
});

test.each([
  [0, "Took 1.0 s. "],
  [1, "Data: 0.npy."],
  [3, "Data: 0.npy, 1.npy, 2.npy."],
  [4, "Data: 0.npy, 1.npy, 2.npy and 1 more beside it."],
  [6, "Data: 0.npy, 1.npy, 2.npy and 3 more beside them."],
])("%i files are told in one sentence", (files, sentence) => {
  const floats = Array.from({ length: files }, (_, i) => `data/${i}.npy`);
  const { text } = figureHtml({ ...figureOf(1, 1), floats }, "Figure 1.1", () => "");
  const words = text.replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ");
  expect(words).toContain(sentence);
});
