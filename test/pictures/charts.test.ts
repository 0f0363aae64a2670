/** @file Golden charts: of activations over depth, of training, and of each kind in a study's report. */
import { test } from "vitest";
import { depthChart } from "../../src/app/activations/depth-chart.ts";
import { setChart, type DepthPoint } from "../../src/app/activations/set-chart.ts";
import { historyChart, evaluationChart } from "../../src/app/train/figures.ts";
import { studyChart } from "../../src/report/section-chart.ts";
import { expectGoldenChart } from "../golden-picture.ts";
import { chartDocument } from "./inputs.ts";

const depths = (count: number) => Array.from({ length: count }, (_, i) => i / (count - 1));

test("one picture over the depth of a network", async () => {
  const layers = depths(14).map((depth, i) => ({
    isConvolution: i % 3 === 0,
    channels: 64,
    statistics: {
      zeroShare: 0.2 + 0.6 * depth,
      deadChannels: Array.from({ length: i }, (_, c) => c),
      mean: 1,
      spread: 1,
      effectiveChannels: 50 - 30 * depth,
      pictureLikeness: i === 13 ? undefined : 0.7 - 0.5 * depth,
    },
  }));
  await expectGoldenChart("chart-depth", depthChart(layers, chartDocument));
});

test("a folder of pictures over the depth of a network, with classes", async () => {
  const layers = depths(6).map((depth, i): DepthPoint => {
    const around = (mean: number) => ({ mean, low: mean - 0.05, high: mean + 0.05 });
    return {
      isConvolution: i % 2 === 0,
      zeroShare: around(0.2 + 0.6 * depth),
      deadShare: 0.05 * depth,
      silentShare: 0.1 + 0.3 * depth,
      effectiveShare: 0.7 - 0.4 * depth,
      found: around(0.35 + 0.5 * depth),
    };
  });
  await expectGoldenChart("chart-set", setChart(layers, 0.25, chartDocument));
});

test("the course of training", async () => {
  const history = Array.from({ length: 8 }, (_, i) => ({
    epoch: i + 1,
    rate: 0.001,
    seconds: 2,
    stepSeconds: 1,
    training: { examples: 500, loss: 2.2 * 0.6 ** i, accuracy: 1 - 0.8 * 0.6 ** i },
    heldOut: { examples: 100, loss: 0.3 + 1.9 * 0.6 ** i, accuracy: 0.93 - 0.7 * 0.6 ** i },
  }));
  await expectGoldenChart("chart-history", historyChart(history, chartDocument));
});

const confusion = [
  [480, 12, 0, 8],
  [20, 455, 25, 0],
  [0, 31, 469, 0],
  [2, 0, 0, 498],
] as const;
const classes = ["cat", "dog", "water ouzel", "ship"] as const;

test("an evaluation", async () => {
  const counts = {
    examples: 2000,
    right: 1902,
    accuracy: 0.951,
    interval: [0.9406, 0.9596],
  } as const;
  const evaluation = { ...counts, loss: 0.2, confusion, predictions: [] };
  await expectGoldenChart("chart-evaluation", evaluationChart(evaluation, classes, chartDocument));
});

const layerNames = ["conv1", "conv2", "pool2", "conv3", "conv4", "fc"] as const;
const series = (label: string, of: (i: number) => number) => ({
  label,
  points: layerNames.map((x, i) => ({ x, y: of(i) })),
});

test("lines of a study", async () => {
  const chart = {
    title: "Entropy of what units want",
    alt: "",
    kind: "lines" as const,
    x: "layer",
    y: "bits",
    series: [series("natural", (i) => 7 - i / 2), series("plain", (i) => 5 + Math.sin(2 * i))],
  };
  await expectGoldenChart("chart-study-lines", studyChart(chart, chartDocument));
});

test.each([
  ["bars", (i: number) => i * i],
  ["bars-of-none", () => 0],
])("%s of a study", async (name, of) => {
  const named = { ...series("dead", of), label: "dead" };
  const points = named.points.map(({ x, y }) => ({ x: `${x}/activation`, y }));
  const chart = {
    title: "Dead channels",
    alt: "",
    kind: "bars" as const,
    x: "layer",
    y: "channels",
    series: [{ label: "dead", points }],
  };
  await expectGoldenChart(`chart-study-${name}`, studyChart(chart, chartDocument));
});

test("a confusion matrix of a study", async () => {
  const digits = Array.from({ length: 10 }, (_, i) => String(i));
  const counts = digits.map((_, i) => digits.map((__, k) => (i === k ? 98 - i : (i * k) % 3)));
  const chart = {
    title: "Confusion",
    alt: "",
    kind: "confusion" as const,
    classes: digits,
    confusion: counts,
  };
  await expectGoldenChart("chart-study-confusion", studyChart(chart, chartDocument));
});
