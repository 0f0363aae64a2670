/** @file Graphs for ONNX Runtime's blocked layout (NCHWc), in which its convolutions run: what would leave it is said in it. */
import { toAttributes } from "../graph/attributes.ts";
import { consumers, producers, type Graph, type Node } from "../graph/graph.ts";
import { elementCount, tensorOf, toNumbers, type Tensor } from "../graph/tensor.ts";
import { BlockedValues } from "./blocked-values.ts";
import { freeName } from "./keyed-graph.ts";

/**
 * The same function for ONNX Runtime on x86-64 processors. A convolution with constant weights has its channels in blocks of 8
 * or 16 there, few operators can read those, and each other one has the whole value reordered before it and its result
 * behind it. Masks of rectifiers and arithmetic with numbers are such others; here they are depthwise
 * convolutions of one cell with an activation:
 *
 * - y > 0, as a float: clamp(2^127 y, 0, 1), which is exact for every normal number;
 * - y > 0 and y < top, for y >= 0: with s = clamp(2^127 y - top, -top, 0) it is clamp((top - y + s) 2^25 / top, 0, 1);
 * - a v + c for numbers a and c; v - w as v + (-1) w.
 *
 * Only what is read in blocks, and whose channels fill them, is changed.
 */
export function blockedGraph(graph: Graph): Graph {
  const rewriting = new Rewriting(graph);
  return rewriting.result();
}

/** More than any normal number needs to become at least 1. */
const steep = 2 ** 127;

class Rewriting {
  readonly #graph: Graph;
  readonly #before: ReadonlyMap<string, Node>;
  readonly #readers: ReadonlyMap<string, readonly Node[]>;
  readonly #blocked: BlockedValues;
  readonly #constants: Map<string, Tensor>;
  readonly #filled = new Map<string, string>();
  readonly #names: Set<string>;
  readonly #outputs: ReadonlySet<string>;
  /** New nodes since the last that was kept. */
  #added: Node[] = [];
  #isChanged = false;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#before = producers(graph);
    this.#readers = consumers(graph);
    this.#blocked = new BlockedValues(graph);
    this.#constants = new Map(graph.initializers);
    this.#outputs = new Set(graph.outputs.map(({ name }) => name));
    this.#names = new Set([
      ...[...graph.inputs, ...graph.nodes].map(({ name }) => name),
      ...graph.initializers.keys(),
      ...graph.nodes.flatMap((node) => node.outputs),
    ]);
  }

  result(): Graph {
    const nodes = this.#graph.nodes.flatMap((node) => {
      this.#added = [];
      const rewritten = this.#rewritten(node);
      const all = [...this.#added, rewritten ?? node];
      for (const each of all) this.#blocked.follow(each);
      this.#isChanged ||= rewritten !== undefined;
      return all;
    });
    if (!this.#isChanged) return this.#graph;
    return { ...this.#graph, nodes: this.#withoutUnread(nodes), initializers: this.#constants };
  }

  /** Conditions whose masks are computed otherwise now. */
  #withoutUnread(nodes: readonly Node[]): Node[] {
    const read = new Set([...this.#outputs, ...nodes.flatMap(({ inputs }) => inputs)]);
    const isOld = new Set(["And", "Greater", "Less"]);
    const kept = nodes.filter(
      ({ operator, outputs }) => !isOld.has(operator) || outputs.some((name) => read.has(name)),
    );
    return kept.length === nodes.length ? kept : this.#withoutUnread(kept);
  }

  /** What comes in the node's place, under the same output; undefined for nodes that stay. */
  #rewritten(node: Node): Node | undefined {
    if (node.domain !== "") return undefined;
    if (node.operator === "Cast") return this.#mask(node);
    const [left = "", right = ""] = node.inputs;
    const [a, c] = [this.#number(left), this.#number(right)];
    if (node.operator === "Sub") {
      if (a !== undefined && this.#fills(right)) return this.#affine(node, right, -1, a);
      if (c !== undefined && this.#fills(left)) return this.#affine(node, left, 1, -c);
      return this.#difference(node, left, right);
    }
    if (node.operator !== "Add" && node.operator !== "Mul") return undefined;
    const [value, number] = a === undefined ? [left, c] : [right, a];
    if (number === undefined || !this.#fills(value)) return undefined;
    return node.operator === "Add"
      ? this.#affine(node, value, 1, number)
      : this.#affine(node, value, number, 0);
  }

  #difference(node: Node, left: string, right: string): Node | undefined {
    if (!this.#fills(left) || !this.#fills(right)) return undefined;
    if (String(this.#blocked.dims(left)) !== String(this.#blocked.dims(right))) return undefined;
    return { ...node, operator: "Add", inputs: [left, this.#add(this.#convolution(right, -1, 0))] };
  }

  /** A condition as 0 and 1, where those that read it multiply what is in blocks. */
  #mask(node: Node): Node | undefined {
    const readers = this.#readers.get(node.outputs[0]!) ?? [];
    const isRead = ({ operator, inputs }: Node) =>
      operator === "Mul" && inputs.every((name) => name === node.outputs[0] || this.#fills(name));
    if (this.#outputs.has(node.outputs[0]!) || readers.length === 0 || !readers.every(isRead)) {
      return undefined;
    }
    const condition = this.#before.get(node.inputs[0]!);
    if (!condition) return undefined;
    const value = this.#positive(condition);
    if (value !== undefined) return this.#clamped(node, value, steep, 0, [0, 1]);
    return this.#between(node, condition);
  }

  /** v of v > 0, in blocks. */
  #positive({ operator, inputs }: Node): string | undefined {
    const [value = "", bound = ""] = inputs;
    const holds = operator === "Greater" && this.#number(bound) === 0 && this.#fills(value);
    return holds ? value : undefined;
  }

  /** The mask of v > 0 and v < top, where v is never below 0 nor above top. */
  #between(node: Node, { operator, inputs }: Node): Node | undefined {
    if (operator !== "And") return undefined;
    const [above, below] = inputs.map((name) => this.#before.get(name));
    const value = above && this.#positive(above);
    if (value === undefined || below?.operator !== "Less" || below.inputs[0] !== value) {
      return undefined;
    }
    const top = this.#number(below.inputs[1]!);
    const clip = this.#before.get(value);
    const [low, high] = (clip?.inputs ?? []).slice(1).map((name) => this.#number(name));
    if (clip?.operator !== "Clip" || low !== 0 || top === undefined || high !== top) {
      return undefined;
    }
    const shift = this.#add(this.#clamped(node, value, steep, -top, [-top, 0], "shift"));
    const { inputs: given, ...mask } = this.#clamped(node, value, -1, top, [0, 1], undefined, [
      "HardSigmoid",
      [2 ** 25 / top, 0],
    ]);
    return { ...mask, inputs: [...given, shift] };
  }

  /** clamp(a v + c, low, high), c and the bounds as a Clip's. */
  #clamped(
    node: Node,
    value: string,
    a: number,
    c: number,
    [low, high]: readonly [number, number],
    hint?: string,
    [activation, params]: readonly [string, readonly number[]] = ["Clip", [low, high]],
  ): Node {
    const { inputs, attributes } = this.#convolution(value, a, c);
    const output = hint === undefined ? node.outputs[0]! : this.#name(node, hint);
    return {
      name: hint === undefined ? node.name : output,
      operator: "FusedConv",
      domain: "com.microsoft",
      inputs,
      outputs: [output],
      attributes: {
        ...attributes,
        activation: { kind: "string", value: activation },
        activation_params: { kind: "floats", value: params },
      },
    };
  }

  #affine(node: Node, value: string, a: number, c: number): Node {
    const { operator, inputs, attributes } = this.#convolution(value, a, c);
    return { ...node, operator, inputs, attributes };
  }

  /** a v + c. */
  #convolution(value: string, a: number, c: number): Node {
    const channels = this.#blocked.dims(value)![1]!;
    const name = freeName(`${value}/affine`, this.#names);
    return {
      name,
      operator: "Conv",
      domain: "",
      inputs: [value, this.#fill([channels, 1, 1, 1], a), this.#fill([channels], c)],
      outputs: [name],
      attributes: toAttributes({ kernel_shape: [1, 1], group: channels }),
    };
  }

  #add(node: Node): string {
    this.#added.push(node);
    return node.outputs[0]!;
  }

  #name(node: Node, hint: string): string {
    return freeName(`${node.outputs[0]!}/${hint}`, this.#names);
  }

  /** A constant with one number in all places; equal ones are shared. */
  #fill(dims: readonly number[], value: number): string {
    const key = `${dims.join()}:${value}`;
    const known = this.#filled.get(key);
    if (known !== undefined) return known;
    const name = freeName(`constant/blocked/${key}`, this.#names);
    this.#filled.set(key, name);
    this.#constants.set(
      name,
      tensorOf("float32", dims, Array<number>(elementCount(dims)).fill(value)),
    );
    return name;
  }

  #number(name: string): number | undefined {
    const known = this.#graph.initializers.get(name);
    if (known?.type !== "float32" || elementCount(known.dims) !== 1) return undefined;
    return known.dims.length <= 4 ? toNumbers(known)[0] : undefined;
  }

  #fills(name: string): boolean {
    return this.#blocked.has(name);
  }
}
