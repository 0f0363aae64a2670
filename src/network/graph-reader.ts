/** @file A graph read backwards: what makes a value, and what its constants hold. */
import { producers, type Graph, type Node } from "../graph/graph.ts";
import { elementCount, toNumbers, type Tensor } from "../graph/tensor.ts";

export class GraphReader {
  readonly graph: Graph;
  readonly #makers: ReadonlyMap<string, Node>;

  constructor(graph: Graph) {
    this.graph = graph;
    this.#makers = producers(graph);
  }

  /** The node that gives a value; undefined for inputs and initializers. */
  makerOf(name: string): Node | undefined {
    return this.#makers.get(name);
  }

  /** The number that all elements of a constant have, a dequantised one too; undefined for other values. */
  scalarOf(name: string): number | undefined {
    const constant = this.constantOf(name);
    if (!constant && this.isConstant(name)) return this.#dequantizedScalar(name);
    if (!constant || constant.type === "string" || elementCount(constant.dims) === 0) return;
    return uniformNumber(constant);
  }

  /** A constant of the file; undefined for what a run computes. */
  constantOf(name: string): Tensor | undefined {
    const known = this.graph.initializers.get(name);
    const maker = this.#makers.get(name);
    const value = maker?.operator === "Constant" ? maker.attributes["value"] : undefined;
    return known ?? (value?.kind === "tensor" ? value.value : undefined);
  }

  /** Whether a value is a constant of the file, or what a quantised one stands for. */
  isConstant(name: string): boolean {
    if (this.constantOf(name)) return true;
    const maker = this.#makers.get(name);
    const isDequantized = maker?.operator === "DequantizeLinear";
    return isDequantized && maker.inputs.every((input) => input === "" || this.constantOf(input));
  }

  /** The inputs of a node that a run computes. */
  variablesOf({ inputs }: Node): readonly string[] {
    return inputs.filter((name) => name !== "" && !this.isConstant(name));
  }

  #dequantizedScalar(name: string): number | undefined {
    const [level, scale, zero] = this.#makers
      .get(name)!
      .inputs.map((input) => (input === "" ? 0 : this.scalarOf(input)));
    if (level === undefined || scale === undefined) return undefined;
    const isShifted = this.#makers.get(name)!.inputs.length > 2;
    if (isShifted && zero === undefined) return undefined;
    return (level - (zero ?? 0)) * scale;
  }
}

/** The number that all elements have; most weights show in their first two that there is none. */
function uniformNumber(value: Tensor): number | undefined {
  let first: Tensor["data"] | undefined;
  for (const piece of value.pieces?.() ?? [value.data]) {
    const data = piece as Float32Array;
    first ??= data.slice(0, 1);
    for (let i = 1; i < data.length; i++) if (data[i] !== data[0]) return undefined;
    if (data[0] !== first[0]) return undefined;
  }
  return toNumbers({ type: value.type, dims: [1], data: first! })[0];
}
