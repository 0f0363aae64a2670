/** @file What a gradient rule is: from a node and the gradient of its outputs to the gradients of its inputs. */
import { LimpidError } from "../errors.ts";
import { AttributeReader } from "../graph/attributes.ts";
import type { GraphBuilder, Value } from "../graph/builder.ts";
import type { Node } from "../graph/graph.ts";

/**
 * Adds the nodes that compute the input gradients of one node and returns one entry an input, `null`
 * where no gradient flows; trailing entries may be left out. A returned gradient may have the shape of
 * the input or any shape that the input was broadcast to: the walk sums it back. Only standard
 * operators may be emitted.
 */
export type GradientRule = (n: NodeView, b: GraphBuilder) => readonly (Value | null)[];

/** Rules by operator name. */
export type RuleTable = Readonly<Record<string, GradientRule>>;

/** What a rule sees of its node. */
export class NodeView extends AttributeReader {
  readonly node: Node;
  readonly #builder: GraphBuilder;
  readonly #gradients: readonly (Value | undefined)[];
  readonly #needed: ReadonlySet<string>;
  /** True if a gradient of an output can be infinite; 0 times it is no number. */
  readonly mayOverflow: boolean;
  readonly #passable: ReadonlyMap<string, Node>;

  constructor(
    node: Node,
    builder: GraphBuilder,
    gradients: readonly (Value | undefined)[],
    needed: ReadonlySet<string>,
    mayOverflow = true,
    passable: ReadonlyMap<string, Node> = new Map(),
  ) {
    super(node);
    this.node = node;
    this.#builder = builder;
    this.#gradients = gradients;
    this.#needed = needed;
    this.mayOverflow = mayOverflow;
    this.#passable = passable;
  }

  get inputCount(): number {
    return this.node.inputs.length;
  }

  get outputCount(): number {
    return this.node.outputs.length;
  }

  /** True if input `i` was given (optional inputs may be left out). */
  hasIn(i: number): boolean {
    return Boolean(this.node.inputs[i]);
  }

  /** Input `i`. Throws `internal` if it was left out. */
  in(i: number): Value {
    const name = this.node.inputs[i];
    if (!name) throw this.#internal(`input ${i} was left out`);
    return this.#builder.value(name);
  }

  /** Output `i`, as the forward pass computed it. */
  out(i: number): Value {
    const name = this.node.outputs[i];
    if (!name) throw this.#internal(`output ${i} was left out`);
    return this.#builder.value(name);
  }

  /** True if a gradient reaches output `i`. */
  hasGrad(i: number): boolean {
    return this.#gradients[i] !== undefined;
  }

  /**
   * The gradient of output `i`, in its shape; zeros if none reaches it. It has the type of the output, or
   * is a float where the output is quantised.
   */
  grad(i: number): Value {
    const known = this.#gradients[i];
    if (known) return known;
    const { dims, type } = this.out(i);
    return this.#builder.fill(dims, 0, type.includes("float") ? type : "float32");
  }

  /** True if the gradient of input `i` is wanted; a rule should not build the others. */
  needs(i: number): boolean {
    const name = this.node.inputs[i];
    return name !== undefined && this.#needed.has(name);
  }

  /**
   * The node that makes a value, where a rule of what reads it may differentiate through it and give what it reads all of
   * the gradient at once: its own rule is the usual one, nothing else reads it on the way of the gradient, and nobody
   * asked for the gradient between the two.
   */
  through(value: string): Node | undefined {
    return this.#passable.get(value);
  }

  /** The numbers of input `i` if it is a constant, else undefined. */
  constant(i: number): readonly number[] | undefined {
    if (!this.hasIn(i)) return undefined;
    return this.#builder.numbersOf(this.in(i));
  }

  /** As `constant`, for inputs that a rule cannot do without. Throws `unsupported-operator` if it is computed. */
  requireConstant(i: number, what: string): readonly number[] {
    const known = this.constant(i);
    if (known) return known;
    throw new LimpidError(
      "unsupported-operator",
      `differentiate: ${this.node.operator} "${this.node.name}" must have constant ${what}, got one that depends on the input. fix the input size and export the model again.`,
    );
  }

  #internal(what: string): LimpidError {
    return new LimpidError(
      "internal",
      `internal: ${this.node.operator} "${this.node.name}": ${what}`,
    );
  }
}
