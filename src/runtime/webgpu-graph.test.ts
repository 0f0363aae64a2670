import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { elementCount, tensorOf, type Tensor } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "./onnxruntime-node.ts";
import { webGpuGraph } from "./webgpu-graph.ts";

const runtime = createNodeRuntime({ threads: 1 });

function drawn(dims: readonly number[], what: string): Tensor {
  const random = randomStream("webgpu graph", what, ...dims);
  return tensorOf(
    "float32",
    dims,
    Array.from({ length: elementCount(dims) }, () => random.normal()),
  );
}

interface Convolution {
  readonly outputs: number;
  readonly channels: number;
  readonly group?: number;
  readonly kernel?: readonly number[];
  /** Sides of the input; four more than the kernel's by default. */
  readonly sides?: readonly number[];
  readonly pads?: readonly number[];
  readonly strides?: readonly number[];
  readonly isSame?: boolean;
  readonly hasBias?: boolean;
  /** Weights that a node computes, so that only `shapes` tell their size. */
  readonly isComputed?: boolean;
}

function convolution(given: Convolution): Graph {
  const { outputs, channels, group = 1, kernel = [3, 3], pads, strides } = given;
  const b = new GraphBuilder();
  const x = b.input("x", [2, channels * group, ...(given.sides ?? kernel.map((side) => side + 4))]);
  const dims = [outputs * group, channels, ...kernel];
  const weights = b.initializer("w", drawn(dims, "weights"));
  const inputs = [x, given.isComputed ? b.mul(weights, b.scalar(2)) : weights];
  if (given.hasBias) inputs.push(b.initializer("bias", drawn([outputs * group], "bias")));
  b.output(
    b.op("Conv", inputs, {
      ...(group > 1 ? { group } : {}),
      ...(pads ? { pads } : {}),
      ...(strides ? { strides } : {}),
      ...(given.isSame ? { auto_pad: "SAME_UPPER" } : {}),
    }),
  );
  return b.build();
}

/** The largest difference on the processor between a graph and what is made of it. */
async function difference(graph: Graph, adapted: Graph): Promise<number> {
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, type, dims }) => [
      name,
      type === "bool" ? tensorOf("bool", [], [1]) : drawn(dims as number[], "input"),
    ]),
  );
  const [was, is] = await Promise.all(
    [graph, adapted].map(async (one) => Object.values(await runtime.run(one, feeds))[0]!),
  );
  expect(is!.dims).toEqual(was!.dims);
  const numbers = was!.data as Float32Array;
  return numbers.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - Number(is!.data[i]))),
    0,
  );
}

/** Channels that are added behind those of the convolution's input and weights. */
function addedChannels({ nodes, initializers }: Graph): readonly number[] {
  return nodes
    .filter(({ operator }) => operator === "Pad")
    .map(({ inputs }) => {
      const pads = initializers.get(inputs[1]!)!;
      return Number(pads.data[pads.data.length / 2 + 1]);
    });
}

const wrong = { outputs: 4, channels: 6 } as const;

test("any convolution gives the same numbers, on no channels that WebGPU reads wrongly", async () => {
  const side = fc.integer({ min: 1, max: 3 });
  const any = fc.record({
    outputs: fc.integer({ min: 1, max: 8 }),
    channels: fc.integer({ min: 1, max: 33 }),
    group: fc.constantFrom(1, 1, 1, 2),
    kernel: fc.oneof(fc.tuple(side), fc.tuple(side, side)),
    hasBias: fc.boolean(),
    isComputed: fc.boolean(),
  });
  const settings = fc.record({ pad: fc.nat(2), stride: fc.integer({ min: 1, max: 2 }) });
  await fc.assert(
    fc.asyncProperty(any, settings, async (given, { pad, stride }) => {
      const rank = given.kernel.length;
      const windows = {
        pads: Array.from({ length: 2 * rank }, () => pad),
        strides: Array<number>(rank).fill(stride),
      };
      const graph = convolution({ ...given, ...windows });
      const adapted = webGpuGraph(graph);
      const { channels, outputs, group } = given;
      const isWrong =
        group === 1 &&
        outputs % 4 === 0 &&
        channels % 3 === 0 &&
        channels % 4 !== 0 &&
        channels > 3;
      const lacking = 4 - (channels % 4);
      expect(addedChannels(adapted)).toEqual(isWrong ? [lacking, lacking] : []);
      expect(adapted === graph).toBe(!isWrong);
      expect(await difference(graph, adapted)).toBeLessThan(1e-4);
    }),
    { numRuns: 60 },
  );
});

describe("weights whose size the graph does not tell", () => {
  test.each([1, 2, 3, 4, 5, 6, 9])("%i channels are counted as it runs", async (channels) => {
    const graph = convolution({ outputs: 4, channels, isComputed: true });
    const untold = { ...graph, shapes: new Map() };
    const adapted = webGpuGraph(untold);
    expect(adapted.nodes.map(({ operator }) => operator)).toContain("Mod");
    expect(await difference(untold, adapted)).toBeLessThan(1e-4);
  });

  test("nothing is counted where the groups are several or there is no convolution", () => {
    const graph = convolution({ ...wrong, group: 2, isComputed: true });
    const untold = { ...graph, shapes: new Map() };
    expect(webGpuGraph(untold)).toBe(untold);
  });
});

describe("places that are padded behind alone", () => {
  const ordinary = { outputs: 4, channels: 8 } as const;
  const kinds: readonly (readonly [string, Convolution])[] = [
    ["of one place", { ...ordinary, kernel: [1, 1], pads: [0, 0, 1, 2], hasBias: true }],
    ["as large as the input", { ...ordinary, sides: [3, 3], pads: [0, 0, 2, 0] }],
    ["on one axis", { ...ordinary, kernel: [4], sides: [4], pads: [0, 1] }],
    ["whose pads follow from sizes", { ...ordinary, kernel: [2, 2], sides: [2, 2], isSame: true }],
    ["that lacks channels too", { ...wrong, kernel: [1, 1], pads: [0, 0, 1, 0] }],
  ];

  test.each(kinds)("of a kernel %s become part of the input", async (_, given) => {
    const graph = convolution(given);
    const result = webGpuGraph(graph);
    const { attributes } = result.nodes.find(({ operator }) => operator === "Conv")!;
    const pads = attributes["pads"]!.value as readonly number[];
    expect(pads.every((pad) => pad === 0)).toBe(true);
    expect(attributes["auto_pad"]).toBeUndefined();
    expect(await difference(graph, result)).toBeLessThan(1e-4);
  });

  test("also where sizes are untold, with channels that are counted", async () => {
    const graph = convolution({ ...wrong, pads: [0, 0, 1, 1], isComputed: true });
    const untold = { ...graph, shapes: new Map() };
    expect(await difference(untold, webGpuGraph(untold))).toBeLessThan(1e-4);
  });

  test.each<readonly [string, Convolution]>([
    ["of several places on a larger input", { ...ordinary, pads: [0, 0, 1, 1] }],
    ["with places before", { ...ordinary, kernel: [1, 1], pads: [0, 1, 1, 1] }],
    ["without pads", { ...ordinary, sides: [3, 3] }],
  ])("stay where the kernel is one %s", (_, given) => {
    const graph = convolution(given);
    expect(webGpuGraph(graph)).toBe(graph);
  });
});

test("dropout copies in inference, with a mask of nothing but true, and stays where it drops", async () => {
  const dropout = (inputs: readonly string[], outputs: readonly string[]): Graph => ({
    ...convolution({ outputs: 3, channels: 3 }),
    nodes: [{ name: "drop", operator: "Dropout", domain: "", inputs, outputs, attributes: {} }],
    outputs: outputs.map((name) => ({ name, type: undefined, dims: undefined })),
  });
  const never = new Map([["training", tensorOf("bool", [], [0])]]);
  const kinds = [
    dropout(["x"], ["y"]),
    dropout(["x"], ["y", "mask"]),
    { ...dropout(["x", "", "training"], ["y", "mask"]), initializers: never },
  ];
  for (const graph of kinds) {
    const copying = webGpuGraph(graph);
    expect(copying.nodes.map(({ operator }) => operator)).not.toContain("Dropout");
    expect(await difference(graph, copying)).toBe(0);
    const feeds = { x: drawn([2, 3, 7, 7], "input") };
    const masks = [graph, copying].map(async (one) => (await runtime.run(one, feeds))["mask"]);
    expect(await masks[1]).toEqual(await masks[0]);
  }
  const dropping = dropout(["x", "", "w"], ["y"]);
  expect(webGpuGraph(dropping)).toBe(dropping);
});

test("a branch that captures its weights is adapted too", async () => {
  const branch: Graph = {
    ...convolution(wrong),
    inputs: [],
    initializers: new Map(),
    shapes: new Map(),
  };
  const b = new GraphBuilder();
  b.input("x", [2, 6, 7, 7]);
  const condition = b.input("c", [], "bool");
  b.initializer("w", drawn([4, 6, 3, 3], "weights"));
  const outer = b.build();
  const [output] = branch.outputs;
  const both = { kind: "graph", value: branch } as const;
  const choice = {
    name: "choice",
    operator: "If",
    domain: "",
    inputs: [condition.name],
    outputs: ["y"],
    attributes: { then_branch: both, else_branch: both },
  };
  const graph = { ...outer, nodes: [choice], outputs: [{ ...output!, name: "y" }] };
  const adapted = webGpuGraph(graph);
  const inner = adapted.nodes[0]!.attributes["then_branch"]!.value as Graph;
  expect(addedChannels(inner)).toEqual([2, 2]);
  expect(await difference(graph, adapted)).toBeLessThan(1e-4);
});

test("new names are not those of other values", async () => {
  const graph = convolution(wrong);
  const { name } = graph.outputs[0]!;
  const taken = [`${name}/pads`, `${name}/Pad`].map((other) => ({
    name: other,
    operator: "Relu",
    domain: "",
    inputs: ["x"],
    outputs: [other],
    attributes: {},
  }));
  const crowded = { ...graph, nodes: [...taken, ...graph.nodes] };
  expect(await difference(crowded, webGpuGraph(crowded))).toBeLessThan(1e-4);
});

test("a convolution of volumes stays as it is", () => {
  const graph = convolution({ ...wrong, kernel: [2, 2, 2] });
  expect(webGpuGraph(graph)).toBe(graph);
});
