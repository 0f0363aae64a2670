/** @file `limpid attribute` of several methods, layers and classes through the front door. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AttributeFolder,
  columnOf,
  rawOf,
  recordIn,
  recordOf,
} from "../../test/attribute-command.ts";
import { limpid, smallNetwork } from "../../test/command-line.ts";
import { describeMap } from "../attribution/diagnosis/describe-map.ts";
import { encodeNpy } from "../formats/npy.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensor, tensorOf, toNumbers } from "../graph/tensor.ts";
import { preprocessings } from "../image/preprocess.ts";
import { decodePicture } from "../node/codecs.ts";

let folder: AttributeFolder;
const at = (name: string) => folder.at(name);
const attribute: AttributeFolder["attribute"] = (...given) => folder.attribute(...given);
const printed: AttributeFolder["printed"] = (...given) => folder.printed(...given);

beforeAll(async () => {
  folder = await AttributeFolder.create();
});
afterAll(() => folder.remove());

describe("several methods and layers", () => {
  test("pixel methods once, class activation maps on each layer", async () => {
    const found = await printed(
      ["good.png"],
      "--method",
      "gradient,grad-cam,layer-cam",
      "--layer",
      "features,Conv",
    );
    expect(columnOf(found, "method")).toEqual([
      "gradient",
      "grad-cam",
      "grad-cam",
      "layer-cam",
      "layer-cam",
    ]);
    expect(columnOf(found, "layer")).toEqual(["x", "features", "Conv", "features", "Conv"]);
    expect([found.method, found.layer]).toEqual([undefined, undefined]);
  });

  test("each is what it is alone, with its text", async () => {
    const together = await printed(["good.png"], "--method", "gradient,grad-cam");
    for (const [i, method] of ["gradient", "grad-cam"].entries()) {
      const alone = await printed(["good.png"], "--method", method);
      expect(together.results[i]).toEqual(alone.results[0]);
    }
    const out = at("alone.npy");
    await attribute(["good.png"], "--raw", out);
    const [, ...dims] = rawOf(out).dims;
    const data = Float32Array.from(toNumbers(rawOf(out)));
    // An unpadded 3 x 3 convolution: 8 pixels become 6 places, each in the middle of three pixels.
    const middles = Array.from({ length: 6 }, (_, i) => (i + 1.5) / 8);
    const centres = { x: middles, y: middles };
    expect(together.results[1]).toMatchObject({ ...describeMap({ data, dims, centres }) });
  });

  test("a list of layers may be repeated, and a layer whose name has a comma is found", async () => {
    const method = ["--method", "grad-cam"];
    const list = await printed(["good.png"], ...method, "--layer", "features,Conv");
    const again = await printed(["good.png"], ...method, "--layer", "features", "--layer", "Conv");
    expect(again).toEqual(list);
    const graph = smallNetwork((i) => Math.sin(i));
    const named = (name: string) => (name === "features" ? "Conv,features" : name);
    const nodes = graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(named),
      outputs: node.outputs.map(named),
    }));
    const { shapes, ...others } = graph;
    const renamed = new Map([...shapes].map(([name, shape]) => [named(name), shape]));
    const commas = { ...others, shapes: renamed, nodes };
    writeFileSync(at("commas.onnx"), encodeOnnx(commas).bytes);
    const { out } = await limpid(
      "attribute",
      at("commas.onnx"),
      at("good.png"),
      ...method,
      "--json",
      "--layer",
      "Conv,features",
      "--layer",
      "Conv",
    );
    const found = recordOf(out);
    expect(columnOf(found, "layer")).toEqual(["Conv,features", "Conv"]);
  });

  test("an option may be taken by one of them only, but must be by one", async () => {
    await printed(["good.png"], "--method", "gradient,grad-cam", "--signed");
    const { code, err } = await attribute(["good.png"], "--method", "gradient", "--signed");
    expect(code).toBe(1);
    expect(err).toMatch(/signed: the method must take it, got gradient, which takes/);
  });

  test.each([
    ["a name that none of them has", "grad-cam-plus-plus,guided-grad-cam", ["--variant", "keras"]],
    ["a rule that there is not", "gradient,lrp", ["--rule", "omega"]],
    ["a number out of its range", "rise,occlusion", ["--keep", "1"]],
    ["a colour that is none", "rise,occlusion", ["--baseline", "red"]],
  ])("%s is refused before anything is computed", async (_, methods, options) => {
    const { code, out, err } = await attribute(["good.png"], "--method", methods, ...options);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(new RegExp(`^limpid: ${options[0]!.slice(2)}: .*got "${options[1]}".*\n$`));
  });

  test("a name that one of them has is a failure of the others", async () => {
    const methods = ["--method", "xgrad-cam,guided-grad-cam", "--variant", "captum"];
    const { code, out } = await attribute(["good.png"], ...methods, "--json");
    expect(code).toBe(1);
    const { results, failures } = recordOf(out);
    expect(results.map(({ method }) => method)).toEqual(["guided-grad-cam"]);
    expect(failures).toMatchObject([{ method: "xgrad-cam" }]);
    expect(failures[0]!.message).toMatch(
      /variant: the name must be paper or pytorch-grad-cam, got/,
    );
  });

  test("strengths may be over 1, and a colour is one number or one a channel", async () => {
    await printed(["good.png"], "--method", "lrp", "--rule", "gamma", "--gamma", "2");
    const colours = ["0.5", "0.5,0.5,0.5"].map((colour) =>
      printed(["good.png"], "--method", "occlusion", "--baseline", colour),
    );
    const [one, each] = await Promise.all(colours);
    expect(one).toEqual(each);
    const { err } = await attribute(["good.png"], "--method", "occlusion", "--baseline", "0.5,1");
    expect(err).toMatch(/baseline: a colour must be 1 or 3 numbers from 0 to 1, got "0\.5,1"/);
  });

  test("the figure is one sheet", async () => {
    const out = at("sheet.png");
    const { code } = await attribute(["good.png"], "--method", "gradient,grad-cam", "--out", out);
    expect(code).toBe(0);
    const sheet = await decodePicture(new Uint8Array(readFileSync(out)), out);
    // Three cells of 260 units with gaps and margins, at two pixels a unit.
    expect(sheet.widthPx).toBe(2 * (3 * 260 + 2 * 22 + 60));
  });

  test("one that fails is a line and a marked cell, the others go on, and the exit code is 1", async () => {
    const out = at("partly");
    const {
      code,
      out: text,
      err,
    } = await attribute(
      ["good.png"],
      "--method",
      "gradient,grad-cam",
      "--layer",
      "features,GlobalAveragePool",
      "--out",
      out,
    );
    expect(code).toBe(1);
    const lines = err.trim().split("\n");
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^limpid: grad-cam on GlobalAveragePool: layer: .* feature map/);
    expect(lines[1]).toMatch(/^limpid: attribute: all maps must succeed, got 1 of 3 that failed/);
    expect(text).toMatch(/grad-cam on features/);
    const report = recordIn(out);
    expect(report.results).toHaveLength(2);
    expect(report.failures).toMatchObject([{ method: "grad-cam", layer: "GlobalAveragePool" }]);
    expect(readdirSync(out).sort()).toEqual([
      "grad-cam--features.npy",
      "gradient.npy",
      "results.json",
      "sheet.png",
    ]);
  });

  test("where all fail, nothing is written", async () => {
    const out = at("none");
    const { code, out: text } = await attribute(
      ["good.png"],
      "--method",
      "grad-cam,layer-cam",
      "--layer",
      "GlobalAveragePool",
      "--out",
      join(out, "x.png"),
      "--json",
    );
    expect([code, text]).toEqual([1, ""]);
    expect(existsSync(join(out, "x.png"))).toBe(false);
  });
});

test("all methods of a network without convolutions: a line for each that cannot, and maps of the others", async () => {
  const b = new GraphBuilder();
  const flat = b.op("Flatten", [b.input("x", [1, 1, 6, 6])]);
  const weights = Float32Array.from({ length: 72 }, (_, i) => Math.sin(i));
  const last = b.initializer("w", tensor("float32", [36, 2], weights));
  b.output(b.op("Tanh", [b.op("MatMul", [flat, last])], {}, "y"));
  writeFileSync(at("dense.onnx"), encodeOnnx(b.build()).bytes);
  const picture = Array.from({ length: 36 }, (_, i) => Math.cos(i));
  writeFileSync(at("six.npy"), encodeNpy(tensorOf("float32", [1, 1, 6, 6], picture)));
  const options = ["--method", "all", "--samples", "300", "--json"];
  const { code, out, err } = await limpid("attribute", at("dense.onnx"), at("six.npy"), ...options);
  expect(code).toBe(1);
  const { results, failures } = recordOf(out);
  const failed = failures.map(({ method }) => String(method));
  expect(failed).toEqual(expect.arrayContaining(["guided-backprop", "deconvolution", "grad-cam"]));
  for (const method of failed)
    expect(err).toMatch(new RegExp(`^limpid: ${method}: (?!${method})`, "m"));
  expect(results.map(({ method }) => method)).toEqual(
    expect.arrayContaining([
      "gradient",
      "integrated-gradients",
      "occlusion",
      "lime",
      "kernel-shap",
    ]),
  );
});

describe("targets", () => {
  const labels = () => ["--labels", at("labels.txt")];

  test("several classes of one picture have a map each", async () => {
    const found = await printed(["good.png"], "--target", "dog, 3", ...labels());
    expect(columnOf(found, "explains")).toEqual(["dog", "wolf"]);
    expect(columnOf(found, "target")).toEqual([1, 3]);
  });

  test("one class against another is the difference of their logits", async () => {
    const both = await printed(["good.png"], "--target", "1,3", "--method", "gradient");
    const [dog, wolf] = columnOf(both, "logit") as number[];
    const { results } = await printed(
      ["good.png"],
      "--target",
      "dog minus wolf",
      "--method",
      "gradient",
      ...labels(),
    );
    expect(results[0]).toMatchObject({
      explains: "dog minus wolf",
      target: null,
      probability: null,
      scoreKind: "logit difference",
      unit: "logit difference per input unit",
    });
    expect(results[0]!.score).toBeCloseTo(dog! - wolf!, 4);
  });

  test("a unit of a layer", async () => {
    const target = ["--target", "features:2@3x4,features:1"];
    const found = await printed(["good.png"], ...target);
    expect(columnOf(found, "explains")).toEqual([
      "layer features, channel 2, row 3, column 4",
      "layer features, channel 1, mean over places",
    ]);
    expect(columnOf(found, "scoreKind")).toEqual(["activation", "activation"]);
    const { err } = await attribute(["good.png"], ...target, "--json");
    expect(err).toMatch(
      /note: layer features: the unit's own, which the map repeats: there is none/,
    );
  });

  test("one for all rows of a tensor, or one each", async () => {
    const each = await printed(["two.npy"], "--target", "3,1");
    expect(columnOf(each, "target")).toEqual([3, 1]);
    expect(columnOf(each, "row")).toEqual([0, 1]);
    const all = await printed(["two.npy"], "--target", "3");
    expect(columnOf(all, "target")).toEqual([3, 3]);
  });

  test("a channel that there is not is one line", async () => {
    const { code, err } = await attribute(["good.png"], "--target", "features:9");
    expect(code).toBe(1);
    expect(err).toMatch(/^limpid: target: .* from 0 to 3 on axis 1, got 9/);
  });
});

describe("why a map is blank", () => {
  test("stands in the result", async () => {
    const { code, out } = await limpid(
      "attribute",
      at("dead.onnx"),
      at("good.png"),
      "--preprocess",
      "unit",
      "--json",
    );
    expect(code).toBe(0);
    const [result] = recordOf(out).results;
    expect(result).toMatchObject({ min: 0, max: 0, text: "0 everywhere", maximum: { value: 0 } });
    expect(result!.warnings.join("\n")).toMatch(/layer features is dead/);
  });

  test("a picture prepared otherwise than the model says is told of", async () => {
    const graph = smallNetwork((i) => Math.sin(i));
    const metadata = new Map([["limpid.preprocessing", JSON.stringify(preprocessings.unit)]]);
    writeFileSync(at("said.onnx"), encodeOnnx({ ...graph, metadata }).bytes);
    const warningsFor = async (...options: readonly string[]) => {
      const { out } = await limpid(
        "attribute",
        at("said.onnx"),
        at("good.png"),
        "--method",
        "gradient",
        "--json",
        ...options,
      );
      return recordOf(out).results[0]!.warnings;
    };
    expect(await warningsFor()).toEqual([]);
    expect((await warningsFor("--preprocess", "none")).join()).toMatch(/0\.\.255/);
  });

  test("an input out of the range that is said is told of, blank or not", async () => {
    const found = await printed(["bytes.npy"], "--preprocess", "unit");
    expect(found.results[0]!.warnings.join("\n")).toMatch(
      /gives 0 to 1 \(it looks like a picture in 0\.\.255\)/,
    );
    const plain = await printed(["bytes.npy"], "--preprocess", "none");
    expect(plain.results[0]!.warnings).toEqual([]);
  });
});
