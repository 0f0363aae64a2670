/** @file What Teachable Machine and other tools say of their models is in the metadata of the graph. */
import { expect, test } from "vitest";
import { savedFiles, sourceOf, type Files } from "../../../test/tfjs/saved-model.ts";
import { zip } from "../../../test/zip-archive.ts";
import {
  audioProject,
  imageMetadata,
  imageProject,
  jsonFile,
  poseProject,
} from "../../../test/tfjs/teachable-machine.ts";
import type { Graph } from "../../graph/graph.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { folderSource, type FolderSource, type OpenFile } from "../folder-source.ts";
import { openGraph } from "../index.ts";
import { memorySource } from "../source.ts";

function folderOf(files: Files, top = ""): FolderSource {
  const opened = [...files].map(([path, bytes]): [string, OpenFile] => {
    const { size, read } = memorySource(path, bytes);
    return [`${top}${path}`, async () => ({ size, read })];
  });
  return folderSource("my_model", new Map(opened));
}

/** What a graph's metadata hold under a key, read as JSON. */
function told(graph: Graph, key: keyof typeof metadataKeys): unknown {
  const text = graph.metadata.get(metadataKeys[key]);
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

test("a project of pictures tells its classes, and pictures are prepared as its own code does", async () => {
  const graph = await openGraph(folderOf(await imageProject(3)));
  expect(told(graph, "classes")).toEqual(imageMetadata.labels);
  expect(told(graph, "preprocessing")).toEqual({
    name: "teachable machine",
    resize: "crop",
    cropShare: 1,
    filter: "bilinear",
    channels: "rgb",
    scale: 1 / 127,
    mean: [1],
    std: [1],
    layout: "nchw",
  });
  expect(told(graph, "reading")).toBeUndefined();
  expect(graph.inputs[0]!.dims).toEqual(["N", 3, 16, 16]);
  const values = graph.nodes.flatMap(({ outputs }) => outputs);
  expect(values).toEqual(expect.arrayContaining(["Conv1", "bn_Conv1", "out_relu"]));
});

test("a project opens alike by its model.json, as a folder, in a folder and as an archive", async () => {
  const files = await imageProject(3);
  const graph = await openGraph(sourceOf(files));
  const entries = [...files].map(([name, bytes]) => ({ name, data: Buffer.from(bytes) }));
  const archive = memorySource("converted_tfjs.zip", zip(entries));
  const above = new Map([...files].map(([path, bytes]) => [`web/my_model/${path}`, bytes]));
  above.set("index.html", jsonFile("page"));
  for (const source of [folderOf(files), folderOf(files, "my_model/"), folderOf(above), archive]) {
    expect(await openGraph(source)).toEqual(graph);
  }
});

test("a project beside another model is not chosen, but told with it", async () => {
  for (const other of ["keras_model.h5", "b/model_unquant.tflite"]) {
    const files = await imageProject(3);
    const start = other.endsWith("h5") ? "\x89HDF\r\n\x1a\n" : "\0\0\0\0TFL3";
    const bytes = Uint8Array.from(start, (letter) => letter.charCodeAt(0));
    await expect(openGraph(folderOf(new Map([...files, [other, bytes]])))).rejects.toThrow(
      /a folder must hold one model, got (?=.*"model.json")(?=.*"(keras_model|b.model_unquant))/,
    );
  }
});

test("a configuration of Keras that is called model.json is told from a model", async () => {
  const config = jsonFile({ class_name: "Sequential", config: {}, keras_version: "2.4.0" });
  await expect(openGraph(folderOf(new Map([["model.json", config]])))).rejects.toThrow(
    "got the configuration of a Keras model alone. save the whole model as .keras or .h5",
  );
});

test("a project of grey pictures is shown grey ones", async () => {
  const graph = await openGraph(
    folderOf(await imageProject(1, { ...imageMetadata, grayscale: true })),
  );
  expect(told(graph, "preprocessing")).toMatchObject({ channels: "grey", scale: 1 / 127 });
});

test("names that are not as many as the classes are left out, and it is said", async () => {
  const files = await imageProject(3, { ...imageMetadata, labels: ["a", "b"] });
  const graph = await openGraph(folderOf(files));
  expect(told(graph, "classes")).toBeUndefined();
  expect(told(graph, "reading")).toEqual([
    "The 2 names of classes in metadata.json beside it are left out: its output has 3 numbers.",
  ]);
});

test("a project of sounds opens, and says that it hears", async () => {
  const graph = await openGraph(folderOf(await audioProject()));
  expect(graph.inputs[0]!.dims).toEqual(["N", 1, 43, 232]);
  expect(told(graph, "classes")).toEqual(["Background Noise", "clap"]);
  expect(told(graph, "reading")).toEqual([expect.stringMatching(/^It hears sounds: its input/)]);
});

test("a project of poses is refused, as PoseNet is not in it", async () => {
  await expect(openGraph(folderOf(await poseProject()))).rejects.toThrow(
    "got one of Teachable Machine's for poses: it is given what PoseNet finds in them, and PoseNet is not in its files. train an image project.",
  );
});

test("metadata of other tools and broken ones say nothing", async () => {
  const files = await imageProject(3);
  for (const bytes of [
    jsonFile({ labels: ["a", "b", "c"] }),
    new Uint8Array([0x7b]),
    jsonFile(null),
  ]) {
    const graph = await openGraph(folderOf(new Map(files).set("metadata.json", bytes)));
    expect(told(graph, "classes")).toBeUndefined();
    expect(told(graph, "preprocessing")).toMatchObject({ name: "tf" });
  }
});

const two = {
  class_name: "Sequential",
  config: {
    name: "scores",
    layers: [
      {
        class_name: "Dense",
        config: { name: "d", batch_input_shape: [null, 2], units: 2, use_bias: false },
      },
    ],
  },
};
const kernel = { name: "d/kernel", shape: [2, 2], dtype: "float32", values: [1, 2, 3, 4] } as const;

test("networks that ml5 trains tell their classes, in model.json or beside it", async () => {
  const extractor = savedFiles(two, [kernel], {
    more: { ml5Specs: { mapStringToIndex: ["x", "y"] } },
  });
  expect(told(await openGraph(folderOf(extractor)), "classes")).toEqual(["x", "y"]);
  const meta = { outputs: { label: { dtype: "string", uniqueValues: ["on", "off"], legend: {} } } };
  const network = new Map(savedFiles(two, [kernel])).set("model_meta.json", jsonFile(meta));
  expect(told(await openGraph(folderOf(network)), "classes")).toEqual(["on", "off"]);
});

test("weights may lie beside model.json whatever folder it names, and have the name of the model", async () => {
  const files = savedFiles(two, [kernel]);
  const json = new TextDecoder().decode(files.get("model.json"));
  const renamed = json.replace("group1-shard1of1.bin", "./some/where/mine.weights.bin");
  const moved = new Map([
    ["mine.json", new TextEncoder().encode(renamed)],
    ["mine.weights.bin", files.get("group1-shard1of1.bin")!],
  ]);
  expect(await openGraph(folderOf(moved))).toEqual(await openGraph(folderOf(files)));
});

test.each([
  ["{", "tfjs: model.json must be JSON, got other text"],
  ["{}", 'tfjs: model.json must hold "modelTopology", got "nothing"'],
  ['{"modelTopology": {}}', 'tfjs: "modelTopology" must hold layers'],
  [JSON.stringify({ modelTopology: two }), "got a model without weights"],
  [JSON.stringify({ modelTopology: two, weightsManifest: {} }), "must be a list of groups"],
])("a model.json of %s is refused", async (text, message) => {
  const source = memorySource("model.json", new TextEncoder().encode(text));
  await expect(openGraph(source)).rejects.toThrow(message);
});
