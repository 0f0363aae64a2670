/** @file Builds graphs node by node, on an empty sheet or on top of an existing graph. */
import { internalError, LimpidError } from "../errors.ts";
import { AttributeReader, toAttributes, type AttributeInput } from "./attributes.ts";
import { renamedCaptures } from "./branches.ts";
import type { Dimension, Graph, Node, ValueInfo, ValueShape } from "./graph.ts";
import { castCodes, inferShapes } from "./infer.ts";
import { tensorOf, toNumbers, type ElementType, type Tensor } from "./tensor.ts";

/** A value of the graph under construction: its name, element type and exact shape. */
export interface Value extends ValueShape {
  readonly name: string;
}

export type AttributeInputs = Readonly<Record<string, AttributeInput>>;

/** Operators of one input and one output in other words, by name. */
type OperatorForms = Readonly<Record<string, (b: GraphBuilder, node: Node, input: Value) => Value>>;

/** Element types that a constant can be written in as plain numbers. */
type NumberType = Exclude<ElementType, "string" | "float16" | "bfloat16">;

/**
 * Collects nodes whose shapes are inferred as they are added. New names start with the current
 * `scope`, so what was added for which purpose can be read off the finished graph.
 */
export class GraphBuilder {
  readonly #base: Graph | undefined;
  readonly #inputs: ValueInfo[];
  readonly #outputs: ValueInfo[] = [];
  readonly #nodes: Node[];
  readonly #initializers: Map<string, Tensor>;
  readonly #shapes: Map<string, ValueShape>;
  readonly #names: Set<string>;
  readonly #reserved = new Set<string>();
  readonly #counters = new Map<string, number>();
  readonly #constants = new Map<string, Value>();
  scope = "";

  /** Starts from all inputs, nodes and initializers of `base`, without its outputs. */
  constructor(base?: Graph) {
    this.#base = base;
    this.#inputs = [...(base?.inputs ?? [])];
    this.#nodes = [...(base?.nodes ?? [])];
    this.#initializers = new Map(base?.initializers);
    this.#shapes = new Map(base?.shapes);
    this.#names = new Set([
      ...this.#inputs.map((input) => input.name),
      ...this.#initializers.keys(),
      ...this.#nodes.flatMap((node) => [node.name, ...node.outputs]),
    ]);
  }

  /** The nodes so far, in topological order. */
  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  /** A value that is there already. Throws `internal` if its shape is not known. */
  value(name: string): Value {
    const shape = this.#shapes.get(name) ?? this.#initializers.get(name);
    if (!shape) throw internalError("GraphBuilder.value", `"${name}" has no known shape`);
    return { name, type: shape.type, dims: shape.dims };
  }

  /** The tensor of a constant value, if it is one. */
  constantOf(value: Value): Tensor | undefined {
    return this.#initializers.get(value.name);
  }

  /** The numbers of a constant value, if it is one; 64-bit integers clamped to the safe range. */
  numbersOf(value: Value): readonly number[] | undefined {
    const known = this.constantOf(value);
    return known && toNumbers(known);
  }

  /** A new graph input of a fixed shape; `open` names axes that the file leaves open. */
  input(
    name: string,
    dims: readonly number[],
    type: ElementType = "float32",
    open?: readonly Dimension[],
    fileOrder?: readonly number[],
  ): Value {
    this.#claim(name);
    this.#inputs.push({ name, type, dims: open ?? dims, ...(fileOrder ? { fileOrder } : {}) });
    this.#shapes.set(name, { type, dims });
    return { name, type, dims };
  }

  /** A new initializer. */
  initializer(name: string, value: Tensor): Value {
    const unique = this.uniqueName(name);
    this.#initializers.set(unique, value);
    return { name: unique, type: value.type, dims: value.dims };
  }

  /** A scalar constant; equal ones are shared. */
  scalar(value: number, type: ElementType = "float32"): Value {
    return this.#shared(type, [], [value]);
  }

  /** A one-dimensional int64 constant, as shapes, axes and pads are given to operators; equal ones are shared. */
  ints(values: readonly number[]): Value {
    return this.#shared("int64", [values.length], values);
  }

  /** A constant with the given numbers. */
  constant(
    values: ArrayLike<number>,
    dims: readonly number[],
    type: NumberType = "float32",
  ): Value {
    return this.initializer(`${this.scope}constant`, tensorOf(type, dims, values));
  }

  /** Adds a node with one output. */
  op(
    operator: string,
    inputs: readonly (Value | null)[],
    attributes: AttributeInputs = {},
    name?: string,
  ): Value {
    return this.ops(operator, inputs, 1, attributes, name)[0]!;
  }

  /** Adds a node with `outputCount` outputs. Its first output is called `name` if that is given. */
  ops(
    operator: string,
    inputs: readonly (Value | null)[],
    outputCount: number,
    attributes: AttributeInputs = {},
    name?: string,
  ): Value[] {
    const unique = name ?? this.uniqueName(`${this.scope}${operator}`);
    if (name !== undefined) this.#claim(name);
    const outputs = Array.from({ length: outputCount }, (_, i) =>
      i === 0 ? unique : `${unique}:${i}`,
    );
    const node: Node = {
      name: unique,
      operator,
      domain: "",
      inputs: inputs.map((input) => input?.name ?? ""),
      outputs,
      attributes: toAttributes(attributes),
    };
    if (this.#nodes.length >= mostNodes) throw tooManyNodes(node);
    const shapes = inferShapes(this.#inferenceContext(node, inputs));
    this.#nodes.push(node);
    return outputs.map((output, i) => {
      this.#names.add(output);
      const { type, dims } = shapes[i]!;
      this.#shapes.set(output, { type, dims });
      return { name: output, type, dims };
    });
  }

  /**
   * Copies a traced graph in, with its inputs bound to values of this one, and initializers too where a
   * binding is given; returns every value of the copy by its old name. Names keep their old form behind
   * `scope`. Nodes of operators that have a form in `forms` are written in it; it gives their only output. Throws
   * `internal` if an input is not bound or bound to another shape.
   */
  embed(
    graph: Graph,
    bindings: ReadonlyMap<string, Value>,
    forms: OperatorForms = {},
  ): ReadonlyMap<string, Value> {
    const values = new Map<string, Value>();
    for (const input of graph.inputs) {
      const bound = bindings.get(input.name);
      const wanted = graph.shapes.get(input.name);
      if (!bound || !wanted || !sameDims(bound.dims, wanted.dims)) {
        throw internalError(
          "GraphBuilder.embed",
          `"${input.name}" must be bound to a value of its shape`,
        );
      }
      values.set(input.name, bound);
    }
    for (const [name, value] of graph.initializers) {
      values.set(name, bindings.get(name) ?? this.initializer(`${this.scope}${name}`, value));
    }
    for (const node of graph.nodes) {
      const form = node.domain === "" ? forms[node.operator] : undefined;
      if (form) {
        values.set(node.outputs[0]!, form(this, node, values.get(node.inputs[0]!)!));
        continue;
      }
      for (const output of node.outputs) {
        if (!output) continue;
        const shape = graph.shapes.get(output);
        if (!shape) throw internalError("GraphBuilder.embed", `"${output}" has no known shape`);
        const name = this.uniqueName(`${this.scope}${output}`);
        this.#shapes.set(name, shape);
        values.set(output, { name, ...shape });
      }
      const rename = (name: string) => (name === "" ? "" : values.get(name)!.name);
      this.#nodes.push({
        ...node,
        name: this.uniqueName(`${this.scope}${node.name}`),
        inputs: node.inputs.map(rename),
        outputs: node.outputs.map(rename),
        attributes: renamedCaptures(node, rename),
      });
    }
    return values;
  }

  /** Marks a value as a graph output. */
  output(value: Value): void {
    this.#outputs.push({ name: value.name, type: value.type, dims: value.dims });
  }

  /** Keeps names for values to come: nobody gets one of them who does not ask for it as a node's own name. */
  reserve(names: Iterable<string>): void {
    for (const name of names) this.#reserved.add(name);
  }

  /** A name that is not taken yet, and is taken now: `hint`, or `hint_1`, `hint_2`, ... */
  uniqueName(hint: string): string {
    const name = this.freeName(hint);
    this.#names.add(name);
    return name;
  }

  /** As `uniqueName`, for a node to be called by: it stays free until then. */
  freeName(hint: string): string {
    let name = hint;
    let count = this.#counters.get(hint) ?? 0;
    while (this.#names.has(name) || this.#reserved.has(name)) name = `${hint}_${++count}`;
    this.#counters.set(hint, count);
    return name;
  }

  /** The graph so far. */
  build(name: string = this.#base?.name ?? "graph"): Graph {
    return {
      name,
      inputs: [...this.#inputs],
      outputs: [...this.#outputs],
      nodes: [...this.#nodes],
      initializers: new Map(this.#initializers),
      shapes: new Map(this.#shapes),
      metadata: this.#base?.metadata ?? new Map(),
    };
  }

  add(a: Value, b: Value): Value {
    return this.op("Add", [a, b]);
  }

  sub(a: Value, b: Value): Value {
    return this.op("Sub", [a, b]);
  }

  mul(a: Value, b: Value): Value {
    return this.op("Mul", [a, b]);
  }

  div(a: Value, b: Value): Value {
    return this.op("Div", [a, b]);
  }

  neg(a: Value): Value {
    return this.op("Neg", [a]);
  }

  where(condition: Value, then: Value, otherwise: Value): Value {
    return this.op("Where", [condition, then, otherwise]);
  }

  greater(a: Value, b: Value): Value {
    return this.op("Greater", [a, b]);
  }

  /** `value` times a number of its own type. */
  scale(value: Value, factor: number): Value {
    return this.mul(value, this.scalar(factor, value.type));
  }

  /** The value itself if it has that shape already. */
  reshape(value: Value, dims: readonly number[]): Value {
    if (sameDims(value.dims, dims)) return value;
    return this.op("Reshape", [value, this.ints(dims)], dims.includes(0) ? { allowzero: 1 } : {});
  }

  transpose(value: Value, order: readonly number[]): Value {
    if (order.every((axis, i) => axis === i)) return value;
    return this.op("Transpose", [value], { perm: order });
  }

  /** The value broadcast to `dims`; itself if it has that shape already. */
  expand(value: Value, dims: readonly number[]): Value {
    return sameDims(value.dims, dims) ? value : this.op("Expand", [value, this.ints(dims)]);
  }

  reduceSum(value: Value, axes: readonly number[], keepDims = true): Value {
    if (axes.length === 0) return value;
    return this.op("ReduceSum", [value, this.ints(axes)], { keepdims: keepDims ? 1 : 0 });
  }

  reduceMean(value: Value, axes: readonly number[], keepDims = true): Value {
    if (axes.length === 0) return value;
    return this.op("ReduceMean", [value, this.ints(axes)], { keepdims: keepDims ? 1 : 0 });
  }

  slice(
    value: Value,
    starts: readonly number[],
    ends: readonly number[],
    axes: readonly number[],
    steps?: readonly number[],
  ): Value {
    const inputs = [value, this.ints(starts), this.ints(ends), this.ints(axes)];
    return this.op("Slice", steps ? [...inputs, this.ints(steps)] : inputs);
  }

  concat(values: readonly Value[], axis: number): Value {
    return values.length === 1 ? values[0]! : this.op("Concat", values, { axis });
  }

  cast(value: Value, type: ElementType): Value {
    return value.type === type ? value : this.op("Cast", [value], { to: castCodes[type] });
  }

  /** Zeros (or another number) of a shape, as a constant of one element that is broadcast. */
  fill(dims: readonly number[], value: number, type: ElementType = "float32"): Value {
    return this.expand(this.scalar(value, type), dims);
  }

  #shared(type: ElementType, dims: readonly number[], values: readonly number[]): Value {
    const key = `${type}[${dims.join()}]:${values.map((value) => (Object.is(value, -0) ? "-0" : value)).join()}`;
    const known = this.#constants.get(key);
    if (known) return known;
    const half = type === "float16" || type === "bfloat16";
    if (type === "string") throw internalError("GraphBuilder", "constants of text are not built");
    const exact = half ? "float32" : type;
    let value = this.initializer(`constant/${key}`, tensorOf(exact, dims, values));
    if (half) value = this.cast(value, type);
    this.#constants.set(key, value);
    return value;
  }

  #claim(name: string): void {
    if (this.#names.has(name)) throw internalError("GraphBuilder", `"${name}" is taken`);
    this.#names.add(name);
  }

  #inferenceContext(node: Node, inputs: readonly (Value | null)[]) {
    const at = (i: number): Value => {
      const input = inputs[i];
      if (!input) throw internalError(node.operator, `input ${i} was left out`);
      return input;
    };
    return {
      operator: node.operator,
      attributes: new AttributeReader(node),
      outputCount: node.outputs.length,
      inputCount: inputs.length,
      in: at,
      has: (i: number) => inputs[i] !== undefined && inputs[i] !== null,
      constant: (i: number) => {
        const known = this.#initializers.get(at(i).name);
        if (!known) throw internalError(node.operator, `input ${i} must be a constant`);
        return toNumbers(known);
      },
    };
  }
}

function sameDims(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** Nodes that a graph which is built may have. */
const mostNodes = 200_000;

function tooManyNodes({ name }: Node): LimpidError {
  return new LimpidError(
    "over-limit",
    `build: a graph must have at most ${mostNodes} nodes, got more at "${name}". choose a layer behind it.`,
  );
}
