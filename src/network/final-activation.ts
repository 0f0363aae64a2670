/** @file The activation function at the end of a network, found behind what only keeps, scales or rewrites its probabilities. */
import { operatorsWith } from "../graph/operators.ts";
import type { Node } from "../graph/graph.ts";
import type { GraphReader } from "./graph-reader.ts";

/** A final softmax or sigmoid. */
export interface FinalActivation {
  readonly kind: "softmax" | "sigmoid";
  /** What it reads. */
  readonly logits: string;
  /**
   * What it gives: the probabilities, or their logarithms where the network never computes them; the logits where it
   * computes only minus the logarithms.
   */
  readonly value: string;
  /** Whether `value` holds the logarithms. */
  readonly isLog: boolean;
  /** The axis whose numbers sum to 1, as the file counts it; undefined where it does not say. */
  readonly axis: number | undefined;
  /** What the output multiplies its probabilities by: 100 for percent. */
  readonly scale: number;
  /** Whether the output holds logarithms, whatever `value` holds. */
  readonly isLogarithm: boolean;
  /** Whether the output has its axes otherwise. */
  readonly isReshaped: boolean;
}

/** One that a node is, before it is known what is behind it. */
type Found = Omit<FinalActivation, "scale" | "isLogarithm" | "isReshaped">;

/** Bounds that keep probabilities from 0 and 1, and what is added to them before a logarithm, are within this. */
export const mostKept = 0.01;

/** Looks at the nodes that lead to a value. */
export class Ending {
  readonly #reader: GraphReader;

  constructor(reader: GraphReader) {
    this.#reader = reader;
  }

  /**
   * The activation whose probabilities a value holds, as they are or scaled, bounded, rounded, as logarithms, or with
   * the other sign: costs such as -log p are largest for the least probable class.
   */
  activationOf(output: string): FinalActivation | undefined {
    let [value, scale, isReshaped, isLogarithm] = [output, 1, false, false];
    for (;;) {
      const node = this.#reader.makerOf(value);
      if (!node || node.domain !== "") return undefined;
      const found = this.#activation(node, value);
      if (found) {
        isLogarithm ||= found.isLog;
        return found.axis === 0 ? undefined : { ...found, scale, isLogarithm, isReshaped };
      }
      const from = this.keptBy(node);
      if (from === undefined) return undefined;
      scale *= this.#factor(node);
      isReshaped ||= reshaping.has(node.operator);
      isLogarithm ||= node.operator === "Log";
      value = from;
    }
  }

  /** The activation whose probabilities a value holds as they are, made by the node that gives it. */
  activatedBy(
    value: string,
  ): Pick<FinalActivation, "kind" | "logits" | "isLog" | "axis"> | undefined {
    const node = this.#reader.makerOf(value);
    return node && node.domain === "" ? this.#activation(node, value) : undefined;
  }

  /** The values whose probabilities or numbers a value holds too, itself first, its final activation's logits last. */
  sameBefore(output: string): readonly string[] {
    const values = [output];
    for (;;) {
      const value = values.at(-1)!;
      const node = this.#reader.makerOf(value);
      if (!node || node.domain !== "") return values;
      const from = this.#activation(node, value)?.logits ?? this.keptBy(node);
      if (from === undefined) return values;
      values.push(from);
    }
  }

  /** What a value holds the logarithms, or the negatives, of; undefined for one that holds its own numbers. */
  turnedFrom(output: string): string | undefined {
    let [value, turned]: [string, string | undefined] = [output, undefined];
    for (;;) {
      const node = this.#reader.makerOf(value);
      const from = node && node.domain === "" ? this.keptBy(node) : undefined;
      if (!node || from === undefined) return turned;
      if (node.operator === "Log" || this.#factor(node) < 0) turned = from;
      value = from;
    }
  }

  /** The node that a value lists the largest numbers of, or their places, and no more than that. */
  rankingOf(output: string): Node | undefined {
    let value = output;
    for (;;) {
      const node = this.#reader.makerOf(value);
      if (!node || node.domain !== "") return undefined;
      if (ranking.has(node.operator)) return node;
      const from = this.keptBy(node);
      if (from === undefined) return undefined;
      value = from;
    }
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
    const logarithm = this.#writtenOutLogSoftmax(node);
    if (logarithm) {
      const { logits, isMinus } = logarithm;
      const given = { value: isMinus ? logits : value, isLog: !isMinus };
      return { kind: "softmax", logits, axis: undefined, ...given };
    }
    const sigmoid = this.#writtenOutSigmoid(node);
    return sigmoid === undefined ? undefined : { kind: "sigmoid", logits: sigmoid, ...plain };
  }

  /** What exp(x) / sum(exp(x)) is computed of, also if the largest x is taken off first. */
  #writtenOutSoftmax(node: Node): string | undefined {
    if (node.operator !== "Div") return undefined;
    const [above, below] = node.inputs.map((input) => this.#reader.makerOf(input));
    if (above?.operator !== "Exp" || below?.operator !== "ReduceSum") return undefined;
    if (below.inputs[0] !== above.outputs[0]) return undefined;
    return this.#unshifted(above.inputs[0]!);
  }

  /** What x is where its largest number was taken off. */
  #unshifted(value: string): string {
    const node = this.#reader.makerOf(value);
    const isShifted = node?.operator === "Sub" && this.#isLargest(node.inputs[1]!, node.inputs[0]!);
    return isShifted ? node.inputs[0]! : value;
  }

  #isLargest(value: string, of: string): boolean {
    const node = this.#reader.makerOf(value);
    return node?.operator === "ReduceMax" && node.inputs[0] === of;
  }

  /** What x - log(sum(exp(x))) is computed of, or minus that. */
  #writtenOutLogSoftmax({
    operator,
    inputs,
  }: Node): { readonly logits: string; readonly isMinus: boolean } | undefined {
    if (operator !== "Sub") return undefined;
    const [first, second] = inputs as [string, string];
    if (this.#isLogSum(second, first)) return { logits: this.#unshifted(first), isMinus: false };
    if (this.#isLogSum(first, second)) return { logits: this.#unshifted(second), isMinus: true };
    return undefined;
  }

  /** Whether a value is log(sum(exp(x))), also if the largest x is taken off first and added again. */
  #isLogSum(value: string, of: string): boolean {
    const node = this.#reader.makerOf(value);
    if (node?.operator === "ReduceLogSumExp") return node.inputs[0] === of;
    if (node?.operator === "Add") {
      return node.inputs.some((input, i) => {
        const shifted = this.#exponentOf(node.inputs[1 - i]!);
        return (
          this.#isLargest(input, of) && shifted !== undefined && this.#unshifted(shifted) === of
        );
      });
    }
    return this.#exponentOf(value) === of;
  }

  /** x of log(sum(exp(x))). */
  #exponentOf(value: string): string | undefined {
    const log = this.#reader.makerOf(value);
    if (log?.operator === "ReduceLogSumExp") return log.inputs[0];
    const sum = log?.operator === "Log" ? this.#reader.makerOf(log.inputs[0]!) : undefined;
    const exp = sum?.operator === "ReduceSum" ? this.#reader.makerOf(sum.inputs[0]!) : undefined;
    return exp?.operator === "Exp" ? exp.inputs[0] : undefined;
  }

  /** What 1 / (1 + exp(-x)) is computed of. */
  #writtenOutSigmoid(node: Node): string | undefined {
    const isInverse = node.operator === "Div" && this.#reader.scalarOf(node.inputs[0]!) === 1;
    if (!isInverse && node.operator !== "Reciprocal") return undefined;
    const sum = this.#reader.makerOf(node.inputs.at(-1)!);
    if (sum?.operator !== "Add" || !sum.inputs.some((input) => this.#reader.scalarOf(input) === 1))
      return;
    const exp = sum.inputs.map((input) => this.#reader.makerOf(input)).find(isExp);
    const minus = exp && this.#reader.makerOf(exp.inputs[0]!);
    return minus?.operator === "Neg" ? minus.inputs[0] : undefined;
  }

  /** The value that a node only keeps, scales or rewrites without changing which probabilities it holds. */
  keptBy({ operator, inputs }: Node): string | undefined {
    const [first, second] = inputs as [string, string | undefined];
    if (operatorsWith("shapeOnly").has(operator) || keeping.has(operator)) return first;
    const numbers = inputs
      .slice(1)
      .map((input) => (input === "" ? undefined : this.#reader.scalarOf(input)));
    switch (operator) {
      case "Clip":
        return (numbers[0] ?? 0) <= mostKept && (numbers[1] ?? 1) >= 1 - mostKept
          ? first
          : undefined;
      case "Div":
        return numbers[0] !== undefined && numbers[0] !== 0 ? first : undefined;
      case "Mul":
        return this.#besideConstant(first, second, (number) => number !== 0);
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
    if (operator === "Neg") return -1;
    if (operator === "Sub") return this.#reader.scalarOf(inputs[0]!) === undefined ? 1 : -1;
    if (operator !== "Mul" && operator !== "Div") return 1;
    const by = inputs
      .map((input) => this.#reader.scalarOf(input))
      .find((number) => number !== undefined);
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
      const number = this.#reader.scalarOf(other);
      if (number !== undefined && isHarmless(number)) return value;
    }
    return undefined;
  }
}

function isExp(node: Node | undefined): node is Node {
  return node?.operator === "Exp";
}

/** Behind these, an axis is another one. */
const reshaping = new Set(["Flatten", "Reshape", "Squeeze", "Transpose", "Unsqueeze"]);

/** Operators that say which of their numbers are the largest. */
export const ranking: ReadonlySet<string> = new Set(["ArgMax", "Hardmax", "TopK"]);

/** Behind probabilities, beside what only changes the shape. */
const keeping = new Set(["DequantizeLinear", "Log", "Neg", "QuantizeLinear", "Round", "Transpose"]);
