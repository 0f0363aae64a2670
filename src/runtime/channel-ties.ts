/** @file Which values must have the same number of channels, and what each operator reads and writes with any number of them. */
import { AttributeReader } from "../graph/attributes.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { elementCount } from "../graph/tensor.ts";
import { block, sumsMaps } from "./blocked-values.ts";
import { followConstants } from "./constant-values.ts";

/** Operators of single elements that are finite at 0. */
const elementwise: ReadonlySet<string> = new Set(
  (
    "Abs Add And Cast Clip Elu Equal Erf Gelu Greater HardSigmoid HardSwish Identity LeakyRelu Less Max Min Mul Neg Not " +
    "Or Relu Sigmoid Softplus Sub Tanh Where"
  ).split(" "),
);

const overMaps: ReadonlySet<string> = new Set([
  "AveragePool",
  "GlobalAveragePool",
  "GlobalMaxPool",
  "MaxPool",
]);

const sumsOfMaps: ReadonlySet<string> = new Set(["ReduceMean", "ReduceSum"]);

/** How a node takes more channels than there are. */
export type Taken =
  /** Each input and output may have more, independently. */
  | { readonly how: "dense" }
  /** All of these have the same number. `gain` is what it saves in blocks, in elements read or written. */
  | { readonly how: "tied"; readonly values: readonly string[]; readonly gain: number };

/** Reads off a graph how its nodes take more channels. */
export class ChannelTies {
  readonly #graph: Graph;
  readonly #narrow: number;
  /** Constants, and what is computed of them alone. */
  readonly #constants: Set<string>;

  /** Groups of fewer channels than `narrow` are not in blocks. */
  constructor(graph: Graph, narrow: number) {
    this.#graph = graph;
    this.#narrow = narrow;
    this.#constants = new Set(graph.initializers.keys());
    for (const node of graph.nodes) followConstants(node, this.#constants);
  }

  dims(value: string): readonly number[] | undefined {
    return (this.#graph.shapes.get(value) ?? this.#graph.initializers.get(value))?.dims;
  }

  /** Whether a value is a map whose channels leave a part of a block empty. */
  isOpen(value: string): boolean {
    const dims = this.dims(value);
    if (!dims || dims.length !== 4 || this.#constants.has(value)) return false;
    return dims[1]! >= block && dims[1]! % block !== 0 && elementCount(dims) > 0;
  }

  isConstant(value: string): boolean {
    return this.#constants.has(value);
  }

  /** Undefined if the node takes no more channels than there are. */
  taken(node: Node): Taken | undefined {
    const { operator, domain } = node;
    if (domain !== "") return undefined;
    if (operator === "Conv" || operator === "ConvTranspose") return this.#ofConvolution(node);
    if (elementwise.has(operator)) return this.#ofElements(node);
    const maps = [node.inputs[0]!, node.outputs[0]!];
    if (overMaps.has(operator) && node.outputs.length === 1) return tied(maps, 0);
    if (sumsOfMaps.has(operator)) return sumsMaps(node, this.#graph) ? tied(maps, 0) : undefined;
    if (operator === "Expand") return this.#ofExpand(node);
    return undefined;
  }

  /** Channels of a group of a convolution between the same number of channels, where they are part of a block. */
  narrowGroups(node: Node): number | undefined {
    if (node.operator !== "Conv" || !this.#constants.has(node.inputs[1]!)) return undefined;
    const [filters, width, ...kernel] = this.dims(node.inputs[1]!) ?? [];
    const groups = new AttributeReader(node).int("group", 1);
    if (!width || width === 1 || kernel.length !== 2 || filters !== groups * width)
      return undefined;
    const isNarrow = filters >= block && width < this.#narrow && block % width === 0;
    return isNarrow ? width : undefined;
  }

  #ofConvolution(node: Node): Taken | undefined {
    const [value = "", given = "", bias = ""] = node.inputs;
    const weights = this.dims(given);
    const isKnown = this.#constants.has(given) && (!bias || this.#constants.has(bias));
    const output = node.outputs[0]!;
    const dims = this.dims(output);
    if (!isKnown || weights?.length !== 4 || !dims || !this.dims(value)) return undefined;
    const groups = new AttributeReader(node).int("group", 1);
    if (groups === 1) return { how: "dense" };
    const isNarrow = this.narrowGroups(node) !== undefined;
    const isDepthwise = weights[0] === groups && weights[1] === 1;
    if (isNarrow || (isDepthwise && node.operator === "Conv")) {
      return tied([value, output], 4 * elementCount(dims));
    }
    const isEven = weights[0] === groups * weights[1]! && block % weights[1]! === 0;
    return isEven ? tied([value, output], 0) : undefined;
  }

  #ofElements(node: Node): Taken | undefined {
    const output = node.outputs[0]!;
    const dims = this.dims(output);
    if (dims?.length !== 4 || node.outputs.length > 1) return undefined;
    const read = node.inputs.filter((name) => name !== "");
    const fits = read.every((name) => {
      const sizes = this.dims(name);
      if (!sizes) return false;
      const channels = sizes.at(-3) ?? 1;
      return channels === 1 || this.#constants.has(name) || sizes.length === 4;
    });
    if (!fits) return undefined;
    const open = read.filter((name) => this.dims(name)!.at(-3) === dims[1] && this.isOpen(name));
    const isMask = node.operator === "Cast" || node.operator === "Where";
    return tied([...open, output], isMask ? 2 * elementCount(dims) : 0);
  }

  #ofExpand({ inputs: [value = "", shape = ""], outputs: [output = ""] }: Node): Taken | undefined {
    const sizes = this.#graph.initializers.get(shape);
    if (sizes?.dims[0] !== 4 || !this.dims(value)) return undefined;
    if ((this.dims(value)!.at(-3) ?? 1) === 1) return tied([output], 0);
    return this.isOpen(value) ? tied([value, output], 0) : undefined;
  }
}

function tied(values: readonly string[], gain: number): Taken {
  return { how: "tied", values, gain };
}
