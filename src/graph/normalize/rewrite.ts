/** @file How one node of another opset is written anew: a small vocabulary that needs no shapes. */
import { LimpidError } from "../../errors.ts";
import { AttributeReader, toAttributes, type AttributeInput } from "../attributes.ts";
import { withoutTrailingGaps } from "../gaps.ts";
import type { Node } from "../graph.ts";
import { castCodes } from "../infer.ts";
import { tensorOf, type Tensor } from "../tensor.ts";
import type { Facts } from "./facts.ts";

/** Writes one node anew, in terms of the opset that the table of the rewrite belongs to. */
export type Rewrite = (to: NodeRewriter) => void;

/** Rewrites by operator. */
export type RewriteTable = Readonly<Record<string, Rewrite>>;

type Attributes = Readonly<Record<string, AttributeInput>>;

/** The graph that rewritten nodes go to. */
export interface Sheet {
  /** Takes the next node in topological order. */
  emit(node: Node): void;
  /** Takes a node that no further rewrite is to see. */
  accept(node: Node): void;
  uniqueName(hint: string): string;
  setConstant(name: string, value: Tensor): void;
  constantOf(name: string): Tensor | undefined;
  factsOf(name: string): Facts;
  /** True if a node of the old graph, or its caller, reads the value. */
  isRead(name: string): boolean;
}

/** Has a node written anew. A function by itself, so that a page whose networks need none can load the means later. */
export function rewriteNode(rewrite: Rewrite, node: Node, version: number, sheet: Sheet): void {
  rewrite(new NodeRewriter(node, version, sheet));
}

/** The node that is written anew, and the means to do it. */
export class NodeRewriter {
  readonly node: Node;
  readonly attributes: AttributeReader;
  /** Opset that the node comes from. */
  readonly version: number;
  readonly #sheet: Sheet;

  constructor(node: Node, version: number, sheet: Sheet) {
    this.node = node;
    this.attributes = new AttributeReader(node);
    this.version = version;
    this.#sheet = sheet;
  }

  /** A required input. Throws `bad-file` if the node has none there. */
  input(i: number): string {
    const name = this.optionalInput(i);
    if (name !== "") return name;
    throw this.#error(`input ${i} must be given, got none`);
  }

  /** An input, `""` if it was left out. */
  optionalInput(i: number): string {
    return this.node.inputs[i] ?? "";
  }

  /** The name of a required output. Throws `bad-file` if the node has none there. */
  output(i = 0): string {
    const name = this.optionalOutput(i);
    if (name !== "") return name;
    throw this.#error(`output ${i} must be given, got none`);
  }

  /** The name of an output that somebody reads, `""` if nobody does. */
  optionalOutput(i: number): string {
    const name = this.node.outputs[i] ?? "";
    return name === "" || (i > 0 && !this.#sheet.isRead(name)) ? "" : name;
  }

  /** The node as it is. */
  keep(): void {
    this.#sheet.emit(this.node);
  }

  /** The node as it is, for good: the runtime knows it, though no rewrite does. */
  leave(): void {
    this.#sheet.accept(this.node);
  }

  /**
   * The node under a name that no opset has, for what cannot be said in the operators there are: the
   * gradient and the runtime refuse it by that name.
   */
  refuse(): void {
    this.#sheet.accept({ ...this.node, operator: `${this.node.operator}-${this.version}` });
  }

  /** The node with other inputs, without the attributes named, or as another operator. */
  change(changes: {
    readonly operator?: string;
    readonly inputs?: readonly string[];
    readonly outputs?: readonly string[];
    readonly drop?: readonly string[];
    readonly add?: Attributes;
  }): void {
    const { node } = this;
    const kept = Object.entries(node.attributes).filter(([name]) => !changes.drop?.includes(name));
    this.#sheet.emit({
      ...node,
      domain: "",
      operator: changes.operator ?? node.operator,
      inputs: withoutTrailingGaps(changes.inputs ?? node.inputs),
      outputs: changes.outputs ?? node.outputs,
      attributes: { ...Object.fromEntries(kept), ...toAttributes(changes.add ?? {}) },
    });
  }

  /** A new node with one output, which is returned; `output` is its name if it must have an old one. */
  add(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    output?: string,
  ): string {
    const value = output ?? this.#sheet.uniqueName(`${this.node.name}/${operator}`);
    this.addAll(operator, inputs, [value], attributes);
    return value;
  }

  /** A new node with several outputs. The one that makes the old node's first output keeps its name. */
  addAll(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Attributes = {},
  ): void {
    const isLast = outputs[0] === this.node.outputs[0];
    this.#sheet.emit({
      name: isLast ? this.node.name : this.#sheet.uniqueName(`${this.node.name}/${operator}/node`),
      operator,
      domain: "",
      inputs: withoutTrailingGaps(inputs),
      outputs: withoutTrailingGaps(outputs),
      attributes: toAttributes(attributes),
    });
  }

  /** A name for a new value. */
  uniqueName(hint: string): string {
    return this.#sheet.uniqueName(`${this.node.name}/${hint}`);
  }

  /** A one-dimensional int64 constant. */
  ints(values: readonly number[]): string {
    return this.constant(tensorOf("int64", [values.length], values));
  }

  /** A scalar int64 constant. */
  int(value: number): string {
    return this.constant(tensorOf("int64", [], [value]));
  }

  /** A scalar of the element type that `like` has. */
  number(value: number, like: string): string {
    const { type } = this.#sheet.factsOf(like);
    if (type !== undefined && !["float16", "bfloat16", "string"].includes(type)) {
      return this.constant(tensorOf(type as "float32", [], [value]));
    }
    const exact = this.constant(tensorOf("float32", [], [value]));
    if (type === undefined) return this.add("CastLike", [exact, like]);
    return this.add("Cast", [exact], { to: castCodes[type] });
  }

  constant(value: Tensor): string {
    const name = this.#sheet.uniqueName(`${this.node.name}/constant`);
    this.#sheet.setConstant(name, value);
    return name;
  }

  /** The constant that a value is, if it is one. */
  constantOf(name: string): Tensor | undefined {
    return this.#sheet.constantOf(name);
  }

  /** What is known of a value before shapes are. */
  factsOf(name: string): Facts {
    return this.#sheet.factsOf(name);
  }

  #error(what: string): LimpidError {
    return new LimpidError(
      "bad-file",
      `${this.node.operator} "${this.node.name}": ${what}. export the model again.`,
    );
  }
}
