/** @file Whatever is wrong, the user gets one line and an exit code, and no half-written file. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderWithModel, limpid, smallNetwork } from "../../test/command-line.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { encodeNpy } from "../formats/npy.ts";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor, tensorOf } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import { run } from "./run.ts";

let folder: string;
const at = (name: string) => join(folder, name);

/** Determinants have no gradient rule. */
function withoutRule(): Graph {
  const base = smallNetwork(() => 0.1);
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

/** The logarithm of negative numbers. */
function withoutNumbers(): Graph {
  const b = new GraphBuilder();
  const kernel = b.constant(Array(12).fill(-1), [4, 3, 1, 1]);
  const bias = b.constant(Array(4).fill(-9), [4]);
  const made = b.op("Conv", [b.input("x", [1, 3, 8, 8]), kernel, bias]);
  b.output(b.reduceMean(b.op("Log", [made], {}, "logarithm"), [2, 3], false));
  return b.build();
}

/** Neither a convolution nor a ReLU. */
function dense(): Graph {
  const b = new GraphBuilder();
  const flat = b.op("Flatten", [b.input("x", [1, 3, 8, 8])]);
  const weights = Float32Array.from({ length: 192 * 4 }, (_, i) => Math.sin(i));
  const last = b.initializer("w", tensor("float32", [192, 4], weights));
  b.output(b.op("Tanh", [b.op("MatMul", [flat, last])], {}, "y"));
  return b.build();
}

beforeAll(async () => {
  folder = await folderWithModel();
  const random = randomStream("bad input");
  const good = readFileSync(at("good.onnx"));
  writeFileSync(at("truncated.onnx"), good.subarray(0, 150));
  writeFileSync(
    at("random.onnx"),
    Uint8Array.from({ length: 500 }, () => random.below(256)),
  );
  writeFileSync(at("empty.onnx"), "");
  writeFileSync(at("logarithm.onnx"), encodeOnnx(withoutNumbers()).bytes);
  writeFileSync(at("nan.onnx"), encodeOnnx(smallNetwork(() => Number.NaN)).bytes);
  writeFileSync(at("det.onnx"), encodeOnnx(withoutRule()).bytes);
  writeFileSync(at("dense.onnx"), encodeOnnx(dense()).bytes);
  writeFileSync(at("text.png"), "this is no picture");
  writeFileSync(at("broken.json"), "{ no json");
  writeFileSync(at("wrong.json"), JSON.stringify({ channels: "cmyk" }));
  writeFileSync(at("labels.txt"), "one\ntwo\n");
  const rank3 = tensor("float32", [8, 8], new Float32Array(64));
  writeFileSync(at("rank3.npy"), encodeNpy(rank3));
  const wide = tensor("float32", [1, 3, 8, 9], new Float32Array(216));
  writeFileSync(at("wide.npy"), encodeNpy(wide));
  const two = tensor("float32", [2, 3, 8, 8], new Float32Array(384));
  writeFileSync(at("two.npy"), encodeNpy(two));
  writeFileSync(at("none.npy"), encodeNpy(tensor("float32", [0, 3, 8, 8], new Float32Array(0))));
  writeFileSync(
    at("whole.npy"),
    encodeNpy(tensorOf("int32", [1, 3, 8, 8], Array(192).fill(2 ** 24 + 1))),
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Arguments with file names of the folder, and what the message must say. */
const failures: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["a truncated model", ["inspect", "truncated.onnx"], /must be an ONNX model/],
  ["random bytes as model", ["inspect", "random.onnx"], /must be an ONNX model/],
  ["an empty model", ["inspect", "empty.onnx"], /got an empty file/],
  ["a text as model", ["inspect", "labels.txt"], /ONNX/],
  ["a missing model", ["inspect", "god.onnx"], /must exist.*good\.onnx/],
  [
    "a folder of models",
    ["inspect", "."],
    /must hold one model, got "dense.onnx", "det.onnx", .* and 4 more/,
  ],
  ["a model to no ONNX file", ["convert", "good.onnx", "x.keras"], /must end in \.onnx/],
  [
    "a model to its own place",
    ["convert", "good.onnx", "good.onnx"],
    /must be no file that is read/,
  ],
  ["a model of no numbers", ["convert", "nan.onnx", "x.onnx"], /weights must be finite/],
  ["a seed in words", ["convert", "good.onnx", "x.onnx", "--seed", "one"], /--seed/],
  [
    "a data set as model",
    ["attribute", "cats-dogs", "good.png"],
    /name of a network, got a data set/,
  ],
  ["NaN weights", ["attribute", "nan.onnx", "good.png"], /weights must be finite.*"w"/],
  [
    "a network without a number for the picture",
    ["attribute", "logarithm.onnx", "good.png"],
    /must give a number for this picture, got NaN, first at Log \("logarithm"\)/,
  ],
  [
    "an operator without rule",
    ["attribute", "det.onnx", "good.png", "--method", "gradient"],
    /Det \("det"\)/,
  ],
  ["a text as picture", ["attribute", "good.onnx", "text.png"], /picture/],
  ["a missing picture", ["attribute", "good.onnx", "god.png"], /must exist/],
  ["a tensor of wrong rank", ["attribute", "good.onnx", "rank3.npy"], /got \[8, 8\]/],
  ["a tensor of wrong shape", ["attribute", "good.onnx", "wide.npy"], /got \[1, 3, 8, 9\]/],
  ["a tensor of no pictures", ["attribute", "good.onnx", "none.npy"], /got \[0, 3, 8, 8\]/],
  [
    "a tensor of whole numbers that floats do not have",
    ["attribute", "good.onnx", "whole.npy"],
    /float32/,
  ],
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
  ...["grad-cam", "score-cam", "eigen-cam"].map(
    (method) =>
      [
        `${method} of a network without feature maps`,
        ["attribute", "dense.onnx", "good.png", "--method", method],
        /a class activation map must have a feature map \[N, C, H, W\] to lie on, got none/,
      ] as const,
  ),
  ...["guided-backprop", "deconvolution", "rectified"].map(
    (method) =>
      [
        `${method} of a network without a ReLU`,
        ["attribute", "dense.onnx", "good.png", "--method", method],
        /^limpid: [a-z-]+: the network must have a ReLU or ReLU6 before the class, got none/,
      ] as const,
  ),
  [
    "a unit out of range",
    ["attribute", "good.onnx", "good.png", "--target", "features:4"],
    /from 0 to 3 on axis 1, got 4/,
  ],
  [
    "a unit of an unknown layer",
    ["attribute", "good.onnx", "good.png", "--target", "featurs:1"],
    /closest: "features"/,
  ],
  [
    "a class out of range",
    ["attribute", "good.onnx", "good.png", "--target", "4"],
    /0 to 3, got 4/,
  ],
  ["a class without labels", ["attribute", "good.onnx", "good.png", "--target", "cat"], /--labels/],
  ["too many classes", ["attribute", "good.onnx", "two.npy", "--target", "1,2,3"], /one a picture/],
  [
    "too few labels",
    ["attribute", "good.onnx", "good.png", "--labels", "labels.txt"],
    /must have 4 names/,
  ],
  [
    "an unknown method",
    ["attribute", "good.onnx", "good.png", "--method", "magic"],
    /must be one of gradient, .*grad-cam/,
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

/** Not every system has the device that is always full. */
const possible = failures.filter(
  ([, argv]) => !argv.includes("/dev/full") || existsSync("/dev/full"),
);

describe("bad input", () => {
  test.each(possible)("%s", async (_, argv, message) => {
    const before = readdirSync(folder);
    const given = argv.map(inFolder);
    const out =
      given.includes("--out") || ["inspect", "convert"].includes(given[0]!)
        ? []
        : ["--out", at("heatmap.png")];
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
      isWatched: false,
    });
    expect(code).toBe(130);
    expect(err).toMatch(/stopped/);
    expect(readdirSync(folder)).not.toContain("h.png");
  });
});
