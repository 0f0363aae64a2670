/** @file Pools of any form, drawn, and whether a runtime computes their values and gradients as the reference does. */
import * as fc from "fast-check";
import { differentiate } from "../src/autodiff/differentiate.ts";
import { AttributeReader, toAttributes, type AttributeInput } from "../src/graph/attributes.ts";
import { LimpidError } from "../src/errors.ts";
import type { Graph, Node } from "../src/graph/graph.ts";
import type { Tensor } from "../src/graph/tensor.ts";
import { trace } from "../src/graph/trace.ts";
import { poolWindowsOf, type Windows } from "../src/graph/windows.ts";
import { randomStream } from "../src/random.ts";
import type { Runtime, SessionOptions, Tensors } from "../src/runtime/runtime.ts";
import { drawnAxis, windowAttributes, withPoolPads } from "./drawn-axis.ts";
import { assertClose } from "./reference/compare.ts";
import { interpret, type Feeds } from "./reference/interpreter.ts";
import { fromTensor, ndarray, toTensor, type NdArray } from "./reference/ndarray.ts";
import { objectiveOf, slopeAt, withObjective } from "./reference/objective.ts";
import { drawnArray } from "./reference/row.ts";
import { distinct } from "./reference/rows/inputs.ts";

/** A pool over numbers that all differ. */
export interface DrawnPool {
  readonly operator: string;
  /** Sizes [N, C, ...spatial] of what it reads. */
  readonly dims: readonly number[];
  readonly attributes: Readonly<Record<string, AttributeInput>>;
  /** Whether a convolution that exchanges the channels stands before it, so that they may come in blocks. */
  readonly isConvolved: boolean;
  readonly seed: number;
}

const axis = drawnAxis({ size: 8, kernel: 4, stride: 4, dilations: [1, 1, 1, 2, 3], pad: 3 }).map(
  withPoolPads,
);

export const poolOperators = ["AveragePool", "LpPool", "MaxPool"] as const;

/** Pools of an operator, those left out that its definition does not cover. */
export const drawnPools = (operator: string): fc.Arbitrary<DrawnPool> =>
  fc
    .record({
      channels: fc.constantFrom(1, 3, 8, 16, 24),
      axes: fc.oneof(
        { weight: 1, arbitrary: fc.array(axis, { minLength: 1, maxLength: 1 }) },
        { weight: 3, arbitrary: fc.array(axis, { minLength: 2, maxLength: 2 }) },
        { weight: 1, arbitrary: fc.array(axis, { minLength: 3, maxLength: 3 }) },
      ),
      autoPad: fc.constantFrom("NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"),
      ceil: fc.constantFrom(0, 1),
      includePad: fc.constantFrom(0, 1),
      isConvolved: fc.boolean(),
      seed: fc.nat(),
    })
    .map(({ channels, axes, autoPad, ceil, includePad, isConvolved, seed }): DrawnPool => {
      const { pads, ...windows } = windowAttributes(axes);
      const attributes = {
        ...windows,
        ...(autoPad === "NOTSET" ? { pads } : { auto_pad: autoPad }),
        ceil_mode: ceil,
        ...(operator === "AveragePool" ? { count_include_pad: includePad } : {}),
      };
      const dims = [1, channels, ...axes.map(({ size }) => size)];
      return { operator, dims, attributes, isConvolved, seed };
    })
    .filter((pool) => isDefined(pool));

/** Whether there are windows, none of them larger than the padded input, and none of a MaxPool that reads padding alone. */
function isDefined({ operator, dims, attributes }: DrawnPool): boolean {
  const node: Node = { ...poolNode, operator, attributes: toAttributes(attributes) };
  const windows = poolWindowsOf(new AttributeReader(node), dims.slice(2));
  return windows.output.every((count, i) => {
    const padded = dims[i + 2]! + windows.padsBegin[i]! + windows.padsEnd[i]!;
    const fits = (windows.kernel[i]! - 1) * windows.dilations[i]! < padded;
    return (
      count > 0 && fits && (operator !== "MaxPool" || readsEverywhere(windows, i, dims[i + 2]!))
    );
  });
}

function readsEverywhere(windows: Windows, axis: number, size: number): boolean {
  const { kernel, strides, dilations, padsBegin, output } = windows;
  return Array.from({ length: output[axis]! }, (_, window) => {
    const start = window * strides[axis]! - padsBegin[axis]!;
    const cells = Array.from(
      { length: kernel[axis]! },
      (_unused, tap) => start + tap * dilations[axis]!,
    );
    return cells.some((cell) => cell >= 0 && cell < size);
  }).every(Boolean);
}

const poolNode: Node = {
  name: "pool",
  operator: "",
  domain: "",
  inputs: ["x"],
  outputs: ["y"],
  attributes: {},
};

/** The pool as a file has it, at any size. */
function graphOf({ operator, dims, attributes, isConvolved }: DrawnPool): Graph {
  const channels = dims[1]!;
  const exchange = Array.from({ length: channels ** 2 }, (_, i) =>
    i % channels === (Math.floor(i / channels) + 1) % channels ? -1 : 0,
  );
  const single = dims.slice(2).map(() => 1);
  const weights = ndarray("float32", [channels, channels, ...single], exchange);
  const pool = {
    ...poolNode,
    operator,
    inputs: [isConvolved ? "h" : "x"],
    attributes: toAttributes(attributes),
  };
  const convolution: Node = {
    ...poolNode,
    name: "h",
    operator: "Conv",
    inputs: ["x", "w"],
    outputs: ["h"],
  };
  return {
    name: "pool",
    inputs: [{ name: "x", type: "float32", dims }],
    outputs: [{ name: "y", type: "float32", dims: undefined }],
    nodes: isConvolved ? [convolution, pool] : [pool],
    initializers: new Map(isConvolved ? [["w", toTensor(weights)]] : []),
    shapes: new Map(),
    metadata: new Map(),
  };
}

/**
 * Throws where a runtime gives other values or gradients than the float64 reference, or the reference's gradient is none
 * by numeric differences. False for a pool that the runtime refuses.
 */
export async function isRight(runtime: Runtime, pool: DrawnPool): Promise<boolean> {
  const x = drawnArray(distinct(...pool.dims), randomStream("drawn pool", pool.seed));
  const traced = await tracedBy(runtime, graphOf(pool), x);
  if (!traced) return false;
  const weighted = withObjective(traced, pool.seed);
  const result = differentiate(weighted.graph, { of: weighted.of, wrt: ["x"] });
  // The reference runs what the file says, not what tracing made of it.
  const value = interpret(graphOf(pool), { x })["y"]!;
  const gradientName = result.gradients.get("x")!;
  const fed = { ...weighted.feeds, x };
  const gradient = interpret(result.graph, fed)[gradientName]!;
  requireDifferences(pool, x, weighted.feeds, gradient);
  const feeds = Object.fromEntries(
    Object.entries(fed).map(([name, each]) => [name, toTensor(each)]),
  );
  for (const optimization of ["none", "usual"] as const) {
    const options = optimization === "none" ? { optimization } : {};
    const found = await ranOnce(runtime, result.graph, feeds, options);
    assertClose(fromTensor(found["y"]!), value, 1e-5, `value, optimization ${optimization}`);
    assertClose(
      fromTensor(found[gradientName]!),
      gradient,
      1e-4,
      `gradient, optimization ${optimization}`,
    );
  }
  return true;
}

async function ranOnce(
  runtime: Runtime,
  graph: Graph,
  feeds: Tensors,
  options: SessionOptions,
): Promise<Readonly<Record<string, Tensor>>> {
  const session = await runtime.open(graph, options);
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

/** Undefined where the runtime does not run the pool. */
async function tracedBy(runtime: Runtime, graph: Graph, x: NdArray): Promise<Graph | undefined> {
  try {
    return await trace(graph, { x: toTensor(x) }, (probe, feeds) =>
      ranOnce(runtime, probe, feeds, { optimization: "none" }),
    );
  } catch (error) {
    if (error instanceof LimpidError && error.code === "runtime") return undefined;
    throw error;
  }
}

const step = 1e-4;

/** Compares some elements of a gradient with differences. */
function requireDifferences(pool: DrawnPool, x: NdArray, weights: Feeds, gradient: NdArray): void {
  const graph = graphOf(pool);
  const stream = randomStream("places of a pool", pool.seed);
  for (let i = 0; i < 4; i++) {
    const place = stream.below(x.data.length);
    const slope = slopeAt(x, place, step, (moved) =>
      objectiveOf(interpret(graph, { x: moved }), weights),
    );
    const one = (value: number) => ndarray("float64", [1], [value]);
    assertClose(one(gradient.data[place]!), one(slope), 1e-6, `difference at ${place}`, 1);
  }
}
