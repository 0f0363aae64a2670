/** @file Collects the nodes of TensorFlow that stand for operators of TensorFlow Lite. */
import { sizeInBytes, tensorOf, type Tensor } from "../../graph/tensor.ts";
import { shownText } from "../../wording/shown-text.ts";
import { permutedTensor } from "../channels-last/permuted-tensor.ts";
import type { AttributeValue, InputReference, NodeDescription } from "../tensorflow/description.ts";
import { badTflite } from "./bad-tflite.ts";
import { FlatTable } from "./flat-table.ts";
import { graphType, type LiteModel, type LiteOperator, type LiteTensor } from "./lite-model.ts";
import { weightsOf } from "./lite-weights.ts";

/** Attributes as they are, or by what they hold: numbers, truths, texts and lists of them. */
export type LiteAttributes = Readonly<
  Record<string, AttributeValue | number | boolean | string | readonly number[] | readonly string[]>
>;

/** Bytes of weights for each byte of a file, which may have them in 4 bits and read them more than once. */
const mostBytesPerByte = 32;

/** Nodes, and the numbers of those that are constants. */
export class LiteNodes {
  readonly nodes: NodeDescription[] = [];
  readonly weights = new Map<string, Tensor>();
  readonly #model: LiteModel;
  readonly #sources = new Map<number, InputReference>();
  readonly #names: Set<string>;
  readonly #numbers = new Map<number, Tensor>();
  readonly #kept = new Set<Tensor>();
  #leftBytes: number;
  /** Weights that an operator turns into floats at each run, by what it makes of them. */
  readonly #stored: ReadonlyMap<number, number>;

  constructor(model: LiteModel) {
    this.#model = model;
    this.#leftBytes = mostBytesPerByte * model.fileBytes + 2 ** 20;
    const turned = model.operators.filter(({ builtin }) => builtin === "DEQUANTIZE");
    this.#stored = new Map(
      turned.map(({ inputs, outputs }) => [outputs[0] ?? -1, inputs[0] ?? -1]),
    );
    this.#names = new Set(model.tensors.map(({ name }) => name));
  }

  tensor(index: number): LiteTensor {
    const tensor = this.#model.tensors[index];
    if (!tensor) throw badTflite(`tensors must be in the list, got number ${index}`);
    return tensor;
  }

  /** The numbers of weights, of those too that are stored in another type beside them; one tensor for all who ask. */
  numbers(index: number): Tensor {
    const tensor = this.tensor(index);
    const stored = tensor.data ? undefined : this.#stored.get(index);
    const known = this.#numbers.get(stored ?? index);
    if (known) return known;
    const found = weightsOf(stored === undefined ? tensor : this.tensor(stored));
    this.#numbers.set(stored ?? index, found);
    return found;
  }

  /** Where a tensor comes from; weights become a constant when they are first read. */
  source(index: number): InputReference {
    const known = this.#sources.get(index);
    if (known) return known;
    const tensor = this.tensor(index);
    if (!tensor.data) {
      throw badTflite(`tensor "${shownText(tensor.name)}" must be computed before it is read`);
    }
    const found = this.constant(tensor.name, this.numbers(index));
    this.#sources.set(index, found);
    return found;
  }

  /** Says where a tensor comes from. */
  place(index: number, source: InputReference): void {
    if (this.#sources.has(index)) {
      throw badTflite(`tensor "${shownText(this.tensor(index).name)}" must be computed once`);
    }
    this.#sources.set(index, source);
  }

  /** A constant of its own. */
  constant(name: string, value: Tensor): InputReference {
    if (!this.#kept.has(value)) {
      this.#kept.add(value);
      this.#leftBytes -= sizeInBytes(value);
      if (this.#leftBytes < 0) {
        throw badTflite("weights must be read a few times, got far more than the file has");
      }
    }
    this.weights.set(name, value);
    return this.node(name, "Const", [], {});
  }

  node(
    name: string,
    op: string,
    inputs: readonly InputReference[],
    attributes: LiteAttributes,
  ): InputReference {
    const tagged = Object.entries(attributes).map(([key, value]) => [key, tag(value)] as const);
    this.nodes.push({ name, op, inputs, attributes: new Map(tagged) });
    return { node: name, output: 0 };
  }

  /** A name that no tensor has. */
  freeName(hint: string): string {
    let name = hint;
    for (let i = 1; this.#names.has(name); i++) name = `${hint}_${i}`;
    this.#names.add(name);
    return name;
  }
}

function tag(value: LiteAttributes[string]): AttributeValue {
  if (typeof value === "number") return { kind: "number", value };
  if (typeof value === "boolean") return { kind: "truth", value };
  if (typeof value === "string") return { kind: "text", value };
  if ("kind" in value) return value;
  return typeof value[0] === "string"
    ? { kind: "texts", value: value as readonly string[] }
    : { kind: "numbers", value: value as readonly number[] };
}

/** An operator as its row sees it. */
export class LiteOperation {
  readonly builtin: string;
  /** Of its first output. */
  readonly name: string;
  readonly operator: LiteOperator;
  readonly nodes: LiteNodes;

  constructor(operator: LiteOperator, nodes: LiteNodes) {
    this.operator = operator;
    this.nodes = nodes;
    this.builtin = operator.builtin;
    const [output] = operator.outputs;
    if (output === undefined) throw badTflite(`${operator.builtin} must make a tensor, got none`);
    this.name = nodes.tensor(output).name;
  }

  refused(what: string, advice?: string) {
    return badTflite(`${this.builtin} "${shownText(this.name)}" ${what}`, advice);
  }

  has(i: number): boolean {
    return (this.operator.inputs[i] ?? -1) >= 0;
  }

  tensor(i: number): LiteTensor {
    if (!this.has(i)) throw this.refused(`must read ${i + 1} tensors`);
    return this.nodes.tensor(this.operator.inputs[i]!);
  }

  /** Input `i`. */
  input(i: number): InputReference {
    if (!this.has(i)) throw this.refused(`must read ${i + 1} tensors`);
    return this.nodes.source(this.operator.inputs[i]!);
  }

  /** All inputs that are there. */
  get inputs(): readonly InputReference[] {
    return this.operator.inputs.flatMap((index) => (index < 0 ? [] : [this.nodes.source(index)]));
  }

  /** The weights of input `i`, with their axes in another order, as a constant of the node's own. */
  turned(i: number, order: readonly number[]): InputReference {
    const weights = this.weights(i);
    if (weights.dims.length !== order.length) {
      throw this.refused(`must have weights of ${order.length} axes, got ${weights.dims.length}`);
    }
    return this.constant("filter", permutedTensor(weights, order));
  }

  /** The weights of input `i`. */
  weights(i: number): Tensor {
    if (!this.has(i)) throw this.refused(`must read ${i + 1} tensors`);
    return this.nodes.numbers(this.operator.inputs[i]!);
  }

  constant(hint: string, value: Tensor): InputReference {
    return this.nodes.constant(this.nodes.freeName(`${this.name}/${hint}`), value);
  }

  ints(hint: string, numbers: readonly number[], isScalar = false): InputReference {
    return this.constant(hint, tensorOf("int32", isScalar ? [] : [numbers.length], numbers));
  }

  float(hint: string, number: number): InputReference {
    return this.constant(hint, tensorOf("float32", [], [number]));
  }

  /** A step on the way to the operator's result. */
  step(
    hint: string,
    op: string,
    inputs: readonly InputReference[],
    attributes: LiteAttributes = {},
  ): InputReference {
    return this.nodes.node(this.nodes.freeName(`${this.name}/${hint}`), op, inputs, attributes);
  }

  /** The operator's result. */
  result(
    op: string,
    inputs: readonly InputReference[],
    attributes: LiteAttributes = {},
  ): InputReference {
    return this.nodes.node(this.name, op, inputs, attributes);
  }

  /** The type of the operator's result in a graph. */
  get resultType(): AttributeValue {
    return { kind: "type", value: graphType(this.nodes.tensor(this.operator.outputs[0]!)) };
  }

  /** All at their defaults where the operator says none. */
  get options(): FlatTable {
    return this.operator.options ?? FlatTable.empty;
  }
}
