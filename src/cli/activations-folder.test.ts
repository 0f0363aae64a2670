/** @file Folders through `limpid activations`: what is found, what is broken, and going on after a stop. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel, smallNetwork } from "../../test/command-line.ts";
import { folderRecordSchema, folderSummarySchema } from "../app/activations/schema.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import type { Picture } from "../image/picture.ts";
import { decodePicture, encodePng } from "../node/codecs.ts";
import { openModel } from "../node/open-model.ts";
import { randomStream } from "../random.ts";
import { showActivations, type ActivationsCommand } from "./commands/activations.ts";

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);

/** Noise around a grey. */
function noise(name: string, middle: number): Picture {
  const random = randomStream("picture", name);
  const data = Uint8Array.from({ length: 192 }, () => middle - 40 + random.below(81));
  return { widthPx: 8, heightPx: 8, channels: 3, data };
}

const classes = { bright: 200, dark: 50 } as const;
const numbers = [0, 1, 2, 3, 4];

beforeAll(async () => {
  folder = await folderWithModel();
  for (const [name, middle] of Object.entries(classes)) {
    mkdirSync(at("photos", name), { recursive: true });
    for (const i of numbers) {
      // oxlint-disable-next-line no-await-in-loop -- ten pictures of 8 by 8
      const bytes = await encodePng(noise(`${name}${i}`, middle));
      writeFileSync(at("photos", name, `${i}.png`), bytes);
    }
  }
  mkdirSync(at("mixed"));
  writeFileSync(at("mixed", "a.png"), readFileSync(at("good.png")));
  writeFileSync(at("mixed", "b.png"), readFileSync(at("good.png")).subarray(0, 90));
  writeFileSync(at("mixed", "c.png"), readFileSync(at("good.png")));
  // The same weights as those of good.onnx, for any number of pictures at once.
  const random = randomStream("command line");
  const network = smallNetwork(() => random.normal());
  const [input, output] = [network.inputs[0]!, network.outputs[0]!];
  const open = {
    ...network,
    inputs: [{ ...input, dims: ["N", 3, 8, 8] }],
    outputs: [{ ...output, dims: ["N", 4] }],
    shapes: new Map(),
  };
  writeFileSync(at("open.onnx"), encodeOnnx(open).bytes);
  mkdirSync(at("words"));
  writeFileSync(at("words", "a.png"), "no picture");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command's work; `stopAfter` looks at the signal it fires. */
async function activations(
  input: string,
  out: string,
  options: Partial<ActivationsCommand> = {},
  stopAfter = Number.POSITIVE_INFINITY,
  model = "good.onnx",
) {
  let [printed, told, looks] = ["", "", 0];
  const signal = {
    get aborted() {
      looks += 1;
      return looks > stopAfter;
    },
  };
  const io = {
    out: (text: string) => void (printed += text),
    err: (text: string) => void (told += text),
    signal,
    isWatched: false,
  };
  const usual = { top: "2", runtime: "cpu", preprocess: "unit", out: at(out) } as const;
  await showActivations(at(model), at(input), { ...usual, ...options }, io);
  return { printed, told };
}

function recordIn(out: string) {
  return v.parse(folderRecordSchema, JSON.parse(readFileSync(at(out, "activations.json"), "utf8")));
}

/** Convolution and ReLU as plain loops: [4, 6, 6] of a picture, 0..1. */
async function plainFeatures(path: string): Promise<readonly number[]> {
  const { data } = await decodePicture(new Uint8Array(readFileSync(path)), path);
  const graph = await openModel(at("good.onnx"));
  const weights = graph.initializers.get("w")!.data as Float32Array;
  return Array.from({ length: 4 * 36 }, (_, i) => {
    const [k, y, x] = [Math.floor(i / 36), Math.floor((i % 36) / 6), i % 6];
    let sum = 0;
    for (let c = 0; c < 3; c++) {
      for (let tap = 0; tap < 9; tap++) {
        const pixel = (y + Math.floor(tap / 3)) * 8 + x + (tap % 3);
        sum += (weights[(k * 3 + c) * 9 + tap]! * data[3 * pixel + c]!) / 255;
      }
    }
    return Math.max(sum, 0);
  });
}

test("finds what plain loops over all pictures find, and the classes", async () => {
  const { printed, told } = await activations("photos", "found", {
    json: true,
    layer: ["features"],
  });
  expect(told).toBe("");
  const report = recordIn("found");
  expect(report.paths).toEqual(
    Object.keys(classes).flatMap((name) => numbers.map((i) => at("photos", name, `${i}.png`))),
  );
  const [layer] = report.layers;
  const all = await Promise.all(report.paths.map(plainFeatures));
  const flat = all.flat();
  expect(layer!.zeroShare).toBeCloseTo(flat.filter((v) => v === 0).length / flat.length, 6);
  expect(layer!.mean).toBeCloseTo(flat.reduce((sum, v) => sum + v, 0) / flat.length, 5);
  for (const [c, { top }] of layer!.channels.entries()) {
    const best = all
      .map((values, picture) => ({ picture, plane: values.slice(36 * c, 36 * c + 36) }))
      .map(({ picture, plane }) => ({ picture, plane, value: Math.max(...plane) }))
      .filter(({ value }) => value > 0)
      .toSorted((a, b) => b.value - a.value)
      .slice(0, 2);
    expect(top.map(({ picture }) => picture)).toEqual(best.map(({ picture }) => picture));
    for (const [i, { value, plane }] of best.entries()) {
      const [y, x] = top[i]!.place;
      expect(top[i]!.value).toBeCloseTo(value, 4);
      expect(plane.indexOf(value)).toBe(6 * y + x);
      expect(top[i]!.field).toEqual({ left: x, top: y, widthPx: 3, heightPx: 3 });
    }
  }
  expect(layer!.classShare).toMatchObject({ accuracy: 1, chance: 0.5 });
  const summary = v.parse(folderSummarySchema, JSON.parse(printed));
  expect(summary.layers[0]).toMatchObject({ name: "features", zeroShare: layer!.zeroShare });
  expect(readdirSync(at("found")).toSorted()).toEqual([
    "1-features.jpg",
    "activations.json",
    "depth.svg",
  ]);
});

test("layers come in the order of computation, in whatever order they are asked for", async () => {
  const { printed } = await activations("mixed", "ordered", {
    json: true,
    layer: ["GlobalAveragePool", "features", "Conv"],
  });
  const { layers } = v.parse(folderSummarySchema, JSON.parse(printed));
  expect(layers.map(({ name }) => name)).toEqual(["Conv", "features", "GlobalAveragePool"]);
});

test("tells of broken pictures in a line each, and goes on with the others", async () => {
  const { printed, told } = await activations("mixed", "mixed-out", {
    channel: "0,3",
    layer: ["features"],
  });
  expect(told).toMatch(/^limpid: read: ".*b\.png" must be a whole picture.*\n$/);
  const { pictures, broken, layers } = recordIn("mixed-out");
  expect([pictures, broken.length, broken[0]!.path]).toEqual([2, 1, at("mixed", "b.png")]);
  expect(layers[0]!.classShare).toBeUndefined();
  expect(new Set(layers[0]!.channels.flatMap(({ top }) => top.map((t) => t.picture)))).toEqual(
    new Set([0, 2]),
  );
  expect(printed).toMatch(/^layer +shape +zeros +dead +active +mean +spread\nfeatures +4 x 6 x 6 /);
  expect(existsSync(at("mixed-out", "features-channel-3.png"))).toBe(true);
});

test("a link to nothing is told of in one line, and the others go on", async () => {
  mkdirSync(at("linked"));
  writeFileSync(at("linked", "a.png"), readFileSync(at("good.png")));
  symlinkSync(at("gone.png"), at("linked", "b.png"));
  const { told } = await activations("linked", "linked-out");
  expect(told).toMatch(/b\.png" must exist/);
  expect(recordIn("linked-out").pictures).toBe(1);
});

test("pictures in batches, a broken one among them, give what single ones give", async () => {
  for (const input of ["photos", "mixed"]) {
    // oxlint-disable-next-line no-await-in-loop -- one model after the other
    await activations(input, `${input}-single`);
    // oxlint-disable-next-line no-await-in-loop -- one model after the other
    await activations(input, `${input}-batch`, {}, Number.POSITIVE_INFINITY, "open.onnx");
    const { layers: single } = recordIn(`${input}-single`);
    const { layers: batch } = recordIn(`${input}-batch`);
    expect(batch.map(({ name }) => name)).toEqual(single.map(({ name }) => name));
    for (const [i, layer] of batch.entries()) {
      expect(layer.mean).toBeCloseTo(single[i]!.mean!, 5);
      expect(layer.zeroShare).toBe(single[i]!.zeroShare);
      const picturesOf = ({ channels }: typeof layer) =>
        channels.map(({ top }) => top.map(({ picture, place }) => [picture, place]));
      expect(picturesOf(layer)).toEqual(picturesOf(single[i]!));
    }
  }
});

test("goes on where it was stopped, and ends with the same bytes", async () => {
  await activations("photos", "whole");
  const stopped = activations("photos", "stopped", {}, 4);
  await expect(stopped).rejects.toThrow(
    /stopped after \d+ of 10 pictures, which are kept. run the same command again/,
  );
  expect(readdirSync(at("stopped"))).toEqual([".activations-state"]);
  const { told } = await activations("photos", "stopped");
  expect(told).toMatch(/^note: going on after \d of 10 pictures\n$/);
  expect(readdirSync(at("stopped"))).toEqual(readdirSync(at("whole")));
  for (const name of readdirSync(at("whole"))) {
    expect(readFileSync(at("stopped", name)).equals(readFileSync(at("whole", name))), name).toBe(
      true,
    );
  }
});

test("what was put by for another command is not gone on with", async () => {
  await expect(activations("photos", "other", {}, 4)).rejects.toMatchObject({ code: "aborted" });
  const { told } = await activations("photos", "other", { top: "1" });
  expect(told).toMatch(/is of another command/);
  expect(recordIn("other").layers[0]!.channels[0]!.top.length).toBeLessThanOrEqual(1);
});

test("refuses what makes no sense in one line", async () => {
  const tries: readonly (readonly [string, Partial<ActivationsCommand>, RegExp])[] = [
    ["photos", { top: "0" }, /--top: must be a whole number, 1 to 64, got "0"/],
    ["photos", { layer: ["nothing"] }, /"nothing" must name one layer/],
    ["photos", { channel: "1" }, /"channel": one layer must be chosen with "layer", got 2/],
    ["photos", { channel: "4", layer: ["features"] }, /must be from 0 to 3, got 4/],
    ["words", {}, /at least one picture must be usable, got 1 that are not/],
    ["nowhere", {}, /nowhere" must exist, got no such file/],
  ];
  for (const [input, options, message] of tries) {
    // oxlint-disable-next-line no-await-in-loop -- all write to one folder
    await expect(activations(input, "refused", options)).rejects.toThrow(message);
  }
});
