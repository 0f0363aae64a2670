/** @file Writes exported programs node by node, with the sizes of all values, as torch.export traces them. */
import type { Tensor } from "../../src/graph/tensor.ts";
import {
  tensorArgument,
  type WeightKind,
  type WrittenArgument,
  type WrittenProgram,
  type WrittenSize,
  type WrittenValue,
} from "./program.ts";

/** What is written as an argument: names of tensors are wrapped in `ref`. */
export type Given =
  number | boolean | string | null | readonly number[] | Reference | readonly Reference[];

export class Reference {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export class ProgramWriter {
  readonly #inputs: string[] = [];
  readonly #outputs: string[] = [];
  readonly #weights: Record<string, WrittenProgram["weights"][string]> = {};
  readonly #nodes: WrittenProgram["nodes"][number][] = [];
  readonly #values: Record<string, WrittenValue> = {};
  readonly #counts = new Map<string, number>();

  input(name: string, sizes: readonly WrittenSize[], type = "float32"): Reference {
    this.#inputs.push(name);
    this.#values[name] = { type, sizes };
    return new Reference(name);
  }

  weight(name: string, tensor: Tensor, kind: WeightKind = "parameter"): Reference {
    const prefix = { parameter: "p", buffer: "b", tensor_constant: "c" }[kind];
    const own = `${prefix}_${name.replaceAll(".", "_")}`;
    this.#weights[own] = { name, kind, tensor };
    return new Reference(own);
  }

  /** A node of `torch.ops.aten` with one value. */
  node(
    target: string,
    inputs: Readonly<Record<string, Given>>,
    sizes: readonly WrittenSize[],
    module = "",
    type = "float32",
  ): Reference {
    const hint = target.split(".")[0]!;
    const count = this.#counts.get(hint) ?? 0;
    this.#counts.set(hint, count + 1);
    const name = count === 0 ? hint : `${hint}_${count}`;
    const given = Object.entries(inputs).map(([key, value]) => [key, argument(value)] as const);
    this.#values[name] = { type, sizes };
    const full = target.startsWith("torch.") ? target : `torch.ops.aten.${target}`;
    this.#nodes.push({ target: full, inputs: given, outputs: [tensorArgument(name)], module });
    return new Reference(name);
  }

  output(value: Reference): void {
    this.#outputs.push(value.name);
  }

  program(): WrittenProgram {
    return {
      inputs: this.#inputs,
      outputs: this.#outputs,
      weights: this.#weights,
      nodes: this.#nodes,
      values: this.#values,
    };
  }
}

function argument(value: Given): WrittenArgument {
  if (value === null) return { as_none: true };
  if (value instanceof Reference) return tensorArgument(value.name);
  if (typeof value === "boolean") return { as_bool: value };
  if (typeof value === "string") return { as_string: value };
  if (typeof value === "number")
    return Number.isInteger(value) ? { as_int: value } : { as_float: value };
  if (value[0] instanceof Reference)
    return { as_tensors: value.map((each) => ({ name: (each as Reference).name })) };
  return { as_ints: value };
}
