/** @file The activation function at the end of a network, found behind what only keeps, scales or rewrites its probabilities. */
import { operatorsWith } from "../graph/operators.ts";
import { producers, type Graph, type Node } from "../graph/graph.ts";
import { elementCount, toNumbers } from "../graph/tensor.ts";

/** A final softmax or sigmoid. */
export interface FinalActivation {
  readonly kind: "softmax" | "sigmoid";
  /** What it reads. */
  readonly logits: string;
  /** What it gives: the probabilities, or their logarithms where the network never computes them. */
  readonly value: string;
  /** Whether `value` holds the logarithms. */
  readonly isLog: boolean;
  /** The axis whose numbers sum to 1, as the file counts it; undefined where it does not say. */
  readonly axis: number | undefined;
  /** What the output multiplies its probabilities by: 100 for percent. */
  readonly scale: number;
  /** Whether the output has its axes otherwise. */
  readonly isReshaped: boolean;
}

/** One that a node is, before it is known what is behind it. */
type Found = Omit<FinalActivation, "scale" | "isReshaped">;

/** Bounds that keep probabilities from 0 and 1, and what is added to them before a logarithm, are within this. */
const mostKept = 0.01;

/** Looks at the nodes that lead to a value. */
export class Ending {
  readonly #graph: Graph;
  readonly #makers: ReadonlyMap<string, Node>;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#makers = producers(graph);
  }

  /** The activation whose probabilities a value holds, as they are or scaled, bounded, rounded or as logarithms. */
  activationOf(output: string): FinalActivation | undefined {
    let [value, scale, isReshaped] = [output, 1, false];
    for (;;) {
      const node = this.#makers.get(value);
      if (!node || node.domain !== "") return undefined;
      const found = this.#activation(node, value);
      if (found) return found.axis === 0 ? undefined : { ...found, scale, isReshaped };
      const from = this.#kept(node);
      if (from === undefined) return undefined;
      scale *= this.#factor(node);
      isReshaped ||= reshaping.has(node.operator);
      value = from;
    }
  }

  /**
   * Whether the numbers of a value are no plain sums of what the last weights gave: probabilities that were mixed,
   * products, vectors of a fixed length.
   */
  isBent(output: string): boolean {
    const [left, seen] = [[output], new Set<string>()];
    for (let value = left.pop(); value !== undefined; value = left.pop()) {
      const node = this.#makers.get(value);
      if (!node || seen.has(value)) continue;
      seen.add(value);
      if (operatorsWith("weights").has(node.operator)) continue;
      if (bending.has(node.operator) || this.#bends(node)) return true;
      left.push(...node.inputs);
    }
    return false;
  }

  /** Whether a value is a vector of a fixed length: divided by the root of its own squares. */
  isNormalised(output: string): boolean {
    let node = this.#makers.get(output);
    while (node && operatorsWith("shapeOnly").has(node.operator)) {
      node = this.#makers.get(node.inputs[0]!);
    }
    if (node?.operator === "LpNormalization") return true;
    if (node?.operator !== "Div") return false;
    const [left, seen] = [[node.inputs[1]!], new Set<string>()];
    for (let value = left.pop(); value !== undefined; value = left.pop()) {
      const maker = this.#makers.get(value);
      if (!maker || value === node.inputs[0] || seen.has(value)) continue;
      seen.add(value);
      if (lengths.has(maker.operator)) return true;
      left.push(...maker.inputs);
    }
    return false;
  }

  #activation(node: Node, value: string): Found | undefined {
    const axis = node.attributes["axis"];
    const at = axis?.kind === "int" ? axis.value : undefined;
    switch (node.operator) {
      case "Softmax":
      case "LogSoftmax":
        return {
          kind: "softmax",
          logits: node.inputs[0]!,
          value,
          isLog: node.operator === "LogSoftmax",
          axis: at,
        };
      case "Sigmoid":
        return { kind: "sigmoid", logits: node.inputs[0]!, value, isLog: false, axis: undefined };
      default:
        return this.#writtenOut(node, value);
    }
  }

  #writtenOut(node: Node, value: string): Found | undefined {
    const plain = { value, isLog: false, axis: undefined };
    const softmax = this.#writtenOutSoftmax(node);
    if (softmax !== undefined) return { kind: "softmax", logits: softmax, ...plain };
    const sigmoid = this.#writtenOutSigmoid(node);
    return sigmoid === undefined ? undefined : { kind: "sigmoid", logits: sigmoid, ...plain };
  }

  /** What exp(x) / sum(exp(x)) is computed of, also if the largest x is taken off first. */
  #writtenOutSoftmax(node: Node): string | undefined {
    if (node.operator !== "Div") return undefined;
    const [above, below] = node.inputs.map((input) => this.#makers.get(input));
    if (above?.operator !== "Exp" || below?.operator !== "ReduceSum") return undefined;
    if (below.inputs[0] !== above.outputs[0]) return undefined;
    const exponent = this.#makers.get(above.inputs[0]!);
    const largest = exponent?.operator === "Sub" && this.#makers.get(exponent.inputs[1]!);
    const isShifted =
      largest && largest.operator === "ReduceMax" && largest.inputs[0] === exponent.inputs[0];
    return isShifted ? exponent.inputs[0] : above.inputs[0];
  }

  /** What 1 / (1 + exp(-x)) is computed of. */
  #writtenOutSigmoid(node: Node): string | undefined {
    const isInverse = node.operator === "Div" && this.#scalar(node.inputs[0]!) === 1;
    if (!isInverse && node.operator !== "Reciprocal") return undefined;
    const sum = this.#makers.get(node.inputs.at(-1)!);
    if (sum?.operator !== "Add" || !sum.inputs.some((input) => this.#scalar(input) === 1)) return;
    const exp = sum.inputs.map((input) => this.#makers.get(input)).find(isExp);
    const minus = exp && this.#makers.get(exp.inputs[0]!);
    return minus?.operator === "Neg" ? minus.inputs[0] : undefined;
  }

  /** The value that a node only keeps, scales or rewrites without changing which probabilities it holds. */
  #kept({ operator, inputs }: Node): string | undefined {
    const [first, second] = inputs as [string, string | undefined];
    if (operatorsWith("shapeOnly").has(operator) || keeping.has(operator)) return first;
    const numbers = inputs
      .slice(1)
      .map((input) => (input === "" ? undefined : this.#scalar(input)));
    switch (operator) {
      case "Clip":
        return (numbers[0] ?? 0) <= mostKept && (numbers[1] ?? 1) >= 1 - mostKept
          ? first
          : undefined;
      case "Div":
        return numbers[0] !== undefined && numbers[0] > 0 ? first : undefined;
      case "Mul":
        return this.#besideConstant(first, second, (number) => number > 0);
      case "Add":
      case "Sub":
        return this.#besideConstant(first, second, (number) => Math.abs(number) <= mostKept);
      case "Max":
        return this.#besideConstant(first, second, (number) => number <= mostKept);
      case "Min":
        return this.#besideConstant(first, second, (number) => number >= 1 - mostKept);
      default:
        return undefined;
    }
  }

  /** What a node multiplies by. */
  #factor({ operator, inputs }: Node): number {
    if (operator !== "Mul" && operator !== "Div") return 1;
    const by = inputs.map((input) => this.#scalar(input)).find((number) => number !== undefined);
    return operator === "Mul" ? by! : 1 / by!;
  }

  #besideConstant(
    first: string,
    second: string | undefined,
    isHarmless: (number: number) => boolean,
  ): string | undefined {
    if (second === undefined) return first;
    for (const [value, other] of [
      [first, second],
      [second, first],
    ] as const) {
      const number = this.#scalar(other);
      if (number !== undefined && isHarmless(number)) return value;
    }
    return undefined;
  }

  /** Whether a node makes no sums: bounds as shares have them, products and quotients of values that depend on the picture. */
  #bends({ operator, inputs }: Node): boolean {
    if (operator === "Clip" && (this.#scalar(inputs[2] ?? "") ?? 2) <= 1) return true;
    const isVariable = (name: string) => this.#constant(name) === undefined;
    if (operator === "Div") return isVariable(inputs[1]!);
    return operator === "Mul" && inputs.every(isVariable);
  }

  /** The number that all elements of a constant have. */
  #scalar(name: string): number | undefined {
    const constant = this.#constant(name);
    if (!constant || constant.type === "string" || elementCount(constant.dims) === 0) return;
    const [number, ...others] = toNumbers(constant);
    return others.every((other) => other === number) ? number : undefined;
  }

  #constant(name: string) {
    const known = this.#graph.initializers.get(name);
    const value = this.#makers.get(name)?.attributes["value"];
    const isWritten = this.#makers.get(name)?.operator === "Constant" && value?.kind === "tensor";
    return known ?? (isWritten ? value.value : undefined);
  }
}

function isExp(node: Node | undefined): node is Node {
  return node?.operator === "Exp";
}

/** Behind these, an axis is another one. */
const reshaping = new Set(["Flatten", "Reshape", "Squeeze", "Transpose", "Unsqueeze"]);

/** Behind probabilities, beside what only changes the shape. */
const keeping = new Set(["Log", "Round", "Transpose"]);

/** Functions behind which numbers are no logits. */
const bending = new Set([
  "Abs",
  "Atan",
  "Cos",
  "Erf",
  "Sin",
  "TopK",
  "Exp",
  "HardSigmoid",
  "Hardmax",
  "LogSoftmax",
  "LpNormalization",
  "Pow",
  "ReduceLogSumExp",
  "Reciprocal",
  "Sigmoid",
  "Softmax",
  "Softplus",
  "Softsign",
  "Sqrt",
  "Tanh",
]);

/** What gives the length of a vector, or its square's root. */
const lengths = new Set(["ReduceL2", "ReduceSumSquare", "Sqrt"]);
