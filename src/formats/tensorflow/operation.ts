/** @file An operation as a row of the table sees it: what it reads, how it is set, and where its result goes. */
import type { LimpidError } from "../../errors.ts";
import type { GraphBuilder } from "../../graph/builder.ts";
import { elementCount, toNumbers, type Tensor } from "../../graph/tensor.ts";
import type { NhwcValue } from "../channels-last/nhwc-value.ts";
import { shownText } from "../../wording/shown-text.ts";
import {
  badGraph,
  type AttributeKinds,
  type AttributeValue,
  type NodeDescription,
} from "./description.ts";
import { isConstant, isDead, sampleOf, type Constant, type Operand } from "./operand.ts";
import type { ProbeShapes } from "./probe-shapes.ts";

/** What a row needs besides the node itself. */
export interface Surroundings {
  readonly b: GraphBuilder;
  readonly probes: ProbeShapes;
  /** A constant as a value of the graph, by the name of the node that it comes from. */
  lift(constant: Constant, name: string): NhwcValue;
  /** Tells the user in a sentence what reading changed; the same one is told once. */
  note(sentence: string): void;
  /** Whether the value is one of the model's outputs. */
  readonly isOutput: boolean;
}

/** One node with its inputs. Every reader of it throws `bad-file` with the node's name. */
export class Operation {
  readonly b: GraphBuilder;
  readonly name: string;
  readonly op: string;
  readonly probes: ProbeShapes;
  readonly isOutput: boolean;
  readonly inputs: readonly Operand[];
  readonly #node: NodeDescription;
  readonly #lift: Surroundings["lift"];
  readonly note: Surroundings["note"];

  constructor(node: NodeDescription, inputs: readonly Operand[], around: Surroundings) {
    this.b = around.b;
    this.name = node.name;
    this.op = node.op;
    this.probes = around.probes;
    this.isOutput = around.isOutput;
    this.inputs = inputs;
    this.#node = node;
    this.#lift = around.lift;
    this.note = around.note;
  }

  /** A refusal that names the node. */
  refused(what: string, advice?: string): LimpidError {
    return badGraph(`${this.op} "${shownText(this.name)}" ${what}`, advice);
  }

  /** Input `i`, which must be there. */
  input(i: number): Operand {
    const input = this.inputs[i];
    if (!input) throw this.refused(`must read ${i + 1} values, got ${this.inputs.length}`);
    return input;
  }

  /** Input `i` as a value of the graph. */
  x(i: number): NhwcValue {
    const input = this.input(i);
    if (isDead(input)) throw this.refused("must not read a branch that is never taken");
    if (!isConstant(input)) return input;
    return this.#lift(input, this.#node.inputs[i]!.node);
  }

  /** The numbers of input `i`, which must be known at reading and hold for every size. */
  constant(i: number): Tensor {
    const input = this.input(i);
    if (!isConstant(input)) {
      throw this.refused(`must have its input ${i} stored in the file, got one that is computed`);
    }
    if (input.samples.length > 1) {
      throw this.refused(
        `must not depend on sizes that the model leaves open, got so in its input ${i}`,
        "export it at a fixed input size",
      );
    }
    return input.samples[0];
  }

  /** The numbers of a constant input as a plain list. */
  numbers(i: number): readonly number[] {
    return this.#listed(this.constant(i), i);
  }

  /** The numbers of a constant input at each of several sizes of open axes. */
  numbersAt(i: number, count: number): readonly (readonly number[])[] {
    const input = this.input(i);
    if (!isConstant(input)) {
      throw this.refused(
        `must have input ${i} known when the model is read, got one that is computed`,
        "export it at a fixed input size",
      );
    }
    return Array.from({ length: count }, (_, size) => this.#listed(sampleOf(input, size), i));
  }

  #listed(value: Tensor, i: number): readonly number[] {
    if (value.type !== "string" && elementCount(value.dims) <= mostListed) return toNumbers(value);
    throw this.refused(`must have a list of numbers as input ${i}, got another`);
  }

  /** One number of a constant input. */
  number(i: number): number {
    const [only] = this.numbers(i);
    if (only === undefined) throw this.refused(`must have a number as input ${i}, got none`);
    return only;
  }

  /** An attribute as it is stored; undefined if it is left out. */
  attribute<K extends keyof AttributeKinds>(name: string, kind: K): AttributeKinds[K] | undefined {
    const found = this.#node.attributes.get(name);
    if (!found) return undefined;
    // An empty list says nothing of what it would hold.
    if (isEmptyList(found) && kind === "texts") return undefined;
    if (found.kind !== kind) {
      throw this.refused(`must have "${name}" as ${kind}, got ${found.kind}`);
    }
    return found.value as AttributeKinds[K];
  }

  text(name: string, usual: string): string {
    return this.attribute(name, "text") ?? usual;
  }

  value(name: string, usual: number): number {
    return this.attribute(name, "number") ?? usual;
  }

  truth(name: string, usual = false): boolean {
    return this.attribute(name, "truth") ?? usual;
  }

  values(name: string): readonly number[] | undefined {
    return this.attribute(name, "numbers");
  }
}

/** Sizes, axes and borders are few. */
const mostListed = 2 ** 16;

function isEmptyList(found: AttributeValue): boolean {
  return found.kind === "numbers" && found.value.length === 0;
}
