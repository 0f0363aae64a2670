/** @file Whatever way a network is quantised in, its head is read as that of the network of floats, and its weights are counted. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { hasAnyWeights } from "../graph/operators.ts";
import { tensorOf, type ElementType, type Tensor } from "../graph/tensor.ts";
import { headOf, type Head } from "./head.ts";

const ends = {
  nothing: (_, x) => x,
  Softmax: (b, x) => b.op("Softmax", [x], { axis: -1 }),
  "Softmax in percent": (b, x) => b.mul(b.op("Softmax", [x], { axis: -1 }), b.scalar(100)),
  Sigmoid: (b, x) => b.op("Sigmoid", [x]),
  Relu: (b, x) => b.op("Relu", [x]),
  Tanh: (b, x) => b.op("Tanh", [x]),
  Clip: (b, x) => b.op("Clip", [x, b.scalar(0), b.scalar(1)]),
  LpNormalization: (b, x) => b.op("LpNormalization", [x], { axis: -1, p: 2 }),
  gate: (b, x) => b.mul(x, b.op("Sigmoid", [x])),
  square: (b, x) => b.mul(x, x),
  temperature: (b, x) => b.mul(x, b.scalar(3)),
  "a scale a class": (b, x) =>
    b.mul(x, b.constant(Array(units).fill(2), x.dims.length === 4 ? [units, 1, 1] : [units])),
  sum: (b, x) => b.add(x, x),
} satisfies Record<string, (b: GraphBuilder, x: Value) => Value>;

const units = 7;
const bodies = ["dense", "dense without bias", "pooled scores", "pooled features", "map"] as const;

const drawn = fc.record({
  body: fc.constantFrom(...bodies),
  end: fc.constantFrom(...(Object.keys(ends) as (keyof typeof ends)[])),
  form: fc.constantFrom("in pairs", "while it runs", "in whole numbers", "in blocks"),
  /** How dequantising is written out. */
  isScaleFirst: fc.boolean(),
  isScaledTwice: fc.boolean(),
  isScaleReshaped: fc.boolean(),
  isRangeWritten: fc.boolean(),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

function network({ body, end }: Drawn): Graph {
  const b = new GraphBuilder();
  const weights = (...dims: number[]) =>
    b.constant(
      Array.from({ length: dims.reduce((a, c) => a * c, 1) }, (_, i) => (i % 5) - 2),
      dims,
    );
  const x = b.input("x", [1, 3, 6, 6]);
  const features = b.op("Relu", [b.op("Conv", [x, weights(8, 3, 3, 3)])]);
  b.output(ends[end](b, scoresOf(b, features, body, weights)));
  return b.build();
}

function scoresOf(
  b: GraphBuilder,
  features: Value,
  body: (typeof bodies)[number],
  weights: (...dims: number[]) => Value,
): Value {
  const pooled = (x: Value) => b.op("Flatten", [b.op("GlobalAveragePool", [x])]);
  if (body === "map") return b.op("Conv", [features, weights(units, 8, 1, 1)]);
  if (body.startsWith("pooled")) {
    const kernel = body === "pooled scores" ? 1 : 3;
    const scores = b.op("Conv", [features, weights(units, 8, kernel, kernel), weights(units)]);
    return pooled(b.op("Relu", [scores]));
  }
  const product = b.op("MatMul", [pooled(features), weights(8, units)]);
  return body === "dense" ? b.add(product, weights(units)) : product;
}

/** Nodes and constants of a graph that is quantised. */
class Quantizer {
  readonly nodes: Node[] = [];
  readonly initializers: Map<string, Tensor>;
  readonly #drawn: Drawn;

  constructor(graph: Graph, given: Drawn) {
    this.initializers = new Map(graph.initializers);
    this.#drawn = given;
    for (const node of graph.nodes) this.#take(node);
  }

  #take(node: Node): void {
    if (node.operator !== "Conv" && node.operator !== "MatMul") {
      const isPaired = this.#drawn.form === "in pairs" && ["Add", "Mul"].includes(node.operator);
      this.nodes.push(isPaired ? this.#withQuantizedConstants(node) : node);
      return;
    }
    switch (this.#drawn.form) {
      case "in pairs":
        return this.#inPairs(node);
      case "while it runs":
        return this.#whileItRuns(node);
      case "in whole numbers":
        return this.#inWholeNumbers(node);
      case "in blocks":
        return this.#inBlocks(node);
    }
  }

  #constant(name: string, numbers: number | Tensor, type: ElementType = "float32"): string {
    const value = typeof numbers === "number" ? tensorOf(type as "int8", [], [numbers]) : numbers;
    this.initializers.set(name, value);
    return name;
  }

  #add(operator: string, inputs: readonly string[], outputs: readonly string[] | string): string {
    const all = typeof outputs === "string" ? [outputs] : outputs;
    const domain = contrib.has(operator) ? "com.microsoft" : "";
    this.nodes.push({ name: all[0]!, operator, domain, inputs, outputs: all, attributes: {} });
    return all[0]!;
  }

  /** Of a node's weights: whole numbers, their scale and their zero point. */
  #weights({ name, inputs }: Node): readonly [string, string, string] {
    const { dims, data } = this.initializers.get(inputs[1]!)!;
    const numbers = Array.from(data as Float32Array);
    const whole = this.#constant(`${name}/whole`, tensorOf("int8", dims, numbers));
    return [whole, this.#constant(`${name}/scale`, 0.5), this.#constant(`${name}/zero`, 0, "int8")];
  }

  #pair(value: string, name: string): string {
    const parameters = [this.#constant(`${name}/s`, 0.1), this.#constant(`${name}/z`, 3, "uint8")];
    const levels = this.#add("QuantizeLinear", [value, ...parameters], `${name}/levels`);
    return this.#add("DequantizeLinear", [levels, ...parameters], name);
  }

  #withQuantizedConstants(node: Node): Node {
    const inputs = node.inputs.map((name, i) => {
      const constant = this.initializers.get(name);
      if (!constant) return name;
      const numbers = Array.from(constant.data as Float32Array, (number) => number * 2 + 3);
      const own = `${node.name}/${i}`;
      const levels = this.#constant(`${own}/whole`, tensorOf("uint8", constant.dims, numbers));
      const zero = this.#constant(`${own}/zero`, 3, "uint8");
      const scale = this.#constant(`${own}/scale`, 0.5);
      return this.#add("DequantizeLinear", [levels, scale, zero], `${own}/number`);
    });
    return { ...node, inputs };
  }

  #inPairs(node: Node): void {
    const weights = this.#add("DequantizeLinear", this.#weights(node), `${node.name}/weights`);
    const x = this.#pair(node.inputs[0]!, `${node.name}/x`);
    const inputs = [x, weights, ...node.inputs.slice(2)];
    const raw = `${node.name}/raw`;
    this.nodes.push({ ...node, inputs, outputs: [raw] });
    this.#pair(raw, node.outputs[0]!);
  }

  #whileItRuns(node: Node): void {
    const { name, inputs, outputs } = node;
    const { isScaleFirst, isScaledTwice } = this.#drawn;
    const [weights, scale, zero] = this.#weights(node);
    const x = this.#quantizedInput(name, inputs[0]!);
    const product = [x.levels, weights, x.zero, zero];
    const whole = this.#add(`${node.operator}Integer`, product, `${name}/product`);
    const cast = this.#add("Cast", [whole], `${name}/cast`);
    const times = (value: string, by: string, output: string) =>
      this.#add("Mul", isScaleFirst ? [by, value] : [value, by], output);
    const last = inputs[2] ? `${name}/scaled` : outputs[0]!;
    if (isScaledTwice) times(times(cast, scale, `${name}/once`), x.scale, last);
    else times(cast, times(x.scale, scale, `${name}/scales`), last);
    if (inputs[2]) this.#add("Add", [last, inputs[2]], outputs[0]!);
  }

  #quantizedInput(name: string, value: string) {
    const made = ["levels", "scale", "zero"].map((part) => `${name}/x/${part}`);
    const [levels, scale, zero] = made as [string, string, string];
    if (this.#drawn.isRangeWritten) this.#writtenRange(name, value, [levels, scale, zero]);
    else this.#add("DynamicQuantizeLinear", [value], made);
    if (!this.#drawn.isScaleReshaped) return { levels, scale, zero };
    const shape = this.#constant(`${name}/shape`, 1, "int64");
    return { levels, scale: this.#add("Reshape", [scale, shape], `${name}/x/one`), zero };
  }

  /** As for signed numbers: by the largest absolute value. */
  #writtenRange(
    name: string,
    value: string,
    [levels, scale, zero]: [string, string, string],
  ): void {
    const most = this.#add("ReduceMax", [this.#add("Abs", [value], `${name}/abs`)], `${name}/most`);
    this.#add("Div", [most, this.#constant(`${name}/127`, 127)], scale);
    this.#constant(zero, 0, "int8");
    this.#add("QuantizeLinear", [value, scale, zero], levels);
  }

  #inWholeNumbers(node: Node): void {
    const { name, inputs, outputs } = node;
    const parameters = [this.#constant(`${name}/s`, 0.1), this.#constant(`${name}/z`, 3, "uint8")];
    const levels = this.#add("QuantizeLinear", [inputs[0]!, ...parameters], `${name}/levels`);
    const operands = [levels, ...parameters, ...this.#weights(node), ...parameters];
    const bias = inputs[2] ? [inputs[2]] : [];
    const product = this.#add(`QLinear${node.operator}`, [...operands, ...bias], `${name}/product`);
    this.#add("DequantizeLinear", [product, ...parameters], outputs[0]!);
  }

  #inBlocks(node: Node): void {
    if (node.operator === "Conv") return this.#inPairs(node);
    const [weights, scale] = this.#weights(node);
    this.#add("MatMulNBits", [node.inputs[0]!, weights, scale], node.outputs[0]!);
  }
}

const contrib: ReadonlySet<string> = new Set(["MatMulNBits"]);

function quantized(graph: Graph, given: Drawn): Graph {
  const { nodes, initializers } = new Quantizer(graph, given);
  return { ...graph, nodes, initializers, shapes: new Map() };
}

test("a quantised network's head is that of the network of floats, with as many weights", () => {
  const property = fc.property(drawn, (given) => {
    const floats = network(given);
    const whole = quantized(floats, given);
    const told = ({ kind, isAssumed, because, activation, isPercent, isSum, noLogits }: Head) => ({
      kind,
      isAssumed,
      because,
      activation,
      isPercent,
      isSum,
      noLogits,
    });
    const shapes = new Map([...floats.shapes].map(([name, { dims }]) => [name, dims] as const));
    expect(told(headOf(whole, { shapes }))).toEqual(told(headOf(floats, { shapes })));
    const weighted = ({ nodes }: Graph) => nodes.filter(hasAnyWeights).length;
    expect(weighted(whole)).toBe(weighted(floats));
  });
  fc.assert(property, { numRuns: 500 });
});
