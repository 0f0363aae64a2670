/** @file Dense layers of an atlas: the classes are there by default, others where they are cheap, and small pictures go through pools that the file fixes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { atlas, withPlan } from "../src/atlas/atlas.ts";
import type { AtlasRequest, DenseChoice } from "../src/atlas/request.ts";
import type { AtlasIndex, AtlasUnits } from "../src/atlas/site/site-data.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../src/graph/builder.ts";
import { tensor } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";
import { commandWords, wordsOf } from "../src/wording/face.ts";
import { contextOf } from "./atlas-context.ts";
import { handed } from "./atlas-files.ts";

let work: string;
const at = (...names: readonly string[]) => join(work, ...names);

interface Shape {
  /** Side of the pictures that the file says. */
  readonly sidePx: number;
  /** Units of a dense layer before the classes; 0 for none. */
  readonly hidden: number;
  readonly hasConvolution: boolean;
  /** Whether a pool over the whole map comes before dense layers. */
  readonly pools: boolean;
  /** Whether the classes are made by a convolution, and are its means over the map. */
  readonly meansOfMap?: boolean;
  /** Whether there is one logit, behind which a sigmoid comes. */
  readonly isYesNo?: boolean;
}

/** Convolution, ReLU, pool over the map, dense layer, ReLU, classes and their softmax, as far as they are asked for. */
function network({
  sidePx,
  hidden,
  hasConvolution,
  pools,
  meansOfMap = false,
  isYesNo = false,
}: Shape) {
  const random = randomStream("dense atlas");
  const weights = (dims: readonly number[]) =>
    tensor(
      "float32",
      dims,
      Float32Array.from({ length: dims.reduce((a, c) => a * c) }, () => random.normal()),
    );
  const b = new GraphBuilder();
  let value = b.input("x", [1, 3, sidePx, sidePx]);
  let width = 3 * sidePx ** 2;
  if (hasConvolution) {
    const kernels = b.initializer("w", weights([4, 3, 3, 3]));
    value = b.op("Relu", [b.op("Conv", [value, kernels])], {}, "features");
    width = 4 * (sidePx - 2) ** 2;
  }
  if (pools) {
    const side = sidePx - 2;
    value = b.op("AveragePool", [value], { kernel_shape: [side, side] }, "pool");
    width = 4;
  }
  if (meansOfMap) {
    b.output(
      b.op("Softmax", [b.op("Flatten", [value], {}, "logits")], { axis: -1 }, "probabilities"),
    );
    return b.build();
  }
  value = b.op("Flatten", [value]);
  if (hidden > 0) {
    const dense = b.initializer("w1", weights([width, hidden]));
    value = b.op("Relu", [b.op("MatMul", [value, dense])], {}, "hidden");
    width = hidden;
  }
  const last = b.initializer("w2", weights([width, isYesNo ? 1 : 5]));
  const logits = b.op("MatMul", [value, last], {}, "logits");
  const answers = isYesNo
    ? b.op("Sigmoid", [logits], {}, "probabilities")
    : b.op("Softmax", [logits], { axis: -1 }, "probabilities");
  b.output(answers);
  return b.build();
}

function requestOf(shape: Shape, more: Partial<AtlasRequest> = {}): AtlasRequest {
  const name = Object.values(shape).join("-");
  writeFileSync(at(`${name}.onnx`), encodeOnnx(network(shape)).bytes);
  const own = { model: at(`${name}.onnx`), preset: "icons", seed: 0, runtime: "cpu" } as const;
  return { ...own, out: at(`${name}-atlas`), ...more };
}

/** Names of a plan's layers with the sides of their pictures, and what it says. */
async function planned(request: AtlasRequest) {
  return withPlan(request, contextOf(), async ({ layers, classes, notes }) => ({
    layers: layers.map(({ name, size }) => [name, size.widthPx]),
    classes,
    said: notes.map((note) => wordsOf(note, commandWords)).join("\n"),
  }));
}

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), "limpid-dense-"));
});
afterAll(() => rmSync(work, { recursive: true }));

const pooled = { sidePx: 128, hidden: 3, hasConvolution: true, pools: true } as const;

test("behind a pool over the whole map all units are there, at the icons' size, and it says how", async () => {
  const { layers, classes, said } = await planned(requestOf(pooled));
  expect(layers).toEqual(["features", "pool", "hidden", "logits"].map((name) => [name, 96]));
  expect(classes).toBe("logits");
  expect(said).toContain("3 of 4 layers lie behind a pool over the whole map");
});

test("classes that are a pool's numbers in another shape are there once; without classes the pool is", async () => {
  const means = { ...pooled, hidden: 0, meansOfMap: true };
  const names = async (dense: DenseChoice) =>
    (await planned(requestOf(means, { dense }))).layers.map(([name]) => name);
  expect(await names("fitting")).toEqual(["features", "logits"]);
  expect(await names("none")).toEqual(["features", "pool"]);
  const asked = await planned(requestOf(means, { layers: ["pool", "logits"] }));
  expect(asked.layers.map(([name]) => name)).toEqual(["pool", "logits"]);
});

test("behind a map that is laid flat they are of the network's own size, and what that takes is said", async () => {
  const { layers, said } = await planned(requestOf({ ...pooled, hidden: 0, pools: false }));
  expect(layers).toEqual([
    ["features", 96],
    ["logits", 128],
  ]);
  const share = (5 * 128 ** 2) / (5 * 128 ** 2 + 4 * 96 ** 2);
  expect(said).toContain(`about ${Math.round(100 * share)}`);
});

test("dense layers that would take longer than half of the rest are left out, which is said, unless asked for", async () => {
  const wide = { ...pooled, hidden: 200 };
  const names = async (more: Partial<AtlasRequest>) => {
    const { layers, said } = await planned(requestOf(wide, more));
    return [
      layers.map(([name]) => name),
      said.includes("one dense layer of 200 units is left out"),
    ];
  };
  expect(await names({})).toEqual([["features", "pool", "logits"], true]);
  expect(await names({ dense: "all" })).toEqual([["features", "pool", "hidden", "logits"], false]);
  expect(await names({ dense: "none" })).toEqual([["features", "pool"], false]);
  expect(await names({ layers: ["hidden"] })).toEqual([["hidden"], false]);
  await expect(planned(requestOf(wide, { dense: "some" }))).rejects.toThrow(
    'dense: it must be one of fitting, all, none, got "some"',
  );
});

test("the one logit of an answer of yes or no is there, and is no class by its number", async () => {
  const { layers, classes } = await planned(requestOf({ ...pooled, isYesNo: true }));
  expect(layers.map(([name]) => name)).toContain("logits");
  expect(classes).toBeUndefined();
});

test("a network of dense layers alone has an atlas, whose classes are marked and have pictures", async () => {
  const shape = { sidePx: 8, hidden: 6, hasConvolution: false, pools: false };
  const request = requestOf(shape);
  await atlas(request, contextOf());
  const { layers } = handed(request.out, "atlas-index.js") as AtlasIndex;
  expect(layers.map(({ name, channels, isOfClasses }) => [name, channels, isOfClasses])).toEqual([
    ["hidden", 6, undefined],
    ["logits", 5, true],
  ]);
  const { units } = handed(request.out, `${layers[1]!.folder}/units.js`) as AtlasUnits;
  for (const { start, activation, state } of units) {
    expect(state).toBe("live");
    expect(activation).toBeGreaterThan(start);
  }
});
