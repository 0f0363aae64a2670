/** @file Scores and maps against reference pictures, folders of them and embeddings, through the whole job. */
import { describe, expect, test } from "vitest";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { methodEntries } from "../../attribution/registry.ts";
import { takenBy } from "../../attribution/require-takes.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { encodeOnnx } from "../../formats/onnx/encode.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { picture } from "../../image/picture.ts";
import { randomStream } from "../../random.ts";
import { formatNumber } from "../../wording/numbers.ts";
import { commandWords, wordsOf } from "../../wording/face.ts";
import { Model } from "../../network/model.ts";
import { decodeOnnx } from "../../formats/onnx/decode.ts";
import { jobPlatform } from "../job-platform.ts";
import { memoryPlatform } from "../memory-platform.ts";
import { readSource } from "../read-source.ts";
import { runAttribution } from "./explain.ts";
import { figureOf, type AttributionFigure } from "./figure.ts";
import { findingsOf } from "./findings.ts";
import { methodRuns } from "./method-runs.ts";
import { attributionSheet } from "./sheet.ts";
import { summaryOf } from "./record.ts";
import type { AttributionSettings } from "./request.ts";

/** Two convolutions and a dense layer. */
function network(
  units: number,
  end: (b: GraphBuilder, y: ReturnType<GraphBuilder["op"]>) => ReturnType<GraphBuilder["op"]>,
) {
  const random = randomStream("reference");
  const b = new GraphBuilder();
  const weights = (...dims: number[]) =>
    b.constant(
      Array.from({ length: dims.reduce((a, c) => a * c, 1) }, () => random.normal() / 2),
      dims,
    );
  const x = b.input("x", [1, 3, 8, 8], "float32", ["N", 3, 8, 8]);
  const maps = b.op("Relu", [b.op("Conv", [x, weights(4, 3, 3, 3), weights(4)])], {}, "maps");
  const row = b.op("Flatten", [b.op("GlobalAveragePool", [maps])]);
  b.output(end(b, b.op("Gemm", [row, weights(4, units), weights(units)], {}, "numbers")));
  return encodeOnnx(b.build()).bytes;
}

const drawn = (seed: number) => {
  const random = randomStream("reference", seed);
  return picture(
    8,
    8,
    3,
    Uint8Array.from({ length: 192 }, () => random.below(256)),
  );
};

const files = {
  "value.onnx": network(1, (b, y) => b.op("Identity", [y], {}, "age")),
  "classes.onnx": network(3, (b, y) => b.op("Softmax", [y], { axis: 1 }, "y")),
  "tower.onnx": network(8, (b, y) => b.op("LpNormalization", [y], { axis: 1, p: 2 }, "y")),
  "photo.png": drawn(1),
  "other.png": drawn(2),
  "empty/notes.txt": "none",
  "folder/a.png": drawn(3),
  "folder/b.png": drawn(4),
  "text.npy": encodeNpy(tensorOf("float32", [8], [1, 2, 3, 4, 5, 6, 7, 8])),
};

const runtime = createNodeRuntime({ threads: 1 });
const platform = jobPlatform(memoryPlatform({ files, runtimes: { cpu: runtime } }));
const models = new Map(
  Object.entries(files).flatMap(([name, bytes]) =>
    name.endsWith(".onnx") ? [[name, new Model(decodeOnnx(bytes as Uint8Array), runtime)]] : [],
  ),
);

interface Asked extends Partial<AttributionSettings> {
  readonly model?: string | Model;
  readonly input?: string;
}

async function explained({ model = "value.onnx", input = "photo.png", ...asked }: Asked) {
  const opened = typeof model === "string" ? models.get(model)! : model;
  const settings = {
    methods: ["gradient"],
    target: "top",
    preprocess: "unit",
    check: "off",
    ...asked,
  } as const;
  const source = await readSource(platform, opened, input, settings);
  const runs = methodRuns(settings.methods, []);
  const signal = { aborted: false };
  const found = await runAttribution(opened, source, runs, settings, { platform, signal });
  const findings = findingsOf(found, input);
  return {
    results: findings.map((finding) => summaryOf(finding, found.names, commandWords)),
    maps: findings.map(({ map }) => map.data),
    notes: found.notes.map((note) => wordsOf(note, commandWords)).join("\n"),
    figure: figureOf(found, { title: "", modelName: "", inputName: "x", words: commandWords }),
  };
}

const sum = (data: Float32Array) => data.reduce((total, value) => total + value, 0);
const ownScore = async (model: string, input: string, target = "top") =>
  (await explained({ model, input, target })).results[0]!.score!;

describe.each([
  ["a value", "value.onnx", "top"],
  ["a class", "classes.onnx", "1"],
])("%s against a picture", (_, model, target) => {
  test.each(["integrated-gradients", "deep-lift", "kernel-shap", "gradient-shap"])(
    "%s adds up to the difference",
    async (method) => {
      const options = method === "kernel-shap" ? { samples: "64", segments: "4" } : {};
      const [own, value] = [
        await ownScore(model, "photo.png", target),
        await ownScore(model, "other.png", target),
      ];
      const found = await explained({
        model,
        target,
        methods: [method],
        options,
        reference: "other.png",
      });
      const [result] = found.results;
      expect(result).toMatchObject({ reference: { name: "other.png" } });
      expect(result!.explains).toMatch(/, against other\.png$/);
      expect(result!.reference!.own).toBeCloseTo(own, 5);
      expect(result!.reference!.value).toBeCloseTo(value, 5);
      expect(result!.score).toBeCloseTo(own - value, 5);
      expect(result!.scoreKind).toMatch(/ difference$/);
      // A piece's number is at each of its pixels.
      const total = method === "kernel-shap" ? sumOfPieces(found.maps[0]!) : sum(found.maps[0]!);
      const tolerance = method === "gradient-shap" ? 0.05 : 0.012;
      expect(Math.abs(total - (own - value))).toBeLessThan(
        tolerance * Math.abs(own - value) + 1e-4,
      );
      expect(found.notes).toContain(
        `${method}: compared with other.png, whose pixels are the baseline`,
      );
    },
  );
});

const sumOfPieces = (data: Float32Array) =>
  [...new Set(data)].reduce((total, value) => total + value, 0);

test("against a folder, both the score and the map are means over its pictures", async () => {
  const methods = ["integrated-gradients"];
  const found = await explained({ methods, reference: "folder" });
  const alone = await Promise.all(
    ["folder/a.png", "folder/b.png"].map((reference) => explained({ methods, reference })),
  );
  const [a, b] = alone.map(({ results }) => results[0]!.reference!.value!);
  const [result] = found.results;
  expect(result!.reference).toMatchObject({ name: "the mean of 2 pictures of folder" });
  expect(result!.reference!.value).toBeCloseTo((a! + b!) / 2, 5);
  for (const [i, value] of found.maps[0]!.entries()) {
    expect(value).toBeCloseTo((alone[0]!.maps[0]![i]! + alone[1]!.maps[0]![i]!) / 2, 5);
  }
  expect(Math.abs(sum(found.maps[0]!) - result!.score!)).toBeLessThan(
    0.01 * Math.abs(result!.score!) + 1e-4,
  );
});

const shownIn = (figure: AttributionFigure) =>
  attributionSheet(figure).rows.flatMap(({ cells }) =>
    cells.map(({ title, captions, notes, picture: shown }) => ({ title, captions, notes, shown })),
  );

describe.each([
  ["one map", ["integrated-gradients"]],
  ["several", ["integrated-gradients", "occlusion"]],
])("the figure of %s", (_, methods) => {
  test("shows the reference beside the photo, each with the number that is compared", async () => {
    const { figure, results } = await explained({ methods, reference: "other.png" });
    const [input, reference] = shownIn(figure);
    const { own, value } = results[0]!.reference!;
    expect(input).toMatchObject({
      title: "input, 8 × 8",
      captions: [`value ${formatNumber(own!)}`],
    });
    expect(reference).toMatchObject({
      title: "reference, 8 × 8",
      captions: [`value ${formatNumber(value!)}`],
      notes: ["other.png"],
    });
    expect(reference!.shown!.data).toEqual(files["other.png"].data);
  });

  test("shows all pictures of a folder, not their blend", async () => {
    const { figure } = await explained({ methods, reference: "folder" });
    const [, reference] = shownIn(figure);
    expect(reference).toMatchObject({
      title: "reference, 2 pictures",
      notes: ["the mean of 2 pictures of folder"],
    });
    const { widthPx, heightPx } = reference!.shown!;
    expect(widthPx).toBe(2 * heightPx + 4);
  });

  test("shows nothing beside a photo that is compared with nothing", async () => {
    const { figure } = await explained({ methods });
    expect(shownIn(figure)[0]!.captions).toBeUndefined();
    expect(shownIn(figure)[1]!.title).not.toMatch(/reference/);
  });
});

test("a similarity's figure shows the picture that it is to, without a number of its own", async () => {
  const { figure } = await explained({ model: "tower.onnx", reference: "other.png" });
  const [input, reference] = shownIn(figure);
  expect(input!.captions).toBeUndefined();
  expect(reference).toMatchObject({ title: "reference, 8 × 8", notes: ["other.png"] });
});

test.each([
  [["lrp"], "measured from 0"],
  [["occlusion"], "measured from its baseline's value"],
  [["gradient"], "measured by its slope here"],
  [["lrp", "occlusion"], "measured from 0 or from its baseline's value"],
])("the line of a value's numbers says what %j measure it from", async (methods, said) => {
  const { figure } = await explained({ methods });
  expect(figure.sections[0]!.note).toMatch(/^value .*  ·  measured/);
  expect(figure.sections[0]!.note).toContain(said);
  const against = await explained({ methods, reference: "other.png" });
  expect(against.figure.sections[0]!.note).not.toContain("measured");
  const ofClass = await explained({ methods, model: "classes.onnx" });
  expect(ofClass.figure.sections[0]!.note).not.toContain("measured");
});

test("an output of one number may be named alone", async () => {
  const [named, alone] = [await explained({ target: "age" }), await explained({})];
  expect(named.maps).toEqual(alone.maps);
  expect(named.results[0]).toMatchObject({ output: "age", kind: "value", scoreKind: "value" });
  expect(named.results[0]!.explains).toBe('the value "age"');
});

test("a picture against itself has no difference, and no map", async () => {
  const methods = ["integrated-gradients", "occlusion"];
  const { results, maps } = await explained({ methods, reference: "photo.png" });
  expect(results.map(({ score }) => score)).toEqual([0, 0]);
  for (const map of maps) expect(map.every((value) => value === 0)).toBe(true);
});

test("methods without a baseline have the map that they have without a reference, and say so", async () => {
  const methods = methodEntries()
    .filter(([, method]) => takenBy(method).reference !== "pixels")
    .map(([name]) => name);
  const [alone, beside] = [
    await explained({ methods }),
    await explained({ methods, reference: "other.png" }),
  ];
  expect(beside.maps).toEqual(alone.maps);
  expect(beside.notes).toMatch(/gradient, smooth-grad.*: the map is the same without a reference/);
  expect(beside.notes).toMatch(
    /input-x-gradient, .*: the map shares out the score of the picture alone, as if from 0/,
  );
});

test("without a reference, what a value is compared with is said", async () => {
  const { notes } = await explained({ methods: ["lrp", "occlusion", "gradient"] });
  expect(notes).toMatch(/lrp: the value of "age" is shared out as if from 0.*--reference FILE/);
  expect(notes).toMatch(
    /occlusion: the value of "age" is compared with that of a picture of the baseline alone/,
  );
});

test("maps of values keep both signs", async () => {
  const model = new Model(decodeOnnx(files["classes.onnx"]), runtime, { kind: "values" });
  const { maps } = await explained({ model, methods: ["grad-cam"], target: "0,1,2" });
  expect(maps.some((map) => map.some((value) => value < 0))).toBe(true);
});

describe("an embedding", () => {
  const model = "tower.onnx";

  test("is explained by its similarity to a reference", async () => {
    const { results, notes } = await explained({
      model,
      methods: ["gradient", "integrated-gradients"],
      reference: "other.png",
    });
    const [result] = results;
    expect(result).toMatchObject({
      explains: "similarity to other.png",
      scoreKind: "cosine similarity",
      target: null,
    });
    expect(result!.reference).toBeUndefined();
    expect(result!.score).toBeLessThan(1);
    expect(notes).toMatch(
      /the score is the cosine of the angle between the 8 numbers of "y" and those of other\.png/,
    );
  });

  test("is 1 to itself, and is compared with an embedding's numbers, or a layer's", async () => {
    const scored = async (request: Asked) => (await explained({ model, ...request })).results[0]!;
    expect((await scored({ reference: "photo.png" })).score).toBeCloseTo(1, 5);
    expect((await scored({ reference: "text.npy" })).explains).toBe("similarity to text.npy");
    const layer = await scored({ reference: "photo.png", target: "maps:similarity" });
    expect(layer).toMatchObject({
      explains: "similarity of layer maps to photo.png",
      output: null,
    });
    expect(layer.score).toBeCloseTo(1, 5);
    // A number that is named is compared as any value.
    expect(await scored({ reference: "other.png", target: "2" })).toMatchObject({
      scoreKind: "value difference",
    });
  });
});

test.each<[string, Asked, RegExp]>([
  [
    "a baseline beside a reference",
    { methods: ["occlusion"], options: { baseline: "blur" }, reference: "other.png" },
    /whose pixels are the baseline, got both\. leave --baseline or --reference out/,
  ],
  [
    "similarity to nothing",
    { target: "similarity" },
    /similarity must be to something, got no reference/,
  ],
  [
    "a value against an embedding",
    { target: "0", reference: "text.npy" },
    /give --target similarity/,
  ],
  [
    "an embedding of another length",
    { model: "classes.onnx", reference: "text.npy" },
    /must have 3 numbers, as "y" has, got 8/,
  ],
  ["a folder without pictures", { reference: "empty" }, /must hold pictures/],
  ["a file that is not there", { reference: "gone.png" }, /gone\.png/],
])("%s is refused", async (_, request, message) => {
  await expect(
    explained(request).catch((error: unknown) => {
      throw new Error(wordsOf((error as { said: string }).said, commandWords));
    }),
  ).rejects.toThrow(message);
});
