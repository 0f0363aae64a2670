/** @file Two forms of one network while it is drawn: in an opset from 1 to 6, and in opset 13. */
import type { AttributeInput } from "../src/graph/attributes.ts";
import type { Attribute } from "../src/graph/graph.ts";
import { tensor, type Tensor } from "../src/graph/tensor.ts";
import type { RandomStream } from "../src/random.ts";
import type { NodeRow } from "./old-model.ts";

export type Attributes = Readonly<Record<string, AttributeInput | Attribute>>;

/** One form of a node that reads the value at hand: its operator if it is another, its further inputs, its attributes. */
interface Form {
  readonly operator?: string;
  readonly inputs?: readonly Tensor[];
  readonly attributes?: Attributes;
}

/** Both forms of one network while it is drawn; `value` is [batch, channels, height, width] until the head. */
export class Drawing {
  readonly opset: number;
  readonly random: RandomStream;
  readonly nodes: { old: NodeRow[]; modern: NodeRow[] } = { old: [], modern: [] };
  readonly constants: Record<string, Tensor> = {};
  dims: readonly number[];
  value = "x";
  #count = 0;

  constructor(opset: number, random: RandomStream, dims: readonly number[]) {
    this.opset = opset;
    this.random = random;
    this.dims = dims;
  }

  get channels(): number {
    return this.dims[1]!;
  }

  name(): string {
    this.#count += 1;
    return `v${this.#count}`;
  }

  numbers(dims: readonly number[], low = -1, high = 1): Tensor {
    const count = dims.reduce((product, dim) => product * dim, 1);
    const values = Float32Array.from({ length: count }, () => this.random.between(low, high));
    return tensor("float32", dims, values);
  }

  constant(value: Tensor): string {
    const name = this.name();
    this.constants[name] = value;
    return name;
  }

  oneOf<T>(...choices: readonly T[]): T {
    return choices[Math.floor(this.random.between(0, choices.length))]!;
  }

  /** A node in both forms; `dims` are those of what it makes. */
  step(operator: string, old: Form, modern: Form = old, dims = this.dims): void {
    const output = this.name();
    for (const [opset, form] of [
      ["old", old],
      ["modern", modern],
    ] as const) {
      const further = (form.inputs ?? []).map((value) => this.constant(value));
      const inputs = [this.value, ...further];
      this.nodes[opset].push([form.operator ?? operator, inputs, [output], form.attributes ?? {}]);
    }
    this.value = output;
    this.dims = dims;
  }

  /** What opsets before 6 could say, and had no effect. */
  consumed(): Attributes {
    return this.opset < 6 && this.random.between(0, 1) < 0.5 ? { consumed_inputs: [0, 0] } : {};
  }
}
