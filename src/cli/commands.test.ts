/** @file The commands through the front door: what they print and write when all is well. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { folderWithModel, limpid, smallNetwork, type Outcome } from "../../test/command-line.ts";
import { gradCam } from "../attribution/cam/grad-cam.ts";
import { attributionSchema, type AttributionRecord } from "../app/attribute/schema.ts";
import { inspectionSchema } from "../app/inspection.ts";
import { attributionMethods } from "../attribution/index.ts";
import { decodeNpy, encodeNpy } from "../formats/npy.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { metadataKeys } from "../graph/metadata.ts";
import { tensorOf, toNumbers } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { openModel } from "../node/open-model.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const written = ["map.png", "map.npy"];
const random = randomStream("commands");
const batch = tensorOf(
  "float32",
  [2, 3, 8, 8],
  Array.from({ length: 384 }, () => random.normal()),
);

beforeAll(async () => {
  folder = await folderWithModel();
  writeFileSync(at("batch.npy"), encodeNpy(batch));
  writeFileSync(at("labels.txt"), "n00000001 cat\nn00000002 dog\nn00000003 cow\nn00000004 cow\n");
});
afterEach(() => written.forEach((name) => rmSync(at(name), { force: true })));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `limpid attribute` on the small network; names of files are those of the folder. */
function attribute(input: string, ...options: readonly string[]): Promise<Outcome> {
  const files = options.map((option) =>
    /\.(png|npy|txt|json)$/.test(option) ? at(option) : option,
  );
  return limpid("attribute", at("good.onnx"), at(input), ...files);
}

function parsed({ code, out, err }: Outcome): AttributionRecord {
  expect(code, err).toBe(0);
  expect(out.trim().split("\n")).toHaveLength(1);
  return v.parse(attributionSchema, JSON.parse(out));
}

const rawOf = (name: string) => decodeNpy(new Uint8Array(readFileSync(at(name))));

describe("attribute", () => {
  test("prints one object with just the fields that are promised", async () => {
    const printed = parsed(
      await attribute("good.png", "--json", "--labels", "labels.txt", "--target", "1"),
    );
    expect(Object.keys(printed)).toEqual([
      "method",
      "layer",
      "preprocessing",
      "results",
      "failures",
    ]);
    expect(printed).toMatchObject({ method: "grad-cam", layer: "features" });
    const [result, ...others] = printed.results;
    expect(others).toEqual([]);
    expect(Object.keys(result!)).toEqual(
      (
        "input row method layer explains target label output kind assumed probability logit score scoreKind min max unit text " +
        "maximum halfMassShare entropy negativeShare checked warnings"
      ).split(" "),
    );
    expect(result).toMatchObject({ target: 1, label: "dog", warnings: [] });
    expect(["map.png", "map.npy", "heatmap.png"].filter((name) => existsSync(at(name)))).toEqual(
      [],
    );
  });

  test("writes the figure and the numbers, and says why it chose the layer", async () => {
    const { code, out } = await attribute("good.png", "--out", "map.png", "--raw", "map.npy");
    expect(code).toBe(0);
    expect(out).toMatch(
      /class \d \((cat|dog|cow)\): probability 0\.\d{4}, logit -?\d+\.\d{3}; grad-cam from/,
    );
    expect(out).toMatch(/note: .*assumed --preprocess torchvision/);
    expect(out).toMatch(
      /note: layer features: the last feature map with spatial extent \(4 x 6 x 6\)/,
    );
    expect(out).toContain(`wrote ${at("map.png")}`);
    expect(rawOf("map.npy").dims).toEqual([1, 6, 6]);
    expect(readFileSync(at("map.png")).subarray(1, 4).toString()).toBe("PNG");
  });

  test("one map a row of a tensor, one target a row", async () => {
    const printed = parsed(
      await attribute("batch.npy", "--target", "3,1", "--raw", "map.npy", "--json"),
    );
    expect(printed.results.map((result) => result["target"])).toEqual([3, 1]);
    const runtime = createNodeRuntime();
    const model = new Model(await openModel(at("good.onnx")), runtime);
    const maps = await gradCam(model, batch, { targets: [3, 1] });
    const raw = rawOf("map.npy");
    expect(raw.dims).toEqual([2, 6, 6]);
    expect(toNumbers(raw)).toEqual(maps.flatMap((map) => Array.from(map.data)));
    await runtime.release();
  });

  test("gradients have the input's shape", async () => {
    await attribute("batch.npy", "--method", "gradient", "--raw", "map.npy");
    expect(rawOf("map.npy").dims).toEqual([2, 3, 8, 8]);
  });

  test("--signed keeps what the ReLU cuts off", async () => {
    await attribute(
      "batch.npy",
      "--signed",
      "--target",
      "0",
      "--layer",
      "Conv",
      "--raw",
      "map.npy",
    );
    const signed = toNumbers(rawOf("map.npy"));
    await attribute("batch.npy", "--target", "0", "--layer", "Conv", "--raw", "map.npy");
    expect(Math.min(...signed)).toBeLessThan(0);
    expect(toNumbers(rawOf("map.npy"))).toEqual(signed.map((value) => Math.max(value, 0)));
  });

  test("--keep-softmax explains the probability; logit and probability stay", async () => {
    const plain = parsed(await attribute("good.png", "--method", "gradient", "--json"));
    const kept = parsed(
      await attribute("good.png", "--method", "gradient", "--keep-softmax", "--json"),
    );
    const { min, max, probability, logit } = kept.results[0]!;
    expect(plain.results[0]).toMatchObject({ probability, logit, scoreKind: "logit" });
    expect(kept.results[0]).toMatchObject({ score: probability, scoreKind: "probability" });
    expect(max).not.toBe(plain.results[0]!["max"]);
    expect(min).not.toBe(plain.results[0]!["min"]);
  });

  test("labels are found in any case, and must be clear", async () => {
    const labels = ["--labels", "labels.txt", "--json", "--target"];
    expect(parsed(await attribute("good.png", ...labels, "DOG")).results[0]).toMatchObject({
      target: 1,
    });
    const { code, err } = await attribute("good.png", ...labels, "cow");
    expect(code).toBe(1);
    expect(err).toMatch(/the name of classes 2 and 3/);
  });

  test("WebAssembly gives the same map", async () => {
    await attribute("batch.npy", "--raw", "map.npy");
    const native = rawOf("map.npy");
    await attribute("batch.npy", "--runtime", "wasm", "--raw", "map.npy");
    expect(rawOf("map.npy")).toBeWithinL2(native, 1e-5);
  });
});

describe("inspect", () => {
  test("prints one object: inputs, outputs, all layers, and whether there is a gradient", async () => {
    const { code, out, err } = await limpid("inspect", at("good.onnx"), "--json");
    expect([code, err]).toEqual([0, ""]);
    const printed = v.parse(inspectionSchema, JSON.parse(out));
    expect(printed).toMatchObject({
      inputs: [{ name: "x", type: "float32", shape: [1, 3, 8, 8] }],
      outputs: [{ name: "probabilities", type: "float32", shape: [1, 4] }],
      differentiable: true,
      missing: [],
    });
    expect(printed.layers.map((layer) => layer.operator)).toEqual([
      "Conv",
      "Relu",
      "GlobalAveragePool",
      "Flatten",
      "Softmax",
    ]);
    expect(printed.layers[0]).toEqual({
      name: "Conv",
      operator: "Conv",
      shape: [1, 4, 6, 6],
      parameters: 108,
    });
  });

  test("says it in words", async () => {
    const { out } = await limpid("inspect", at("good.onnx"));
    expect(out).toMatch(/input +x +float32 \[1, 3, 8, 8\]/);
    expect(out).toMatch(/layers +5, 108 parameters/);
    expect(out).toMatch(/gradient +can be built/);
  });

  test("says what classes are called, and who says it", async () => {
    const named = (names: string) => {
      const graph = smallNetwork((i) => Math.sin(i));
      const metadata = new Map([[metadataKeys.classes, names]]);
      writeFileSync(at("named.onnx"), encodeOnnx({ ...graph, metadata }).bytes);
      return limpid("inspect", at("named.onnx"));
    };
    const { out } = await named('["cat","dog","cow","emu"]');
    expect(out).toMatch(/^classes +cat, dog, cow, emu; named by the model's own metadata$/m);
    const other = await named('["cat"]');
    expect(other.out).not.toMatch(/^classes/m);
    expect(other.err).toMatch(/note: names of classes are not known: .* must have 4 names/);
  });

  test("names what has no gradient, and lists what cannot be run", async () => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 3, 8, 8]);
    b.output(b.op("Relu", [b.op("Identity", [x], {}, "before")], {}, "y"));
    const graph = b.build();
    const nodes = graph.nodes.map((node) =>
      node.name === "y" ? { ...node, operator: "Det" } : node,
    );
    writeFileSync(
      at("det.onnx"),
      encodeOnnx({ ...graph, nodes, outputs: [{ name: "y", type: "float32", dims: [1, 3] }] })
        .bytes,
    );
    const { code, out } = await limpid("inspect", at("det.onnx"), "--json");
    expect(code).toBe(0);
    expect(v.parse(inspectionSchema, JSON.parse(out))).toMatchObject({
      differentiable: false,
      missing: [{ operator: "Det", node: "y" }],
    });
  });

  test("a network of two inputs has its own layers, with their shapes", async () => {
    const b = new GraphBuilder();
    b.output(b.add(b.input("x", [1, 2]), b.input("y", [1, 2])));
    writeFileSync(at("two.onnx"), encodeOnnx(b.build()).bytes);
    const { code, out } = await limpid("inspect", at("two.onnx"), "--json");
    expect(code).toBe(0);
    const { layers } = v.parse(inspectionSchema, JSON.parse(out));
    expect(layers).toMatchObject([{ operator: "Add", shape: [1, 2] }]);
    expect(layers).toHaveLength(1);
  });

  test("a network with ids for an input has layers without shapes, and a note says why", async () => {
    const b = new GraphBuilder();
    const ids = b.input("ids", [1], "int64");
    b.output(b.op("Gather", [b.input("x", [3, 2]), ids]));
    writeFileSync(at("two.onnx"), encodeOnnx(b.build()).bytes);
    const { code, out, err } = await limpid("inspect", at("two.onnx"), "--json");
    expect(code).toBe(0);
    expect(v.parse(inspectionSchema, JSON.parse(out)).layers).toMatchObject([
      { operator: "Gather", shape: null },
    ]);
    expect(err).toMatch(/note: shapes are not known: .*got int64 \[1\] for "ids".*--input ids=/);
  });
});

describe("help", () => {
  test("of the program names its commands", async () => {
    for (const argv of [[], ["--help"]]) {
      const { code, out } = await limpid(...argv);
      expect(code).toBe(0);
      expect(out).toMatch(/inspect .*attribute /s);
      expect(out).toMatch(/\$ limpid attribute/);
    }
  });

  test("of attribute has an example and every method of the table", async () => {
    const { code, out } = await limpid("attribute", "--help");
    expect(code).toBe(0);
    expect(out).toMatch(/Examples:\n +\$ limpid attribute/);
    for (const [name, { info }] of Object.entries(attributionMethods)) {
      expect(out).toContain(name);
      expect(out).toContain(info.paper);
    }
  });

  test("the version is the package's", async () => {
    const { code, out } = await limpid("--version");
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
