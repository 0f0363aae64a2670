/** @file Convolutions that scale, shift and move each channel by itself, and their constants. */
import { toAttributes } from "../graph/attributes.ts";
import type { Node } from "../graph/graph.ts";
import { elementCount, tensorOf, type Tensor } from "../graph/tensor.ts";
import type { Move } from "./blocked-moves.ts";
import { freeName } from "../graph/free-name.ts";

const inPlace: Move = { kernel: [1, 1], place: [0, 0], strides: [1, 1], pads: [0, 0, 0, 0] };

/** Makes such nodes; their weights go to `constants`, all names to `names`. */
export class DepthwiseConvolutions {
  readonly #constants: Map<string, Tensor>;
  readonly #names: Set<string>;
  readonly #known = new Map<string, string>();

  constructor(constants: Map<string, Tensor>, names: Set<string>) {
    this.#constants = constants;
    this.#names = names;
  }

  /** a v + c of a value [N, channels, H, W], moved. */
  node(
    value: string,
    channels: number,
    [a, c]: readonly [number, number],
    { kernel, place, strides, pads }: Move = inPlace,
  ): Node {
    const name = freeName(`${value}/affine`, this.#names);
    const weights = this.#kernels([channels, 1, ...kernel], place, a);
    return {
      name,
      operator: "Conv",
      domain: "",
      inputs: [value, weights, this.#kernels([channels], [], c)],
      outputs: [name],
      attributes: toAttributes({ kernel_shape: kernel, strides, pads, group: channels }),
    };
  }

  /** For each channel of the shape [channels, 1, ...kernel] a number at one place, 0 elsewhere; equal ones are shared. */
  #kernels(
    dims: readonly number[],
    [row = 0, column = 0]: readonly number[],
    value: number,
  ): string {
    const key = `${dims.join()}:${row},${column}:${value}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = freeName(`constant/blocked/${key}`, this.#names);
    this.#known.set(key, name);
    const at = row * (dims[3] ?? 1) + column;
    const kernel = Array<number>(elementCount(dims.slice(2)))
      .fill(0)
      .with(at, value);
    const numbers = Array.from({ length: dims[0]! }, () => kernel).flat();
    this.#constants.set(name, tensorOf("float32", dims, numbers));
    return name;
  }
}
