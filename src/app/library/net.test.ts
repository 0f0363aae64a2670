/** @file The library's network: in one call what the commands do, from paths, pixels and tensors. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel, limpid } from "../../../test/command-line.ts";
import { decodeNpy } from "../../formats/npy.ts";
import { tensor } from "../../graph/tensor.ts";
import { preprocessings } from "../../image/preprocess.ts";
import { encodePng, readPicture } from "../../node/codecs.ts";
import { nodePlatform } from "../../node/platform.ts";
import { createNodeRuntime, open } from "../../node.ts";
import { pictureRecordSchema } from "../activations/schema.ts";
import { attributionSchema } from "../attribute/schema.ts";
import { memoryPlatform } from "../memory-platform.ts";
import { openNet, type Net } from "./net.ts";

let folder: string;
let net: Net;
const at = (...names: readonly string[]) => join(folder, ...names);

beforeAll(async () => {
  folder = await folderWithModel();
  net = await open(at("good.onnx"), { preprocess: "unit" });
});
afterAll(async () => {
  await net.close();
  rmSync(folder, { recursive: true, force: true });
});

async function command(name: string, ...options: readonly string[]): Promise<unknown> {
  const paths = [at("good.onnx"), at("good.png")] as const;
  const { out } = await limpid(name, ...paths, "--preprocess", "unit", "--json", ...options);
  return JSON.parse(out);
}

/**
 * As JSON has it, without the advice that each face words in its own way, and without how well a check agreed: an open
 * network is checked with the first class that is asked.
 */
function facts(record: unknown): unknown {
  const { results, ...others } = v.parse(attributionSchema, JSON.parse(JSON.stringify(record)));
  return {
    ...others,
    results: results.map(({ warnings, checked, ...all }) => [
      all,
      warnings.length,
      checked !== null,
    ]),
  };
}

test("an explanation has what the command prints, and saves the figure or a folder", async () => {
  const why = await net.explain(at("good.png"));
  expect(facts(why.record)).toEqual(facts(await command("attribute")));
  expect(why.map.dims).toEqual([6, 6]);
  expect(why.text).toBe(why.record.results[0]!.text);
  expect(why.probability).toBe(why.record.results[0]!.probability);
  await why.save(at("why.png"));
  expect(new Uint8Array(readFileSync(at("why.png")))).toEqual(new Uint8Array(await why.draw()));
  await why.save(at("why"));
  expect(readdirSync(at("why")).toSorted()).toEqual(["grad-cam.npy", "results.json", "sheet.png"]);
  const record = v.parse(
    attributionSchema,
    JSON.parse(readFileSync(at("why", "results.json"), "utf8")),
  );
  expect(decodeNpy(readFileSync(at("why", record.results[0]!.file!))).data).toEqual(why.map.data);
});

test("several methods, layers, targets and options in data are as the command's in text", async () => {
  const why = await net.explain(at("good.png"), {
    method: ["integrated-gradients", "grad-cam"],
    layer: "features",
    target: [1, 2],
    steps: 4,
    baseline: 0.5,
    signed: true,
  });
  const lists = ["--method", "integrated-gradients,grad-cam", "--target", "1,2"] as const;
  const options = ["--steps", "4", "--baseline", "0.5", "--signed", "--layer", "features"] as const;
  expect(facts(why.record)).toEqual(facts(await command("attribute", ...lists, ...options)));
  expect(why.maps).toHaveLength(4);
});

test("pixels and tensors are explained as the file they come from", async () => {
  const picture = await readPicture(at("good.png"));
  const ofFile = await net.explain(at("good.png"), { target: 1 });
  const ofPixels = await net.explain(picture, { target: 1 });
  expect(ofPixels.map.data).toEqual(ofFile.map.data);
  const data = Float32Array.from({ length: 192 }, (_, i) => {
    const [c, place] = [Math.floor(i / 64), i % 64];
    return picture.data[3 * place + c]! / 255;
  });
  const ofTensor = await net.explain(tensor("float32", [1, 3, 8, 8], data), { target: 1 });
  expect(ofTensor.map.data).toEqual(ofFile.map.data);
  await expect(net.explain(tensor("float32", [1, 3, 9, 8], new Float32Array(216)))).rejects.toThrow(
    /shape/,
  );
});

test("facts in data are taken like those of a file", async () => {
  const labels = ["ant", "bee", "cat", "dog"];
  const named = await open(at("good.onnx"), { labels, preprocess: preprocessings.unit });
  try {
    const why = await named.explain(at("good.png"), { target: "bee" });
    expect([why.label, why.map.target]).toEqual(["bee", 1]);
    const plain = await net.explain(at("good.png"), { target: 1 });
    expect(why.map.data).toEqual(plain.map.data);
    expect(why.notes.join()).not.toContain("assumed");
    expect(why.record.preprocessing?.chosenBy).toBe("request");
    const { preprocessing, classes } = await named.inspect();
    expect(preprocessing).toMatchObject({ name: "unit", chosenBy: "request" });
    expect(classes).toMatchObject({ count: 4, from: "labels (in data)" });
  } finally {
    await named.close();
  }
});

test("what was assumed is told in the library's words", async () => {
  const told: unknown[] = [];
  const assumed = await open(at("good.onnx"), { onNote: (note) => told.push(note) });
  try {
    const { notes } = await assumed.explain(at("good.png"));
    expect(notes[0]).toBe(
      'the model does not say how its input is prepared; assumed preprocess: "torchvision"',
    );
    expect(told).toHaveLength(notes.length);
  } finally {
    await assumed.close();
  }
});

test("layers of a picture are those of the command, also on disk", async () => {
  const look = await net.activations(at("good.png"), { layer: "features", channel: [1, 3] });
  expect(look.layers.map(({ name }) => name)).toEqual(["features"]);
  await look.save(at("look"));
  const written = ["--layer", "features", "--channel", "1,3", "--out", at("told")] as const;
  const told = v.parse(pictureRecordSchema, await command("activations", ...written));
  const saved: unknown = JSON.parse(
    readFileSync(at("look", "activations.json"), "utf8").replaceAll(at("look"), at("told")),
  );
  expect(saved).toEqual(told);
  expect(readdirSync(at("look"))).toEqual(readdirSync(at("told")));
});

test("layers of a folder are told and saved", async () => {
  mkdirSync(at("photos"));
  for (const name of ["a.png", "b.png"]) {
    // oxlint-disable-next-line no-await-in-loop -- two pictures of 8 by 8
    const bytes = await encodePng(await readPicture(at("good.png")));
    // oxlint-disable-next-line no-await-in-loop -- two pictures of 8 by 8
    await nodePlatform.writeWhole(at("photos", name), bytes);
  }
  const look = await net.activationsOfFolder(at("photos"), { top: 1 });
  expect(look.record.pictures).toBe(2);
  await look.save(at("patches"));
  expect(existsSync(at("patches", "activations.json"))).toBe(true);
  await expect(net.activationsOfFolder(at("photos"), { top: 0 })).rejects.toThrow(
    /^top: it must be/,
  );
});

test("pictures of units are those of the command, in memory and on disk", async () => {
  const made = await net.maximize({ layer: "features", channel: [1, 3], steps: 4 });
  expect(made.pictures.map(({ unit }) => unit)).toEqual([
    { layer: "features", channel: 1 },
    { layer: "features", channel: 3 },
  ]);
  await made.save(at("made"));
  const units = ["--layer", "features", "--channel", "1,3", "--steps", "4"] as const;
  const asked = [...units, "--preprocess", "unit", "--out", at("asked")] as const;
  expect((await limpid("maximize", at("good.onnx"), ...asked)).code).toBe(0);
  const files = ["recipe.json", "results.json", "features.png", "features/channel-0001.npy"];
  for (const file of files) {
    expect(readFileSync(at("made", file)).equals(readFileSync(at("asked", file))), file).toBe(true);
  }
  await made.save(at("made.png"));
  expect(readFileSync(at("made.png")).equals(readFileSync(at("asked", "features.png")))).toBe(true);
  const [first] = made.pictures;
  const stored = decodeNpy(readFileSync(at("asked", "features/channel-0001.npy")));
  expect(first!.input.data).toEqual(stored.data);
  expect(made.pictures.some(({ start, activation }) => activation > start)).toBe(true);
});

test("the picture of one class is a file, and sheets are of one layer", async () => {
  const one = await net.maximize({ class: 2, steps: 2 });
  await one.save(at("class.png"));
  const { widthPx, heightPx, data } = await readPicture(at("class.png"));
  expect([widthPx, heightPx]).toEqual([8, 8]);
  expect(data).toEqual(one.pictures[0]!.picture.data);
  const two = await net.maximize({ layer: ["Conv", "features"], channel: 0, steps: 2 });
  await expect(two.save(at("two.png"))).rejects.toThrow("a figure must be of one layer, got 2");
});

test("a machine of files in memory answers alike", async () => {
  const platform = memoryPlatform({
    files: {
      "good.onnx": new Uint8Array(readFileSync(at("good.onnx"))),
      photo: await readPicture(at("good.png")),
    },
    runtimes: { cpu: createNodeRuntime() },
  });
  const decode = async () => readPicture(at("good.png"));
  const place = { platform, decode, isOfHandedFiles: true, runtime: "cpu" } as const;
  const held = await openNet("good.onnx", { preprocess: "unit" }, place);
  const why = await held.explain("photo");
  expect(why.map.data).toEqual((await net.explain(at("good.png"))).map.data);
  await why.save("why");
  await (await held.activations("photo", { layer: "features" })).save("look");
  expect([...platform.written.keys()].toSorted()).toEqual([
    "look/1-features.npy",
    "look/1-features.png",
    "look/activations.json",
    "look/depth.svg",
    "why/grad-cam.npy",
    "why/results.json",
    "why/sheet.png",
  ]);
  await held.close();
});

test("the network is listed as the command lists it", async () => {
  const { out } = await limpid("inspect", at("good.onnx"), "--json");
  const plain = await open(at("good.onnx"));
  expect(await plain.inspect()).toEqual(JSON.parse(out));
  await plain.close();
});

test("a stopped call throws, and a method, layer or option that is not there is told of", async () => {
  const stopped = net.explain(at("good.png"), { signal: { aborted: true }, method: "occlusion" });
  await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  const wrong = [
    [{ method: "grad-camera" as never }, /grad-cam/],
    [{ layer: "fatures" }, /closest: "features"/],
    [{ steps: 4 }, /^steps: the method must take it/],
  ] as const;
  for (const [options, message] of wrong) {
    // oxlint-disable-next-line no-await-in-loop -- one network
    await expect(net.explain(at("good.png"), options)).rejects.toThrow(message);
  }
});

test("progress is one kind of event", async () => {
  const told: string[] = [];
  await net.explain(at("good.png"), {
    method: ["gradient", "grad-cam"],
    onProgress: ({ what, done, total }) => told.push(`${what} ${done}/${total}`),
  });
  expect(told[0]).toBe("explain 0/2");
});

test("results are saved in the format that the name says, where nothing is read", async () => {
  const why = await net.explain(at("good.png"));
  const made = await net.maximize({ class: 1, steps: 2 });
  const look = await net.activations(at("good.png"), { layer: "features" });
  const folderLook = await net.activationsOfFolder(at("photos"), { top: 1, layer: "features" });
  for (const result of [why, made]) {
    await result.save(at("saved.jpg"));
    expect([...readFileSync(at("saved.jpg")).subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    await expect(result.save(at("saved.webp"))).rejects.toThrow(/must end in \.png, \.jpg/);
    expect(existsSync(at("saved.webp"))).toBe(false);
  }
  for (const result of [why, made, look, folderLook]) {
    await expect(result.save("")).rejects.toThrow(/^out: there must be the path/);
    const save = result.save as () => Promise<void>;
    await expect(save()).rejects.toThrow(/^out: there must be the path/);
  }
  const before = readFileSync(at("good.png"));
  await expect(why.save(at("good.png"))).rejects.toThrow("one of the inputs");
  expect(readFileSync(at("good.png")).equals(before)).toBe(true);
  await expect(look.save(at("look.png"))).rejects.toThrow(/^out: it must be a folder/);
  // Another call has other inputs.
  const again = await net.explain(at("saved.jpg"));
  await expect(again.save(at("saved.jpg"))).rejects.toThrow("one of the inputs");
  await why.save(at("saved.jpg"));
});

test("what is no file in hand is told by what it is", async () => {
  const bytes = new Uint8Array(readFileSync(at("good.onnx")));
  for (const [given, got] of [
    [bytes, "bytes without a name"],
    [bytes.buffer, "bytes without a name"],
    [new Blob([bytes]), "bytes without a name"],
    [[bytes], "bytes without a name"],
    [{ name: "m.onnx" }, "another object"],
    [{ name: "m.onnx", data: 5 }, "another object"],
    [{ data: bytes }, "another object"],
    [undefined, "undefined"],
    [null, "null"],
    [[5], "5"],
  ] as const) {
    const opening = open(given as unknown as File);
    await expect(opening).rejects.toThrow(`or contents with a name, got ${got}. give { name:`);
    await expect(opening).rejects.toMatchObject({ code: "bad-option" });
  }
});

test("a model is opened from a folder, an archive, and files in hand", async () => {
  const bytes = new Uint8Array(readFileSync(at("good.onnx")));
  mkdirSync(at("model"));
  writeFileSync(at("model", "good.onnx"), bytes);
  writeFileSync(at("model", "readme.txt"), "about it");
  writeFileSync(at("good.zip"), zipSync({ "a/good.onnx": bytes, "a/x.jpg": new Uint8Array(9) }));
  const notes = { name: "my_model/labels.txt", data: "a\nb" };
  const models = [
    at("model"),
    at("good.zip"),
    new File([bytes], "good.onnx"),
    { name: "good.zip", data: new Blob([readFileSync(at("good.zip"))]) },
    [{ name: "my_model/good.onnx", data: bytes }, notes],
    new Set([{ name: "my_model/good.onnx", data: bytes }, notes]),
  ];
  const names: string[] = [];
  for (const model of models) {
    const opened = await open(model, { preprocess: "unit" });
    expect(opened.graph.nodes).toEqual(net.graph.nodes);
    names.push(opened.name);
    await opened.close();
  }
  expect(names).toEqual(["model", "good.zip", "good.onnx", "good.zip", "my_model", "my_model"]);
  const two = ["a.onnx", "b.onnx"].map((name) => ({ name, data: bytes }));
  await expect(open(two)).rejects.toThrow(
    '"a.onnx": open: a folder must hold one model, got "a.onnx", "b.onnx".',
  );
});
