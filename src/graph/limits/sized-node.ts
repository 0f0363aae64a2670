/** @file What rules about sizes see of a node: its attributes, and what is known of its inputs. */
import { LimpidError } from "../../errors.ts";
import { AttributeReader } from "../attributes.ts";
import type { Node } from "../graph.ts";
import { elementCount } from "../tensor.ts";
import { isFixed, mostNumbers, type Known, type KnownValues } from "./known-values.ts";

/** Thrown inside the walk: only a run tells the value, and it can be run alone. */
export class NeedsRun extends Error {
  readonly value: string;

  constructor(value: string) {
    super(value);
    this.value = value;
  }
}

/** Thrown inside the walk: a size depends on something that is not known, and that is no harm. */
export class NotKnown extends Error {}

/** A node among values of which something is known. */
export class SizedNode {
  readonly node: Node;
  readonly attributes: AttributeReader;
  readonly #values: KnownValues;
  readonly #reads: readonly string[];

  /** `reads` are the values that the node and the graphs inside it read. */
  constructor(node: Node, values: KnownValues, reads: readonly string[]) {
    this.node = node;
    this.attributes = new AttributeReader(node);
    this.#values = values;
    this.#reads = reads;
  }

  has(i: number): boolean {
    return (this.node.inputs[i] ?? "") !== "";
  }

  known(i: number): Known | undefined {
    return this.has(i) ? this.#values.of(this.node.inputs[i]!) : undefined;
  }

  dims(i: number): readonly number[] | undefined {
    return this.known(i)?.dims;
  }

  /** Elements of an input, if its sizes are known. */
  count(i: number): number | undefined {
    const dims = this.dims(i);
    return dims && elementCount(dims);
  }

  /** The numbers of an input, if they are known. */
  numbers(i: number): readonly number[] | undefined {
    return this.has(i) ? this.#values.numbersOf(this.node.inputs[i]!) : undefined;
  }

  /** The numbers of an input that has but a few, if they are known. */
  few(i: number): readonly number[] | undefined {
    const count = this.count(i);
    return count !== undefined && count <= mostNumbers ? this.numbers(i) : undefined;
  }

  /** Whether the numbers that are fed, or chance, decide about any input, those of graphs inside it too. */
  get varies(): boolean {
    return this.#reads.some((name) => this.#values.of(name).varies);
  }

  /** Whether nothing that is fed decides about any input. */
  get isFixed(): boolean {
    return this.#reads.every((name) => isFixed(this.#values.of(name)));
  }

  /** `Resize "name": what must hold, got value. what to do.` */
  refusal(must: string, got: string, advice = "export the model again"): LimpidError {
    const { operator, name } = this.node;
    return new LimpidError("bad-file", `${operator} "${name}": ${must}, got ${got}. ${advice}.`);
  }
}
