/** @file Whatever is wrong, the user gets one line and an exit code, and no half-written file. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { encodeNpy } from "../formats/npy.ts";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor, tensorOf } from "../graph/tensor.ts";
import { encodePng } from "../node/codecs.ts";
import { randomStream } from "../random.ts";
import { run } from "./run.ts";

let folder: string;
const at = (name: string) => join(folder, name);

function network(weight: number): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 8, 8]);
  const w = b.initializer(
    "w",
    tensorOf("float32", [4, 3, 3, 3], new Float32Array(108).fill(weight)),
  );
  const features = b.op("Relu", [b.op("Conv", [x, w])], {}, "features");
  const pooled = b.op("Flatten", [b.op("GlobalAveragePool", [features])]);
  b.output(b.op("Softmax", [pooled], { axis: -1 }, "probabilities"));
  return b.build();
}

/** Determinants have no gradient rule. */
function withoutRule(): Graph {
  const base = network(0.1);
  const node = {
    name: "det",
    operator: "Det",
    domain: "",
    inputs: ["x"],
    outputs: ["y"],
    attributes: {},
  };
  return { ...base, nodes: [node], outputs: [{ name: "y", type: "float32", dims: [1, 3] }] };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "limpid-bad-input-"));
  const random = randomStream("bad input");
  const good = encodeOnnx(network(0.1)).bytes;
  writeFileSync(at("good.onnx"), good);
  writeFileSync(at("truncated.onnx"), good.subarray(0, 150));
  writeFileSync(
    at("random.onnx"),
    Uint8Array.from({ length: 500 }, () => random.below(256)),
  );
  writeFileSync(at("empty.onnx"), "");
  writeFileSync(at("nan.onnx"), encodeOnnx(network(Number.NaN)).bytes);
  writeFileSync(at("det.onnx"), encodeOnnx(withoutRule()).bytes);
  writeFileSync(at("text.png"), "this is no picture");
  writeFileSync(at("broken.json"), "{ no json");
  writeFileSync(at("wrong.json"), JSON.stringify({ channels: "cmyk" }));
  writeFileSync(at("labels.txt"), "one\ntwo\n");
  const data = Uint8Array.from({ length: 3 * 64 }, () => random.below(256));
  writeFileSync(at("good.png"), await encodePng({ widthPx: 8, heightPx: 8, channels: 3, data }));
  const rank3 = tensor("float32", [3, 8, 8], new Float32Array(192));
  writeFileSync(at("rank3.npy"), encodeNpy(rank3));
  const wide = tensor("float32", [1, 3, 8, 9], new Float32Array(216));
  writeFileSync(at("wide.npy"), encodeNpy(wide));
  writeFileSync(at("none.npy"), encodeNpy(tensor("float32", [0, 3, 8, 8], new Float32Array(0))));
  writeFileSync(at("whole.npy"), encodeNpy(tensorOf("int32", [1, 3, 8, 8], new Float32Array(192))));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function limpid(...argv: readonly string[]): Promise<Outcome> {
  let out = "";
  let err = "";
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    signal: { aborted: false },
  };
  const code = await run(argv, io);
  return { code, out, err };
}

/** Arguments with file names of the folder, and what the message must say. */
const failures: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["a truncated model", ["inspect", "truncated.onnx"], /must be an ONNX model/],
  ["random bytes as model", ["inspect", "random.onnx"], /must be an ONNX model/],
  ["an empty model", ["inspect", "empty.onnx"], /got an empty file/],
  ["a text as model", ["inspect", "labels.txt"], /ONNX/],
  ["a missing model", ["inspect", "god.onnx"], /must exist.*good\.onnx/],
  ["a folder as model", ["inspect", "."], /must be a file/],
  ["NaN weights", ["attribute", "nan.onnx", "good.png"], /weights must be finite.*"w"/],
  [
    "an operator without rule",
    ["attribute", "det.onnx", "good.png", "--method", "gradient"],
    /Det \("det"\)/,
  ],
  ["a text as picture", ["attribute", "good.onnx", "text.png"], /picture/],
  ["a missing picture", ["attribute", "good.onnx", "god.png"], /must exist/],
  ["a tensor of wrong rank", ["attribute", "good.onnx", "rank3.npy"], /got \[3, 8, 8\]/],
  ["a tensor of wrong shape", ["attribute", "good.onnx", "wide.npy"], /got \[1, 3, 8, 9\]/],
  ["a tensor of no pictures", ["attribute", "good.onnx", "none.npy"], /got \[0, 3, 8, 8\]/],
  ["a tensor of whole numbers", ["attribute", "good.onnx", "whole.npy"], /float32/],
  [
    "an unknown layer",
    ["attribute", "good.onnx", "good.png", "--layer", "featurs"],
    /closest: "features"/,
  ],
  [
    "a layer without places",
    ["attribute", "good.onnx", "good.png", "--layer", "GlobalAveragePool"],
    /feature map/,
  ],
  [
    "a class out of range",
    ["attribute", "good.onnx", "good.png", "--target", "4"],
    /0 to 3, got 4/,
  ],
  ["a class without labels", ["attribute", "good.onnx", "good.png", "--target", "cat"], /--labels/],
  ["too many classes", ["attribute", "good.onnx", "good.png", "--target", "1,2"], /one a picture/],
  [
    "too few labels",
    ["attribute", "good.onnx", "good.png", "--labels", "labels.txt"],
    /must have 4 names/,
  ],
  [
    "an unknown method",
    ["attribute", "good.onnx", "good.png", "--method", "magic"],
    /gradient, grad-cam/,
  ],
  [
    "an unknown preprocessing",
    ["attribute", "good.onnx", "good.png", "--preprocess", "x"],
    /torchvision/,
  ],
  [
    "a preprocessing that is no JSON",
    ["attribute", "good.onnx", "good.png", "--preprocess", "broken.json"],
    /JSON/,
  ],
  [
    "a preprocessing with a wrong field",
    ["attribute", "good.onnx", "good.png", "--preprocess", "wrong.json"],
    /cmyk/,
  ],
  [
    "an output that cannot be written",
    ["attribute", "good.onnx", "good.png", "--out", "good.png/x.png"],
    /writ/,
  ],
  [
    "numbers that cannot be written",
    ["attribute", "good.onnx", "good.png", "--raw", "good.png/x.npy"],
    /writ/,
  ],
  ["a full disk", ["attribute", "good.onnx", "good.png", "--raw", "/dev/full"], /full disk/],
  [
    "labels of a missing file",
    ["attribute", "good.onnx", "good.png", "--labels", "label.txt"],
    /must exist.*labels\.txt/,
  ],
  [
    "labels of another network",
    ["attribute", "good.onnx", "good.png", "--labels", "imagenet"],
    /must have 4 names.*got 1000/,
  ],
  [
    "labels that are no JSON",
    ["attribute", "good.onnx", "good.png", "--labels", "broken.json"],
    /JSON/,
  ],
];

function inFolder(argument: string): string {
  const isFile = /^(\.|[\w/]+\.(onnx|png|npy|json|txt)(\/x\.(png|npy))?)$/.test(argument);
  return isFile && !argument.startsWith("/") ? at(argument) : argument;
}

describe("bad input", () => {
  test.each(failures)("%s", async (_, argv, message) => {
    const before = readdirSync(folder);
    const given = argv.map(inFolder);
    const out =
      given.includes("--out") || given[0] === "inspect" ? [] : ["--out", at("heatmap.png")];
    const { code, out: text, err } = await limpid(...given, ...out);
    const lines = err
      .trim()
      .split("\n")
      .filter((line) => line.startsWith("limpid:"));
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(text).toBe("");
    expect(readdirSync(folder)).toEqual(before);
  });

  test.each([
    ["no model", ["inspect"]],
    ["an unknown command", ["explain", "x"]],
    ["an unknown option", ["inspect", "x.onnx", "--loud"]],
    ["an unknown runtime", ["attribute", "a.onnx", "b.png", "--runtime", "abacus"]],
  ])("usage: %s", async (_, argv) => {
    const { code, err } = await limpid(...argv);
    expect(code).toBe(2);
    expect(err).toMatch(/error:/);
    expect(err).not.toMatch(/\n\s+at /);
  });

  test("a signal that was given stops the work", async () => {
    let err = "";
    const code = await run(["attribute", at("good.onnx"), at("good.png"), "--out", at("h.png")], {
      out: () => undefined,
      err: (text) => void (err += text),
      signal: { aborted: true },
    });
    expect(code).toBe(130);
    expect(err).toMatch(/stopped/);
    expect(readdirSync(folder)).not.toContain("h.png");
  });
});

describe("good input", () => {
  test("attribute writes a figure and numbers, and prints one JSON object", async () => {
    const argv = [
      "attribute",
      at("good.onnx"),
      at("good.png"),
      "--preprocess",
      "unit",
      "--target",
      "2",
    ];
    const files = ["--out", at("map.png"), "--raw", at("map.npy")];
    const { code, out } = await limpid(...argv, ...files, "--json");
    expect(code).toBe(0);
    const printed = JSON.parse(out) as { method: string; layer: string; results: unknown[] };
    expect(printed).toMatchObject({
      method: "grad-cam",
      layer: "features",
      results: [{ target: 2 }],
    });
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(["map.png", "map.npy"]));
  });

  test("inspect lists layers, shapes and parameters", async () => {
    const { code, out } = await limpid("inspect", at("good.onnx"), "--json");
    expect(code).toBe(0);
    const printed = JSON.parse(out) as { layers: unknown[]; differentiable: boolean };
    expect(printed.differentiable).toBe(true);
    expect(printed.layers[0]).toMatchObject({
      operator: "Conv",
      shape: [1, 4, 6, 6],
      parameters: 108,
    });
  });

  test("inspect names what has no gradient", async () => {
    const { out } = await limpid("inspect", at("det.onnx"), "--json");
    expect(JSON.parse(out)).toMatchObject({
      differentiable: false,
      missing: [{ operator: "Det", node: "det" }],
    });
  });
});
