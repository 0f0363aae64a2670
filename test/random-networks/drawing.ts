/** @file What random networks are drawn with, and the pen that writes them down as exporters do. */
import { GraphBuilder, type Value } from "../../src/graph/builder.ts";
import type { Graph, Node } from "../../src/graph/graph.ts";
import { toHalf } from "../../src/graph/half.ts";
import { tensor, tensorOf, toNumbers, type Tensor } from "../../src/graph/tensor.ts";
import { randomStream, type RandomStream } from "../../src/random.ts";
import type { Maps } from "./maps.ts";

export type Precision = "float32" | "float16" | "bfloat16";

/** A layer as it was drawn: what it computes, and how it is written. */
export interface Step {
  readonly what: string;
  compute(x: Maps): Maps;
  write(pen: Pen, x: Value): Value;
}

/** Numbers of one stream; weights are such that their precision holds them exactly. */
export class Drawing {
  readonly random: RandomStream;
  readonly precision: Precision;
  /** Whether something was drawn that the file computes otherwise than in inference. */
  isTraining = false;
  /** Whether there was a Loop, or an If whose branch is chosen by the picture. */
  hasControlFlow = false;

  /**
   * How much of each channel the planted pattern is in, where one is planted: then all that is drawn carries it on in
   * channel 0, in its place.
   */
  planted: readonly number[] | undefined;

  constructor(random: RandomStream, precision: Precision) {
    this.random = random;
    this.precision = precision;
  }

  below(count: number): number {
    return this.random.below(count);
  }

  chance(share: number): boolean {
    return this.random.uniform() < share;
  }

  of<T>(...choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** About as large as `size`. */
  weights(count: number, size: number): number[] {
    return this.exact(Array.from({ length: count }, () => size * this.random.normal()));
  }

  between(count: number, low: number, high: number): number[] {
    return this.exact(Array.from({ length: count }, () => this.random.between(low, high)));
  }

  /** As near as the precision comes. */
  exact(values: readonly number[]): number[] {
    return toNumbers(stored(values, [values.length], this.precision));
  }
}

/** A tensor of a precision. */
function stored(values: readonly number[], dims: readonly number[], precision: Precision): Tensor {
  const full = tensorOf("float32", dims, values);
  if (precision === "float32") return full;
  if (precision === "float16") return toHalf(full);
  const bits = new Uint32Array((full.data as Float32Array).buffer);
  // The upper half of float32's bits.
  return tensor(
    "bfloat16",
    dims,
    Uint16Array.from(bits, (b) => Math.min(b + 0x8000, 2 ** 32 - 1) >>> 16),
  );
}

/** Writes a network whose weights have a precision, and that may compute in it too. */
export class Pen {
  readonly b = new GraphBuilder();
  readonly precision: Precision;
  readonly random: RandomStream;
  /** What values have between the layers. */
  type: Precision;
  /** Nodes that the builder has no shapes for, by the name of what stands in. */
  readonly #instead = new Map<string, Partial<Node>>();

  constructor(precision: Precision, computesInIt: boolean, seed: string) {
    this.precision = precision;
    this.type = computesInIt ? precision : "float32";
    this.random = randomStream("pen", seed);
  }

  chance(share: number): boolean {
    return this.random.uniform() < share;
  }

  of<T>(...choices: readonly T[]): T {
    return choices[this.random.below(choices.length)]!;
  }

  weights(values: readonly number[], dims: readonly number[]): Value {
    const value = this.b.initializer("weights", stored(values, dims, this.precision));
    return this.b.cast(value, this.type);
  }

  scalar(value: number): Value {
    return this.constant([value], []);
  }

  constant(values: readonly number[], dims: readonly number[]): Value {
    return this.b.initializer("constant", stored(values, dims, this.type));
  }

  op(...given: Parameters<GraphBuilder["op"]>): Value {
    return this.b.op(...given);
  }

  /** A node in the place of the one that gives a value. */
  replace(value: Value, node: Partial<Node>): Value {
    this.#instead.set(value.name, node);
    return value;
  }

  build(): Graph {
    const graph = this.b.build();
    const nodes = graph.nodes.map((node) => ({ ...node, ...this.#instead.get(node.name) }));
    return { ...graph, nodes };
  }
}
