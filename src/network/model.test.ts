import { describe, expect, test, vi } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { cut } from "../graph/edit.ts";
import type { Dimension, Graph } from "../graph/graph.ts";
import { tensor, tensorOf, toNumbers } from "../graph/tensor.ts";
import { libraryWords, wordsOf } from "../wording/face.ts";
import { Model } from "./model.ts";

/** A mean over places, then a softmax. */
function network(open?: readonly Dimension[], dims: readonly number[] = [1, 3, 4, 4]): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", dims, "float32", open);
  const means = b.op("ReduceMean", [x, b.ints([2, 3])], { keepdims: 0 }, "means");
  b.output(b.op("Softmax", [means], { axis: -1 }, "probabilities"));
  return { ...b.build(), shapes: new Map() };
}

const runtime = createReferenceRuntime();

describe("input", () => {
  test("open sizes are filled in", () => {
    const model = new Model(network(["N", 3, "H", 6]), runtime);
    expect(model.inputDims()).toEqual([1, 3, 224, 6]);
    expect(model.inputDims(5)).toEqual([5, 3, 224, 6]);
    expect(model.fixedBatch).toBeUndefined();
    expect(model.batchDims([5, 3, 8, 6])).toEqual([5, 3, 8, 6]);
  });

  test("a fixed batch is kept", () => {
    const model = new Model(network(), runtime);
    expect(model.inputDims(5)).toEqual([1, 3, 4, 4]);
    expect(model.batchDims([5, 3, 4, 4])).toEqual([1, 3, 4, 4]);
  });

  test("an input that nothing reads is no part, and what has no slope is to be given", () => {
    const graph = network();
    const [x] = graph.inputs;
    const twice = { ...graph, inputs: [x!, { ...x!, name: "y" }] };
    expect(new Model(twice, runtime).parts.map(({ name }) => name)).toEqual(["x"]);
    const deep = { ...graph, inputs: [{ ...x!, dims: [1, 3, 4, 4, 1, 1] }] };
    expect(() => new Model(deep, runtime)).toThrow(/got float32 \[1, 3, 4, 4, 1, 1\]/);
    const bytes = { ...graph, inputs: [{ ...x!, type: "uint8" as const }] };
    expect(() => new Model(bytes, runtime)).toThrow(/got uint8/);
  });

  test.each([
    ["another rank", [3, 4, 4]],
    ["another size", [1, 3, 4, 5]],
    ["no pictures", [0, 3, 4, 4]],
  ])("pictures of %s are refused", async (_, dims) => {
    const model = new Model(network(), runtime);
    const pictures = tensor("float32", dims, new Float32Array(dims.reduce((a, b) => a * b)));
    expect(() => model.requirePictures(pictures)).toThrow(/float32 of shape \[1, 3, 4, 4\], got/);
    await expect(model.at(dims)).rejects.toThrow(/got/);
  });

  test("pictures of another type are refused, other counts are not", () => {
    const model = new Model(network(), runtime);
    const pictures = tensorOf("float64", [1, 3, 4, 4], new Float64Array(48));
    expect(() => model.requirePictures(pictures)).toThrow(/got float64/);
    const three = tensor("float32", [3, 3, 4, 4], new Float32Array(144));
    expect(() => model.requirePictures(three)).not.toThrow();
  });
});

describe("traces", () => {
  test("end in the logits, or in what explains probabilities", async () => {
    const model = new Model(network(), runtime);
    const traced = await model.at([1, 3, 4, 4]);
    expect(traced.outputs).toEqual([{ name: "means", type: "float32", dims: [1, 3] }]);
    const kept = new Model(network(), runtime, { keepActivation: true });
    expect(kept.explained).toBe("probabilities");
    const outputs = (await kept.at([1, 3, 4, 4])).outputs.map((output) => output.name);
    expect(outputs).toEqual(["probabilities", "means"]);
    const whole = await model.whole([1, 3, 4, 4]);
    expect(whole.nodes.map((node) => node.operator)).toEqual(["ReduceMean", "Softmax"]);
  });

  test("are made once a size, and again after a failure", async () => {
    const failing = { ...runtime, open: vi.fn(runtime.open) };
    failing.open.mockRejectedValueOnce(new Error("out of memory"));
    const model = new Model(network(["N", 3, 4, 4]), failing);
    await expect(model.at([2, 3, 4, 4])).rejects.toThrow("out of memory");
    const traced = await model.at([2, 3, 4, 4]);
    expect(await model.at([2, 3, 4, 4])).toBe(traced);
    expect(await model.at([1, 3, 4, 4])).not.toBe(traced);
    expect(failing.open).toHaveBeenCalledTimes(3);
  });

  test("of a map are not those of the same map under another head", async () => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 3, 4, 5]);
    b.output(b.op("Softmax", [b.op("Neg", [x])], { axis: 2 }, "map"));
    const graph = { ...b.build(), shapes: new Map() };
    const outputs = graph.outputs.map((output) => ({ ...output, dims: undefined }));
    const open = { ...graph, outputs };
    const opened = new Model(open, runtime, { kind: "map" });
    // As long as nothing tells the shape, the softmax goes over the classes; then it goes over the rows.
    const shapes = new Map([["map", [1, 3, 4, 5]]]);
    const sure = new Model(open, runtime, { kind: "map", shapes, like: opened });
    const dims = [1, 3, 4, 5];
    expect(sure.explained).toBe(opened.explained);
    expect((await opened.at(dims)).outputs[0]!.dims).toEqual([1, 4]);
    expect((await sure.at(dims)).outputs[0]!.dims).toEqual([1, 3]);
    expect(await sure.whole(dims)).toBe(await opened.whole(dims));
  });

  test("are no more than are used: one of a map, and of several outputs a cut of what there is", async () => {
    const opening = { ...runtime, open: vi.fn(runtime.open) };
    const map = new GraphBuilder();
    map.output(map.op("Neg", [map.input("x", [1, 3, 4, 5])], {}, "map"));
    const dims = [1, 3, 4, 5];
    const ofMap = new Model(map.build(), opening, { kind: "map" });
    await ofMap.at(dims);
    const forMap = opening.open.mock.calls.length;
    const means = cut(ofMap.graph, { outputs: [ofMap.logits] });
    await new Model(means, opening, { kind: "classes" }).at(dims);
    expect(opening.open.mock.calls.length - forMap).toBe(forMap);

    const b = new GraphBuilder();
    const x = b.input("x", dims);
    b.output(b.op("ReduceMean", [x, b.ints([2, 3])], { keepdims: 0 }, "means"));
    b.output(b.op("ReduceMax", [x, b.ints([2, 3])], { keepdims: 0 }, "largest"));
    const ofTwo = new Model(b.build(), opening, { output: "means", kind: "classes" });
    await ofTwo.whole(dims);
    const before = opening.open.mock.calls.length;
    const { outputs, nodes } = await ofTwo.at(dims);
    expect(outputs).toEqual([{ name: "means", type: "float32", dims: [1, 3] }]);
    expect(nodes).toHaveLength(1);
    expect(opening.open).toHaveBeenCalledTimes(before);
  });
});

test("a network that takes channels last is asked with channels first", async () => {
  const b = new GraphBuilder();
  const x = b.input("picture", [1, 4, 5, 3]);
  b.output(b.op("Transpose", [x], { perm: [0, 3, 1, 2] }, "y"));
  const model = new Model({ ...b.build(), shapes: new Map() }, runtime);
  expect(model.input.dims).toEqual([1, 3, 4, 5]);
  const values = Array.from({ length: 60 }, (_, i) => i);
  const traced = await model.whole([1, 3, 4, 5]);
  const feeds = { [model.input.name]: tensorOf("float32", [1, 3, 4, 5], values) };
  const { y } = await runtime.run(traced, feeds);
  expect(toNumbers(y!)).toEqual(values);
});

test("the digest is that of the network", async () => {
  const digest = await new Model(network(), runtime).digest();
  expect(await new Model(network(), runtime).digest()).toBe(digest);
  expect(await new Model(network(undefined, [2, 3, 4, 4]), runtime).digest()).not.toBe(digest);
});

test("says what reading the file changed, and nothing of other words", () => {
  const notesOf = (text: string) =>
    new Model({ ...network(), metadata: new Map([["limpid.reading", text]]) }, runtime).notes;
  const [note] = notesOf('["weights of 8 bits are read as floats"]');
  expect(wordsOf(note!, libraryWords)).toBe("weights of 8 bits are read as floats");
  for (const other of ["", "{}", "[1]", "no JSON"]) {
    expect(notesOf(other)).toEqual(notesOf("[]"));
  }
});

test("networks of grey pictures without an axis of channels get one, and say so", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 4, 6], "float32", ["N", 4, 6]);
  b.output(b.op("ReduceMean", [x, b.ints([2])], { keepdims: 0 }, "means"));
  const graph = { ...b.build(), shapes: new Map() };
  const model = new Model(graph, runtime);
  expect(model.inputDims(2)).toEqual([2, 1, 4, 6]);
  expect(model.isChannelsLast).toBe(false);
  expect(model.notes.map((note) => wordsOf(note, libraryWords)).join()).toContain("grey pictures");
  const whole = await model.whole([2, 1, 4, 6]);
  expect(whole.shapes.get("means")?.dims).toEqual([2, 4]);
  for (const [dims, order] of [
    [[3, 8, 8], "CHW"],
    [[8, 8, 3], "HWC"],
    [["N", 8, 3], "NTC"],
    [[1, 2], "NK"],
  ] as const) {
    const info = [{ name: "x", type: "float32" as const, dims }];
    const { parts } = new Model({ ...graph, inputs: info }, runtime);
    expect(parts[0]!.axes.join("")).toBe(order);
  }
});
