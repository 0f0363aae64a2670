/** @file Arrays in the axes of the model's file give what the model's maker computes of them, whatever the reader turns. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Choices, drawModel } from "../../test/keras/drawn-models.ts";
import {
  computed,
  generations,
  type MadeCall,
  type MadeLayer,
  type MadeModel,
} from "../../test/keras/keras-configs.ts";
import { counted, permuted, type Numbers } from "../../test/keras/numbers.ts";
import { expectAlike, graphOf } from "../../test/keras/run-keras.ts";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { expectNear, openedGraph } from "../../test/tensorflow/compared.ts";
import { GraphWriter, runTfjs } from "../../test/tensorflow/graph-model.ts";
import { liteGraph } from "../../test/tensorflow/lite-graph.ts";
import { openGraph } from "../formats/index.ts";
import { memorySource } from "../formats/source.ts";
import { digestGraph } from "../graph/digest.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { tensorOf, toNumbers } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { libraryWords, wordsOf } from "../wording/face.ts";
import { aloneWith } from "./first-input.ts";
import { heldOptions } from "./given-inputs.ts";
import { partValue, type ArrayOrder, type PartValue } from "./part-values.ts";
import { tensorSource } from "./tensor-source.ts";

const runtime = createReferenceRuntime();

const noFile = () => Promise.reject(new Error("no file is read"));
const platform = { readBytes: noFile, readText: noFile, readPicture: noFile };

function modelOf(graph: Graph): Model {
  return new Model(graph, runtime, { kind: "values" });
}

function read(model: Model, { dims, data }: Numbers, order: ArrayOrder = "of the file"): PartValue {
  return partValue(model.parts[0]!, tensorOf("float32", dims, data), order);
}

async function answer(model: Model, { value }: PartValue, output = 0): Promise<Numbers> {
  const session = await runtime.open(model.network);
  const results = await session.run({ [model.input.name]: value });
  const result = results[model.network.outputs[output]!.name]!;
  return { dims: result.dims, data: toNumbers(result) };
}

/** Sides and channels that are alike more often than not, so that shapes do not tell the axes apart. */
const shapes = fc
  .tuple(fc.constantFrom(1, 2, 3), fc.constantFrom(2, 3, 4), fc.boolean())
  .chain(([places, size, isAlike]) =>
    fc
      .array(fc.integer({ min: 2, max: 4 }), { minLength: places + 1, maxLength: places + 1 })
      .map((sizes) => (isAlike ? sizes.map(() => size) : sizes)),
  );

test("drawn models of Keras, of every generation", async () => {
  let turned = 0;
  const drawn = fc.record({
    choices: fc.array(fc.nat(1000), { minLength: 40, maxLength: 80 }),
    dims: shapes.filter(({ length }) => length < 4),
    generation: fc.constantFrom(...generations),
    hasBatch: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(drawn, async ({ choices, dims, generation, hasBatch }) => {
      const made = drawModel(new Choices(choices), dims, 2, "drawn");
      const graph = await graphOf(made, generation);
      const model = modelOf(graph);
      const input = counted([1, ...dims], 3);
      const given = hasBatch ? input : { ...input, dims };
      const [wanted] = computed(made, [input], generation === "keras 3");
      expectAlike(await answer(model, read(model, given)), wanted!, "the model");
      if (graph.inputs[0]!.fileOrder) turned += 1;
    }),
    { numRuns: 300 },
  );
  expect(turned).toBeGreaterThan(100);
});

/** Inputs of any shape that are weighed place by place and added up. */
function summed(inputs: readonly (readonly number[])[]): MadeModel {
  const layer = (className: string, i: number, weights: MadeLayer["weights"] = {}): MadeLayer => {
    const name = `${className.toLowerCase()}_${i}`;
    return { name, className, config: className === "Dense" ? { units: 3 } : {}, weights };
  };
  const calls = inputs.flatMap((dims, i): MadeCall[] => {
    const size = dims.reduce((product, side) => product * side, 1);
    const weights = { kernel: counted([size, 3], i), bias: counted([3], i + 0.5) };
    const flat = inputs.length + 2 * i;
    return [
      { layer: layer("Flatten", i), inputs: [i] },
      { layer: layer("Dense", i, weights), inputs: [flat] },
    ];
  });
  const ends = inputs.map((_, i) => inputs.length + 2 * i + 1);
  const sum = { layer: layer("Add", inputs.length), inputs: ends };
  return {
    name: "summed",
    isSequential: false,
    inputs: inputs.map((dims, i) => ({ name: `in_${i}`, dims })),
    calls: inputs.length > 1 ? [...calls, sum] : calls,
    outputs: [inputs.length + calls.length - (inputs.length > 1 ? 0 : 1)],
  };
}

test("signals, pictures and volumes of Keras as several inputs", async () => {
  const drawn = fc.array(shapes, { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(drawn, fc.constantFrom(...generations), async (inputs, generation) => {
      const made = summed(inputs);
      const model = modelOf(await graphOf(made, generation));
      const arrays = inputs.map((dims, i) => counted([1, ...dims], i));
      const [wanted] = computed(made, arrays, generation === "keras 3");
      const [shown, ...others] = arrays.map(({ dims, data }) => tensorOf("float32", dims, data));
      const given = Object.fromEntries(others.map((array, i) => [`in_${i + 1}`, array]));
      const first = await aloneWith(platform, model, { given });
      const origin = { name: "x", order: "of the file", preprocessing: undefined } as const;
      const source = first.whole(await tensorSource(platform, first.model, shown!, origin));
      expectNear((await answer(model, { value: source.input })).data, wanted!.data, 1e-4);
    }),
    { numRuns: 150 },
  );
});

/** A graph of TensorFlow whose answer tells every place of a picture or volume from every other. */
function weighed(dims: readonly number[]): GraphWriter {
  const g = new GraphWriter();
  g.placeholder("x", [-1, ...dims.slice(1)]);
  const size = dims.slice(1).reduce((product, side) => product * side, 1);
  const shape = g.ints("shape", [-1, size]);
  g.node("flat", "Reshape", ["x", shape], {});
  const kernel = g.floats("kernel", counted([size, 3], 0.4));
  g.node("y", "MatMul", ["flat", kernel], {});
  g.shapes.set("x", dims).set("flat", [1, size]).set("y", [1, 3]);
  return g;
}

test("pictures and volumes of TensorFlow, as a graph and of TensorFlow Lite", async () => {
  const sizes = shapes.filter(({ length }) => length > 2);
  await fc.assert(
    fc.asyncProperty(sizes, fc.boolean(), async (inner, isLite) => {
      const dims = [1, ...inner];
      const g = weighed(dims);
      const graph = isLite
        ? await openGraph(memorySource("graph.tflite", liteGraph(g, "y")))
        : openedGraph(g, ["y"]);
      const model = modelOf(graph);
      const x = counted(dims, 0.61);
      const [wanted] = await runTfjs(g, { x }, ["y"]);
      const got = await answer(model, read(model, x));
      expectNear(got.data, wanted!.data, 1e-4);
    }),
    { numRuns: 200 },
  );
});

/** Computes with whole numbers, so that they are no measurements. */
const added: Node = {
  name: "sum",
  operator: "Add",
  domain: "",
  inputs: ["ids", "ids"],
  outputs: ["sum"],
  attributes: {},
};

describe("an array", () => {
  const network = async (sides: readonly number[], channels: number) =>
    modelOf(openedGraph(weighed([1, ...sides, channels]), ["y"]));
  const said = ({ note }: PartValue) => note && wordsOf(note, libraryWords);

  test("is taken in the other order where it fits so alone, which is said", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 4 }),
        fc.constantFrom("of the file", "channels first"),
        async (channels, order) => {
          const model = await network([6, 5], channels);
          const own = counted([1, 6, 5, channels], 0.2);
          const first = permuted(own, [0, 3, 1, 2]);
          const [a, b] = [read(model, own), read(model, first, order)];
          expect(toNumbers(b.value)).toEqual(toNumbers(a.value));
          expect(said(a)).toBeUndefined();
          const turned =
            "the tensor fits as [N, C, H, W] alone and is read so, while the model's file has [N, H, W, C]";
          expect(said(b)).toBe(order === "of the file" ? turned : undefined);
        },
      ),
    );
  });

  test("that fits in both orders is in that of the file, which is said; what is read channels first stays so", async () => {
    const model = await network([4, 4], 4);
    const own = counted([1, 4, 4, 4], 0.2);
    const taken = read(model, own);
    expect(toNumbers(taken.value)).toEqual(permuted(own, [0, 3, 1, 2]).data.map(Math.fround));
    expect(said(taken)).toBe(
      "the tensor is read in the model file's own axes [N, H, W, C], though [N, C, H, W] would fit as well",
    );
    const first = read(model, own, "channels first");
    expect(toNumbers(first.value)).toEqual(own.data.map(Math.fround));
  });

  test("that fits in no order is refused with the shape that the file has", async () => {
    const model = await network([6, 5], 3);
    expect(() => read(model, counted([1, 5, 6, 3]))).toThrow(
      /"x" must be float32 of shape \[N, 6, 5, 3\], which is \[N, H, W, C\], got \[1, 5, 6, 3\]/,
    );
  });

  test("of an input that is held is turned as the graph has it", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (inner) => {
        const dims = [1, ...inner];
        const order = dims.map((_, axis) => (axis === 0 ? 0 : (axis % inner.length) + 1));
        const turn = [0, inner.length, ...inner.slice(1).map((_, i) => i + 1)];
        const graph: Graph = {
          name: "held",
          inputs: [
            { name: "ids", type: "int32", dims: turn.map((axis) => dims[axis]!), fileOrder: order },
          ],
          outputs: [{ name: "sum", type: "int32", dims: undefined }],
          nodes: [added],
          initializers: new Map(),
          shapes: new Map(),
          metadata: new Map(),
        };
        const ids = { dims, data: counted(dims).data.map((_, i) => i) };
        const array = tensorOf("int32", dims, ids.data);
        const wanted = permuted(ids, turn);
        const whole = await heldOptions(platform, graph, { given: { ids: array } });
        const listed = await heldOptions(platform, graph, { given: { ids: ids.data } });
        for (const { held } of [whole, listed]) {
          expect(held!["ids"]!.dims).toEqual(wanted.dims);
          expect(toNumbers(held!["ids"]!)).toEqual(wanted.data);
        }
      }),
    );
  });
});

test("the order of the file is none of what the network computes", async () => {
  const graph = openedGraph(weighed([1, 6, 5, 3]), ["y"]);
  const inputs = graph.inputs.map(({ name, type, dims }) => ({ name, type, dims }));
  expect(graph.inputs[0]!.fileOrder).toEqual([0, 2, 3, 1]);
  expect(await digestGraph(graph)).toBe(await digestGraph({ ...graph, inputs }));
});
