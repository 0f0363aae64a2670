/** @file Graphs for ONNX Runtime's blocked layout (NCHWc), in which its convolutions run: what would leave it is said in it. */
import { toAttributes } from "../graph/attributes.ts";
import { valuesRead } from "../graph/edit.ts";
import { consumers, producers, type Graph, type Node } from "../graph/graph.ts";
import { elementCount, tensorOf, toNumbers, type Tensor } from "../graph/tensor.ts";
import { moveOf, type Move } from "./blocked-moves.ts";
import { DepthwiseConvolutions } from "./depthwise-convolutions.ts";
import { BlockedValues, sumsMaps } from "./blocked-values.ts";
import { allNames, freeName } from "../graph/free-name.ts";
import { withLateMasks } from "./late-masks.ts";
import { SlopeForms } from "./slope-forms.ts";

/**
 * The same function for ONNX Runtime on x86-64 processors. A convolution with constant weights has its channels in blocks of 8
 * or 16 there, few operators can read those, and each other one has the whole value reordered before it and its result
 * behind it. Masks of rectifiers and arithmetic with numbers are such others; here they are depthwise
 * convolutions of one cell with an activation:
 *
 * - y > 0, as a float: clamp(2^127 y, 0, 1), which is exact for every normal number; a leaky rectifier's slope alike, not below it;
 * - y > 0 and y < top, for y >= 0: with s = clamp(2^127 y - top, -top, 0) it is clamp((top - y + s) 2^25 / top, 0, 1);
 * - v >= w: clamp(2^127 (v - w) + 1, 0, 1), for numbers that differ by 2^-127 or more;
 * - a v + c for numbers a and c; v - w + c as (c - w) + v;
 * - a Pad with zeros and a Slice of height and width: kernels with a single 1, so that of finite numbers all are finite, while
 *   an infinite one, which would stay where it is, is NaN here where it meets a 0 or itself;
 * - 2 h - 1/2 where |x| < 3, else h, for h = HardSigmoid(x): 2 h - 1/2 + w with w = clamp(s - 2^24 x, -1/2, 1/2) and
 *   s = clamp(2^24 x, 4 - 3 2^24, 3 2^24 - 4), which is 2^24 x for every number inside.
 *
 * What is of one cell, as a gate of channels is, is spread over a map by enlarging it; a sum over a map is its mean, times
 * the cells.
 *
 * Only what is read in blocks, and whose channels fill them, is changed; what a mask multiplies is brought there.
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
  readonly #forms: SlopeForms;
  readonly #blocked: BlockedValues;
  readonly #constants: Map<string, Tensor>;
  readonly #convolutions: DepthwiseConvolutions;
  /** Values of one cell that were spread, by their names and sizes. */
  readonly #spread = new Map<string, string>();
  readonly #masks = new Set<string>();
  /** Values of plain layout, and their copies in blocks. */
  readonly #brought = new Map<string, string>();
  readonly #names: Set<string>;
  readonly #outputs: ReadonlySet<string>;
  /** New nodes since the last that was kept. */
  #added: Node[] = [];
  #isChanged = false;

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#before = producers(graph);
    this.#readers = consumers(graph);
    this.#forms = new SlopeForms(graph);
    this.#blocked = new BlockedValues(graph);
    this.#constants = new Map(graph.initializers);
    this.#outputs = new Set(graph.outputs.map(({ name }) => name));
    this.#names = allNames(graph);
    this.#convolutions = new DepthwiseConvolutions(this.#constants, this.#names);
  }

  result(): Graph {
    const nodes = this.#graph.nodes.flatMap((node) => {
      this.#added = [];
      const rewritten = this.#rewritten(node);
      this.#blocked.follow(rewritten ?? node);
      this.#isChanged ||= rewritten !== undefined;
      return [...this.#added, rewritten ?? node];
    });
    if (!this.#isChanged) return this.#graph;
    const kept = withLateMasks(this.#withoutUnread(nodes), this.#masks, this.#outputs);
    return { ...this.#graph, nodes: kept, initializers: this.#constants };
  }

  /** Without what is computed otherwise now, as the conditions of masks are. */
  #withoutUnread(nodes: readonly Node[]): Node[] {
    const read = new Set([...this.#outputs, ...nodes.flatMap(valuesRead)]);
    const kept = nodes.filter(({ outputs }) => outputs.some((name) => read.has(name)));
    return kept.length === nodes.length ? kept : this.#withoutUnread(kept);
  }

  /** What comes in the node's place, under the same output; undefined for nodes that stay. */
  #rewritten(node: Node): Node | undefined {
    if (node.domain !== "") return undefined;
    switch (node.operator) {
      case "Cast":
        return this.#mask(node);
      case "Clip":
        return this.#leakySlope(node);
      case "Expand":
        return this.#expanded(node);
      case "ReduceSum":
        return this.#summed(node);
      case "Where":
        return this.#hardSwishSlope(node);
      case "Pad":
      case "Slice":
        return this.#moved(node);
      case "Add":
      case "Mul":
      case "Sub":
        return this.#sum(node);
      default:
        return undefined;
    }
  }

  #sum(node: Node): Node | undefined {
    const inputs = this.#readInBlocks(node.inputs);
    const read = inputs === node.inputs ? undefined : { ...node, inputs };
    return this.#arithmetic(read ?? node) ?? read;
  }

  /** The factors of a mask in blocks, and what stands in for such a factor elsewhere, where all is in blocks then. */
  #readInBlocks(names: readonly string[]): readonly string[] {
    if (names.some((name) => this.#masks.has(name))) for (const name of names) this.#bring(name);
    if (!names.some((name) => this.#brought.has(name))) return names;
    const inputs = names.map((name) => this.#brought.get(name) ?? name);
    return inputs.every((name) => this.#fills(name)) ? inputs : names;
  }

  #bring(name: string): void {
    if (this.#fills(name) || this.#brought.has(name)) return;
    const maker = this.#before.get(name);
    const move = maker && this.#moveOf(maker, (value) => this.#canFill(value));
    const copy = this.#convolution(move ? maker.inputs[0]! : name, 1, 0, move);
    this.#blocked.shape(copy.outputs[0]!, this.#blocked.dims(name)!);
    this.#brought.set(name, this.#add(copy));
  }

  /** Zeros around a map, or a part of it. */
  #moved(node: Node): Node | undefined {
    const move = this.#moveOf(node, (value) => this.#fills(value));
    if (!move || this.#outputs.has(node.outputs[0]!)) return undefined;
    return this.#affine(node, node.inputs[0]!, 1, 0, move);
  }

  #moveOf(node: Node, canRead: (value: string) => boolean): Move | undefined {
    const [value = ""] = node.inputs;
    if (node.domain !== "" || !canRead(value)) return undefined;
    return moveOf(node, this.#blocked.dims(value)!, (name) => {
      const known = this.#graph.initializers.get(name);
      return known && toNumbers(known);
    });
  }

  #arithmetic(node: Node): Node | undefined {
    const [left = "", right = ""] = node.inputs;
    const [a, c] = [this.#forms.number(left), this.#forms.number(right)];
    if (node.operator === "Sub") {
      if (a !== undefined && this.#fills(right)) return this.#affine(node, right, -1, a);
      if (c !== undefined && this.#fills(left)) return this.#affine(node, left, 1, -c);
      return this.#difference(node, left, right);
    }
    const [value, number] = a === undefined ? [left, c] : [right, a];
    if (number === undefined) return node.operator === "Mul" ? this.#gated(node) : undefined;
    if (!this.#fills(value)) return undefined;
    if (node.operator === "Mul") return this.#affine(node, value, number, 0);
    const made = this.#before.get(value);
    const isDifference = made?.operator === "Sub" && this.#isReadOnce(value);
    const difference =
      isDifference && this.#difference(node, made.inputs[0], made.inputs[1], number);
    return difference || this.#affine(node, value, 1, number);
  }

  /** left - right + c, for which one convolution with a summand is enough. */
  #difference(node: Node, left = "", right = "", c = 0): Node | undefined {
    if (!this.#fills(left) || !this.#fills(right)) return undefined;
    if (String(this.#blocked.dims(left)) !== String(this.#blocked.dims(right))) return undefined;
    return { ...node, operator: "Add", inputs: [left, this.#add(this.#convolution(right, -1, c))] };
  }

  /** A map times what has one cell for each of its channels. */
  #gated(node: Node): Node | undefined {
    const [map, gate] = this.#isCell(node.inputs[0]!) ? node.inputs.toReversed() : node.inputs;
    const dims = this.#blocked.dims(map!);
    if (!this.#fills(map!) || this.#isCell(map!) || !this.#isCell(gate!)) return undefined;
    if (!dims || !this.#hasChannels(gate!, dims)) return undefined;
    return { ...node, inputs: [map!, this.#spreadOver(gate!, dims)] };
  }

  #expanded(node: Node): Node | undefined {
    const [value = "", shape = ""] = node.inputs;
    const sizes = this.#graph.initializers.get(shape);
    const dims = sizes && toNumbers(sizes);
    if (!dims || !this.#isCell(value) || !this.#hasChannels(value, dims)) return undefined;
    return this.#enlarged(node.outputs[0]!, value, dims);
  }

  /** The sum over all cells of a map. */
  #summed(node: Node): Node | undefined {
    const [value = ""] = node.inputs;
    if (!this.#fills(value) || !sumsMaps(node, this.#graph)) return undefined;
    const [batch, channels, ...sizes] = this.#blocked.dims(value)! as [number, number, ...number[]];
    const mean = this.#name(node, "mean");
    this.#blocked.shape(mean, [batch, channels, 1, 1]);
    const pool = { operator: "GlobalAveragePool", domain: "", attributes: {} };
    this.#add({ ...pool, name: mean, inputs: [value], outputs: [mean] });
    return this.#affine(node, mean, elementCount(sizes), 0);
  }

  #isCell(value: string): boolean {
    const [, , ...sizes] = this.#blocked.dims(value) ?? [];
    return this.#fills(value) && sizes.every((size) => size === 1);
  }

  /** Whether a value of one cell has the pictures and channels of a shape [N, C, H, W]. */
  #hasChannels(value: string, dims: readonly number[]): boolean {
    const [batch, channels] = this.#blocked.dims(value)!;
    return dims.length === 4 && batch === dims[0] && channels === dims[1];
  }

  #spreadOver(value: string, dims: readonly number[]): string {
    const key = `${value}:${dims.join()}`;
    const known = this.#spread.get(key);
    if (known !== undefined) return known;
    const name = freeName(`${value}/spread`, this.#names);
    this.#blocked.shape(name, dims);
    this.#spread.set(key, this.#add(this.#enlarged(name, value, dims)));
    return name;
  }

  #enlarged(name: string, value: string, [, , height, width]: readonly number[]): Node {
    const scales = freeName(`constant/blocked/scales:${height}:${width}`, this.#names);
    this.#constants.set(scales, tensorOf("float32", [4], [1, 1, height!, width!]));
    return {
      name,
      operator: "Resize",
      domain: "",
      inputs: [value, "", scales],
      outputs: [name],
      attributes: toAttributes({
        mode: "nearest",
        coordinate_transformation_mode: "asymmetric",
        nearest_mode: "floor",
      }),
    };
  }

  #isReadOnce(value: string): boolean {
    return this.#readers.get(value)?.length === 1 && !this.#outputs.has(value);
  }

  /** A condition as 0 and 1, where those that read it multiply what is in blocks or can be brought there. */
  #mask(node: Node): Node | undefined {
    const [output = ""] = node.outputs;
    if (!this.#isFactor(output)) return undefined;
    const condition = this.#before.get(node.inputs[0]!);
    const mask = condition && this.#maskOf(node, condition);
    if (mask) this.#masks.add(output);
    return mask;
  }

  /** Whether all that read a value multiply by it what is in blocks or can be brought there. */
  #isFactor(value: string): boolean {
    const readers = this.#readers.get(value) ?? [];
    const isRead = ({ operator, inputs }: Node) =>
      operator === "Mul" && inputs.every((name) => name === value || this.#canFill(name));
    return !this.#outputs.has(value) && readers.length > 0 && readers.every(isRead);
  }

  /** 1 and a number below it, as the rule of the leaky rectifier says its slope. */
  #leakySlope(node: Node): Node | undefined {
    const [output = ""] = node.outputs;
    const slope = this.#forms.leaky(node);
    if (!slope || !this.#fills(slope.value) || !this.#isFactor(output)) return undefined;
    this.#masks.add(output);
    return this.#clamped(node, slope.value, steep, 0, [slope.low, 1]);
  }

  #maskOf(node: Node, condition: Node): Node | undefined {
    const value = this.#forms.positive(condition);
    if (value !== undefined && this.#fills(value)) {
      return this.#clamped(node, value, steep, 0, [0, 1]);
    }
    if (condition.operator === "GreaterOrEqual") return this.#notBelow(node, condition.inputs);
    return this.#between(node, condition);
  }

  /** The mask of v >= w. */
  #notBelow(node: Node, [value = "", bound = ""]: readonly string[]): Node | undefined {
    if (!this.#fills(value) || !this.#fills(bound)) return undefined;
    if (String(this.#blocked.dims(value)) !== String(this.#blocked.dims(bound))) return undefined;
    const activation = ["HardSigmoid", [steep, 1]] as const;
    const mask = this.#clamped(node, bound, -1, 0, [0, 1], undefined, activation);
    return { ...mask, inputs: [...mask.inputs, value] };
  }

  /** The mask of v > 0 and v < top, where v is never below 0 nor above top. */
  #between(node: Node, condition: Node): Node | undefined {
    const { value, top } = this.#forms.between(condition) ?? {};
    if (value === undefined || top === undefined || !this.#fills(value)) return undefined;
    const shift = this.#add(this.#clamped(node, value, steep, -top, [-top, 0], "shift"));
    const { inputs: given, ...mask } = this.#clamped(node, value, -1, top, [0, 1], undefined, [
      "HardSigmoid",
      [2 ** 25 / top, 0],
    ]);
    return { ...mask, inputs: [...given, shift] };
  }

  /** The slope of x HardSigmoid(x), as its rule says it. */
  #hardSwishSlope(node: Node): Node | undefined {
    const { x, h } = this.#forms.hardSwish(node) ?? {};
    if (x === undefined || h === undefined || !this.#fills(x) || !this.#fills(h)) return undefined;
    const scale = 2 ** 24;
    const inner = scale * 3 - 4;
    const within = this.#clamped(node, x, scale, 0, [-inner, inner], "within");
    const step = this.#clamped(node, x, -scale, 0, [-0.5, 0.5], "step");
    const outside = this.#add({ ...step, inputs: [...step.inputs, this.#add(within)] });
    const slope = this.#add(this.#convolution(h, 2, -0.5));
    return { ...node, operator: "Add", inputs: [outside, slope] };
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

  #affine(node: Node, value: string, a: number, c: number, move?: Move): Node {
    return { ...this.#convolution(value, a, c, move), name: node.name, outputs: node.outputs };
  }

  /** a v + c, moved. */
  #convolution(value: string, a: number, c: number, move?: Move): Node {
    return this.#convolutions.node(value, this.#blocked.dims(value)![1]!, [a, c], move);
  }

  #add(node: Node): string {
    this.#added.push(node);
    this.#blocked.follow(node);
    return node.outputs[0]!;
  }

  #name(node: Node, hint: string): string {
    return freeName(`${node.outputs[0]!}/${hint}`, this.#names);
  }

  #fills(name: string): boolean {
    return this.#blocked.has(name);
  }

  #canFill(name: string): boolean {
    return this.#fills(name) || this.#blocked.couldHave(name);
  }
}
