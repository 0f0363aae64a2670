/** @file Golden pictures of the sheets of inputs that are no photos: signals, volumes, bands, numbers. */
import { expect, test } from "vitest";
import { attributionSheet } from "../../src/app/attribute/sheet.ts";
import type { AttributionFigure } from "../../src/app/attribute/figure.ts";
import type { Heatmap } from "../../src/attribution/heatmap.ts";
import { barList } from "../../src/drawing/bar-list.ts";
import { signalSheet, type SignalMap } from "../../src/drawing/signal-sheet.ts";
import type { SheetLayout } from "../../src/drawing/sheet.ts";
import { volumeSheet, type VolumeMap } from "../../src/drawing/volume-sheet.ts";
import type { InputPart } from "../../src/graph/input-parts.ts";
import { tensor } from "../../src/graph/tensor.ts";
import { commandWords } from "../../src/wording/face.ts";
import { plane, type Plane } from "../../src/image/picture.ts";
import { stretchOf } from "../../src/image/stretch.ts";
import type { Volume } from "../../src/image/volume.ts";
import { expectGolden } from "../golden-picture.ts";
import { drawn, hills } from "./inputs.ts";

const heading = "atrial fibrillation";
const note = "class 1  ·  probability 0.9312  ·  logit 4.2";

/** Four seconds of beats, a channel the smaller the later it comes. */
function beats(channels: number, samples: number): Plane {
  const wave = (t: number, middle: number, wide: number) =>
    Math.exp(-((t - middle) ** 2) / (2 * wide ** 2));
  const data = Float32Array.from({ length: channels * samples }, (_, i) => {
    const c = Math.floor(i / samples);
    const t = (4.4 * ((i % samples) / samples) + 0.02 * c) % 1;
    const beat = 1.2 * wave(t, 0.4, 0.015) - 0.3 * wave(t, 0.44, 0.012) + 0.3 * wave(t, 0.65, 0.04);
    return (1 - 0.3 * c) * beat + 0.02 * Math.sin(9 * t);
  });
  return plane(samples, channels, data);
}

/** Weight at 42 % of the time and, if signed, against it at 70 %. */
function weights(channels: number, samples: number, signed: boolean): Plane {
  const data = Float32Array.from({ length: channels * samples }, (_, i) => {
    const t = ((i % samples) + 0.5) / samples;
    const hill = 1.3 * Math.exp(-((t - 0.42) ** 2) / 0.002);
    const hollow = signed ? 0.8 * Math.exp(-((t - 0.7) ** 2) / 0.001) : 0;
    return (hill - hollow) / (1 + Math.floor(i / samples));
  });
  return plane(samples, channels, data);
}

const named = (count: number) => Array.from({ length: count }, (_, i) => `channel ${i}`);

const signalMap = (map: Plane, more: Partial<SignalMap> = {}): SignalMap => ({
  title: "Input × gradient",
  where: "of samples",
  map,
  signed: true,
  unit: "logit",
  text: "maximum at sample 168 of 400; 6 % of the signal holds half of the positive mass",
  warnings: [],
  ...more,
});

test("a signal of two channels: a map of a layer, one of samples, and one that failed", async () => {
  const coarse = signalMap(weights(1, 25, false), {
    title: "Grad-CAM",
    where: "on conv3, 25 places",
    signed: false,
    unit: "weighted activation",
  });
  const failed = { title: "LRP", failure: "the network must have rules for LSTM, got none." };
  const maps = [coarse, signalMap(weights(2, 400, true)), failed];
  const layout = signalSheet({
    title: "ecg.npy",
    subtitle: "ecg.onnx  ·  3 methods",
    axis: { name: "seconds", from: 0, to: 4 },
    names: named(2),
    sections: [{ signal: beats(2, 400), heading, note, maps }],
  });
  await expectGolden("signal-two-channels", drawn(layout));
});

test("a signal of one sample, one that is the same everywhere, and a map without a positive number", async () => {
  const sections = [
    { signal: plane(1, 1, Float32Array.of(3)), values: [-2] },
    { signal: plane(5, 1, new Float32Array(5).fill(3)), values: [-2, -1, -3, -1, Number.NaN] },
    { signal: beats(1, 300), values: Array.from({ length: 300 }, () => 0) },
  ].map(({ signal, values }) => ({
    signal,
    heading,
    note,
    maps: [signalMap(plane(values.length, 1, Float32Array.from(values)), { text: "odd" })],
  }));
  const axis = { name: "sample", from: 0, to: 5, isCounted: true };
  const layout = signalSheet({
    title: "odd.npy",
    subtitle: "a.onnx",
    axis,
    names: ["value"],
    sections,
  });
  await expectGolden("signal-odd", drawn(layout));
});

test("of many channels those with the largest numbers are shown, in their order", () => {
  const map = plane(
    3,
    100,
    Float32Array.from({ length: 300 }, (_, i) => (i < 90 ? 0 : i)),
  );
  const signal = beats(100, 3);
  const axis = { name: "sample", from: 0, to: 3, isCounted: true };
  const layout = signalSheet({
    title: "",
    subtitle: "",
    axis,
    names: named(100),
    sections: [{ signal, heading, note, maps: [signalMap(map)] }],
  });
  expect(layout.footer).toMatch(/Of 100 channels the 64 with the largest numbers/);
  expect(drawn(layout).heightPx).toBeGreaterThan(64 * 20);
});

function volumeOf(
  dims: Volume["dims"],
  value: (z: number, y: number, x: number) => number,
): Volume {
  const [depth, height, width] = dims;
  const data = Float32Array.from({ length: depth * height * width }, (_, i) => {
    const z = (Math.floor(i / (height * width)) + 0.5) / depth;
    const y = ((Math.floor(i / width) % height) + 0.5) / height;
    return value(z, y, ((i % width) + 0.5) / width);
  });
  return { dims, data };
}

/** A head with a bright spot. */
const head = (z: number, y: number, x: number) => {
  const r = Math.hypot((x - 0.5) / 0.42, (y - 0.5) / 0.46, (z - 0.5) / 0.48);
  const isSpot = Math.hypot(x - 0.35, y - 0.4, z - 0.62) < 0.08;
  return r > 1 ? 0 : r > 0.88 ? 900 : r > 0.84 ? 0 : 400 + (isSpot ? 250 : 60 * Math.sin(20 * x));
};
const spot = (signed: boolean) => (z: number, y: number, x: number) => {
  const near = Math.exp(-((x - 0.35) ** 2 + (y - 0.4) ** 2 + (z - 0.62) ** 2) / 0.012);
  const far = Math.exp(-((x - 0.7) ** 2 + (y - 0.6) ** 2 + (z - 0.4) ** 2) / 0.01);
  return 2.1 * near - (signed ? 1.2 * far : 0);
};

const volumeMap = (map: Volume, more: Partial<VolumeMap> = {}): VolumeMap => ({
  title: "Gradient",
  where: "of voxels",
  map,
  signed: true,
  unit: "d logit / d voxel",
  text: "maximum at slice 13 of 20, row 15 of 36, column 11 of 30",
  warnings: [],
  ...more,
});

function volumes(volume: Volume, maps: readonly VolumeMap[], more = {}): SheetLayout {
  const shown = { volume, stretch: stretchOf(volume.data), spacing: [1, 1, 1] as const, ...more };
  return volumeSheet({
    title: "scan.nii.gz",
    subtitle: "tumour.onnx  ·  2 methods",
    sections: [{ shown, heading: "glioma", note, maps }],
    remark: "",
  });
}

test("a volume that says how it lies: a map of a layer and a signed one of voxels", async () => {
  const coarse = volumeMap(volumeOf([5, 9, 8], spot(false)), {
    title: "Grad-CAM",
    where: "on conv4, 5 × 9 × 8",
    signed: false,
    unit: "weighted activation",
  });
  const fine = volumeMap(volumeOf([20, 36, 30], spot(true)));
  const place = { spacing: [6, 4, 4], towards: ["S", "A", "R"] };
  const layout = volumes(volumeOf([20, 36, 30], head), [coarse, fine], place);
  await expectGolden("volume-head", drawn(layout));
});

test("a volume of one slice and a map without a positive number; and a blank map of a plain one", async () => {
  const thin = volumeOf([1, 16, 24], (_, y, x) => x * y);
  const negative = volumeMap(volumeOf([1, 16, 24], (_z, _y, x) => -x));
  await expectGolden("volume-thin", drawn(volumes(thin, [negative])));
  const plain = volumeOf([4, 4, 4], () => 5);
  const blank = volumeMap(
    volumeOf([4, 4, 4], () => 0),
    { warnings: ["the map is 0 everywhere"] },
  );
  await expectGolden("volume-blank", drawn(volumes(plain, [blank])));
});

test("bars: of both signs, of one, of none, and of more than are shown", async () => {
  const bars = (count: number, value: (i: number) => number) =>
    barList(Array.from({ length: count }, (_, i) => ({ name: `band ${i + 1}`, value: value(i) })));
  const cells = [
    { title: "both signs", drawing: bars(12, (i) => 0.4 * Math.sin(2 * i) + 0.1) },
    { title: "64", drawing: bars(64, (i) => 0.4 * Math.sin(2 * i) + 0.1) },
    { title: "negative", drawing: bars(5, (i) => -i) },
    { title: "zeros", drawing: bars(3, () => 0) },
  ];
  await expectGolden("bars", drawn({ rows: [{ cells }], cellWidthPx: 200, cellHeightPx: 220 }));
});

/** A map of an input's own places. */
function heatmap(part: InputPart, dims: readonly number[], value: (i: number) => number): Heatmap {
  const count = dims.reduce((product, size) => product * size, 1);
  return {
    data: Float32Array.from({ length: count }, (_, i) => value(i)),
    dims,
    part: part.name,
    kind: part.kind,
    method: "integrated-gradients",
    layer: part.name,
    unit: "logit",
    target: 1,
    score: 4.2,
    scoreName: "logit",
    logit: 4.2,
    probability: 0.9312,
    warnings: [],
  };
}

const picturePart: InputPart = {
  name: "x",
  kind: "picture",
  dims: [1, 12, 24, 32],
  axes: ["N", "C", "H", "W"],
  channels: 12,
  sides: [24, 32],
  firstChannel: 0,
};

function figureOf(
  parts: readonly InputPart[],
  maps: readonly Heatmap[],
  more: Pick<AttributionFigure, "input"> & Partial<AttributionFigure>,
): AttributionFigure {
  const results = maps.map((map) => ({ method: map.method, map }));
  return {
    title: "tile.tif",
    modelName: "crops.onnx",
    inputName: "x",
    seen: undefined,
    parts,
    sections: [{ row: 0, heading: "winter wheat", note, results }],
    words: commandWords,
    ...more,
  };
}

/** Fields with a river, in twelve bands, and a corner without data. */
const fields = Float32Array.from({ length: 12 * 24 * 32 }, (_, i) => {
  const [band, place] = [Math.floor(i / 768), i % 768];
  const [y, x] = [Math.floor(place / 32), place % 32];
  if (x + y < 8) return -9999;
  const isRiver = Math.abs(y - 12 - 4 * Math.sin(x / 5)) < 2;
  const field = Math.floor(x / 8) + 4 * Math.floor(y / 8);
  return (isRiver ? 0.3 : 1) * (300 + 150 * band) * (0.6 + 0.1 * ((field * 7 + band) % 6));
});

test("twelve bands, of which three are shown, and the sum of each", async () => {
  const { data } = hills(32, 24, true);
  const map = heatmap(picturePart, [12, 24, 32], (i) => {
    return data[i % 768]! * Math.sin(Math.floor(i / 768) + 1);
  });
  const input = tensor("float32", [1, 12, 24, 32], fields);
  const figure = figureOf([picturePart], [map], {
    input,
    nodata: -9999,
    shown: { bands: [3, 2, 1] },
  });
  await expectGolden("bands-twelve", drawn(attributionSheet(figure)));
});

test("a spectrogram with axes, the first row at the bottom, told in hertz and seconds", async () => {
  const part: InputPart = { ...picturePart, dims: [1, 1, 40, 60], channels: 1, sides: [40, 60] };
  const sweep = Float32Array.from({ length: 2400 }, (_, i) => {
    const [row, column] = [Math.floor(i / 60), i % 60];
    return Math.exp(-((row - 6 - 0.45 * column) ** 2) / 6);
  });
  const map = heatmap(part, [1, 40, 60], (i) => sweep[i]! * (i % 60 > 40 ? 1 : -0.3));
  const axes = {
    rows: { name: "Hz", from: 0, to: 8000 },
    columns: { name: "s", from: 0, to: 2 },
    isUp: true,
  };
  const input = tensor("float32", [1, 1, 40, 60], sweep);
  const sheet = attributionSheet(figureOf([part], [map], { input, shown: { axes } }));
  expect(sheet.rows[0]!.notes![0]).toMatch(/^maximum at 5700\u00a0Hz and 1\.65\u00a0s;/);
  await expectGolden("spectrogram", drawn(sheet));
});

test("several inputs: a picture, a signal and numbers, each by its name", async () => {
  const rgb: InputPart = { ...picturePart, name: "rgb", dims: [1, 3, 24, 32], channels: 3 };
  const pulse: InputPart = {
    name: "pulse",
    kind: "signal",
    dims: [1, 1, 30],
    axes: ["N", "C", "T"],
    channels: 1,
    sides: [30],
    firstChannel: 3,
  };
  const age: InputPart = {
    ...pulse,
    name: "age",
    kind: "numbers",
    dims: [1, 2],
    axes: ["N", "K"],
    sides: [2],
    firstChannel: 4,
  };
  const { data } = hills(32, 24, true);
  const maps = [
    heatmap(rgb, [3, 24, 32], (i) => data[i % 768]!),
    heatmap(pulse, [1, 30], (i) => Math.sin(i / 4)),
    heatmap(age, [2], (i) => (i === 0 ? 1.2 : -0.4)),
  ];
  const values = Float32Array.from({ length: 5 * 768 }, (_, i) => Math.sin(i / 40) + (i % 32) / 32);
  const input = tensor("float32", [1, 5, 24, 32], values);
  await expectGolden(
    "inputs-several",
    drawn(attributionSheet(figureOf([rgb, pulse, age], maps, { input }))),
  );
});

test("many numbers without neighbours are a line", async () => {
  const part: InputPart = {
    ...picturePart,
    kind: "flat",
    dims: [1, 784],
    axes: ["N", "K"],
    channels: 1,
    sides: [784],
  };
  const ring = Float32Array.from({ length: 784 }, (_, i) => {
    return Math.abs(Math.hypot(Math.floor(i / 28) - 14, (i % 28) - 14) - 8) < 2 ? 1 : 0;
  });
  const map = heatmap(part, [784], (i) => ring[i]! * Math.cos(i / 60));
  const input = tensor("float32", [1, 1, 1, 784], ring);
  await expectGolden("numbers-many", drawn(attributionSheet(figureOf([part], [map], { input }))));
});

test("a few numbers are bars with what was fed, of two methods; and a pair of pictures", async () => {
  const part: InputPart = {
    ...picturePart,
    name: "measured",
    kind: "flat",
    dims: [1, 6],
    axes: ["N", "K"],
    channels: 1,
    sides: [6],
  };
  const fed = Float32Array.of(0, 1.5, -0.25, 41, 1200, 0.003);
  const bars = [
    heatmap(part, [6], (i) => Math.sin(i * 1.3)),
    { ...heatmap(part, [6], (i) => i / 10), method: "gradient" },
  ];
  const input = tensor("float32", [1, 1, 1, 6], fed);
  await expectGolden("numbers-few", drawn(attributionSheet(figureOf([part], bars, { input }))));

  const left: InputPart = { ...picturePart, name: "left", dims: [1, 3, 24, 32], channels: 3 };
  const right: InputPart = { ...left, name: "right", firstChannel: 3 };
  const { data } = hills(32, 24, true);
  const maps = [left, right].map((each, side) =>
    heatmap(each, [3, 24, 32], (i) => data[i % 768]! * (side === 0 ? 1 : -0.5)),
  );
  const pair = Float32Array.from({ length: 6 * 768 }, (_, i) =>
    Math.sin(i / (i < 3 * 768 ? 40 : 97)),
  );
  const both = tensor("float32", [1, 6, 24, 32], pair);
  await expectGolden(
    "inputs-pair",
    drawn(attributionSheet(figureOf([left, right], maps, { input: both }))),
  );
});
