/** @file `limpid attribute` of a detector: photos are letterboxed, and boxes are told in the photo's own pixels. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordOf } from "../../test/attribute-command.ts";
import { folderWithModel, limpid } from "../../test/command-line.ts";
import { anchorPoints, withNames } from "../../test/detector-networks.ts";
import { checkSchema } from "../app/check/schema.ts";
import { inspectionSchema } from "../app/inspection.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { encodePng } from "../node/codecs.ts";

const sidePx = 64;

/** Finds cells of 8 x 8 pixels that are red (class 0) or green (class 1), in the layout of YOLOv8. */
function colourFinder(): Graph {
  const b = new GraphBuilder();
  const x = b.input("images", [1, 3, sidePx, sidePx]);
  const weights = [0, 1].flatMap((own) =>
    [0, 1, 2].flatMap((c) => Array<number>(64).fill((c === own ? 20 : -10) / 64)),
  );
  const conv = b.op("Conv", [x, b.constant(weights, [2, 3, 8, 8]), b.constant([-10, -10], [2])], {
    strides: [8, 8],
  });
  const scores = b.op("Sigmoid", [b.op("Reshape", [conv, b.ints([1, 2, 64])])]);
  const { xs, ys } = anchorPoints({ seed: 0, classes: 2, heightPx: sidePx, widthPx: sidePx }, [8]);
  const sizes = Array<number>(128).fill(8);
  const boxes = [...xs.map((at) => 8 * at), ...ys.map((at) => 8 * at), ...sizes];
  b.output(b.op("Concat", [b.constant(boxes, [1, 4, 64]), scores], { axis: 1 }, "output0"));
  const graph = withNames(b.build(), ["red", "green"]);
  return { ...graph, metadata: new Map([...graph.metadata, ["task", "detect"], ["stride", "8"]]) };
}

interface Patch {
  readonly left: number;
  readonly top: number;
  readonly colour: readonly [number, number, number];
}

/** A black photo with patches of 16 x 16 pixels. */
function photo(widthPx: number, heightPx: number, patches: readonly Patch[]) {
  const data = new Uint8Array(3 * widthPx * heightPx);
  for (const { left, top, colour } of patches) {
    for (let i = 0; i < 256; i++) {
      const at = (top + Math.floor(i / 16)) * widthPx + left + (i % 16);
      data.set(colour, 3 * at);
    }
  }
  return encodePng({ widthPx, heightPx, channels: 3, data });
}

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await folderWithModel();
  writeFileSync(at("finder.onnx"), encodeOnnx(colourFinder()).bytes);
  const red: Patch = { left: 32, top: 16, colour: [255, 0, 0] };
  const dim: Patch = { left: 96, top: 48, colour: [220, 0, 0] };
  const green: Patch = { left: 64, top: 32, colour: [0, 255, 0] };
  writeFileSync(at("wide.png"), await photo(128, 64, [red, dim, green]));
  const turned = [red, dim, green].map((patch) => ({ ...patch, left: patch.top, top: patch.left }));
  writeFileSync(at("tall.png"), await photo(64, 128, turned));
  writeFileSync(at("black.png"), await photo(64, 64, []));
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (picture: string, ...options: readonly string[]) =>
  limpid("attribute", at("finder.onnx"), at(picture), "--method", "gradient", ...options);

async function boxesOf(picture: string, ...options: readonly string[]) {
  const { out, err } = await run(picture, "--json", ...options);
  expect(err).not.toMatch(/^error/m);
  return recordOf(out).results[0]!;
}

const places = (boxes: readonly { left: number; top: number; right: number; bottom: number }[]) =>
  boxes.map(({ left, top, right, bottom }) => [left, top, right, bottom]);

describe.each([
  [
    "wide.png",
    [
      [32, 16],
      [64, 32],
      [96, 48],
    ] as const,
  ],
  [
    "tall.png",
    [
      [16, 32],
      [32, 64],
      [48, 96],
    ] as const,
  ],
])("%s", (name, corners) => {
  test("boxes are in pixels of the photo, and the best one is explained", async () => {
    const { boxes, explains, score } = await boxesOf(name);
    const wanted = [corners[0], corners[1], corners[2]].map(([x, y]) => [x, y, x + 16, y + 16]);
    expect(places(boxes!).toSorted((a, b) => a[0]! - b[0]!)).toEqual(wanted);
    expect(boxes!.map((box) => box.explained)).toEqual([true, false, false]);
    const labels = new Map(boxes!.map((box) => [box.left, box.label]));
    expect(corners.map(([x]) => labels.get(x))).toEqual(["red", "green", "red"]);
    expect(1 / (1 + Math.exp(-score!))).toBeCloseTo(boxes![0]!.score, 5);
    expect(explains).toMatch(/^the best box \((red|green) 1\.00\)$/);
  });

  test("a class is all its boxes, and a box of the photo names the best one there", async () => {
    const all = await boxesOf(name, "--target", "red");
    expect(all.boxes!.filter((box) => box.explained)).toHaveLength(2);
    expect(all.scoreKind).toBe("sum of logits");
    const logits = all.boxes!.map(({ explained, score }) =>
      explained ? Math.log(score / (1 - score)) : 0,
    );
    expect(all.score).toBeCloseTo(
      logits.reduce((sum, logit) => sum + logit, 0),
      2,
    );
    const [x, y] = corners[2];
    const there = `${x - 4},${y - 4},${x + 14},${y + 14}`;
    const one = await boxesOf(name, "--box", there);
    expect(places(one.boxes!.filter((box) => box.explained))).toEqual([[x, y, x + 16, y + 16]]);
  });

  test("box K of the list", async () => {
    const { boxes, explains } = await boxesOf(name, "--target", "box:2");
    expect(boxes!.map((box) => box.explained)).toEqual([false, false, true]);
    expect(explains).toBe("box 2 (red 1.00)");
  });
});

test("lines list the boxes", async () => {
  const { out } = await run("wide.png", "--target", "green", "--out", at("maps"));
  expect(out).toContain("green 1.00 at 64,32,80,48, explained");
  expect(out).toContain("box 2: red 1.00 at 96,48,112,64");
});

test("inspect lists the boxes of photos, in pixels of each", async () => {
  const photos = [at("wide.png"), at("black.png")];
  const { out } = await limpid("inspect", at("finder.onnx"), ...photos);
  expect(out).toContain(`found     3 boxes in ${at("wide.png")}`);
  expect(out).toMatch(/box \d: green 1\.00 at 64,32,80,48$/m);
  expect(out).toContain(`found     no boxes in ${at("black.png")}`);
  const { out: json } = await limpid("inspect", at("finder.onnx"), ...photos, "--json");
  const { found } = v.parse(inspectionSchema, JSON.parse(json));
  expect(found!.map(({ photo: path, boxes }) => [path, boxes.length])).toEqual([
    [photos[0], 3],
    [photos[1], 0],
  ]);
  const labels = found![0]!.boxes.map(({ label }) => label);
  expect(labels.filter((label) => label === "red")).toHaveLength(2);
  expect(labels).toContain("green");
});

test("check tries D-RISE on the best box", async () => {
  const { out } = await limpid("check", at("finder.onnx"), "--json");
  const { methods } = v.parse(checkSchema, JSON.parse(out));
  expect(methods.find(({ name }) => name === "d-rise")!.reason).toBeNull();
});

test("no box is refused with the best score and the option for it", async () => {
  const { err, code } = await run("black.png", "--json");
  expect(code).not.toBe(0);
  expect(err).toMatch(/got no box: the best score is 4\.5\d*e.5/);
  expect(err).toContain("--confidence");
  const { boxes } = await boxesOf("black.png", "--confidence", "0.00001");
  expect(boxes!.length).toBeGreaterThan(0);
});

test("a detector that says nothing of its pictures gets a letterbox, which is told as assumed", async () => {
  const { metadata: _, ...graph } = colourFinder();
  const names = new Map([["names", "{0: 'red', 1: 'green'}"]]);
  writeFileSync(at("silent.onnx"), encodeOnnx({ ...graph, metadata: names }).bytes);
  const given = [at("silent.onnx"), at("wide.png"), "--method", "gradient", "--kind", "boxes"];
  const { out, err } = await limpid("attribute", ...given, "--json");
  const { preprocessing, results } = recordOf(out);
  expect(preprocessing).toMatchObject({ name: "letterbox", chosenBy: "boxes" });
  expect(results[0]!.boxes).toHaveLength(3);
  expect(err).toMatch(/in the middle of grey borders, RGB from 0 to 1, as is assumed/);
});

test("how boxes are looked for is refused where none is explained", async () => {
  const given = [at("good.onnx"), at("good.png"), "--method", "gradient", "--confidence", "0.3"];
  const { err, code } = await limpid("attribute", ...given);
  expect(code).toBe(1);
  expect(err).toMatch(/confidence: a box of a detector must be explained.*leave --confidence out/);
});
