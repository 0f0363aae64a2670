/** @file What a layer of the reference is, and how it is set. */
import { permuted, type Numbers } from "./numbers.ts";

/** Fields of a layer's configuration. */
export type Config = Readonly<Record<string, unknown>>;

/** A call of a layer. */
export interface MakerCall {
  readonly config: Config;
  readonly inputs: readonly Numbers[];
  /** By the names that Keras gives them. */
  readonly weights: Readonly<Record<string, Numbers>>;
  readonly isKeras3: boolean;
}

export type MakerLayer = (call: MakerCall) => Numbers;

/** A number for each axis. */
export const list = (value: unknown, axes: number, usual: number): readonly number[] =>
  Array.isArray(value) ? (value as number[]) : Array<number>(axes).fill((value as number) ?? usual);

const firstToLast = (rank: number) => [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
const lastToFirst = (rank: number) => [
  0,
  rank - 1,
  ...Array.from({ length: rank - 2 }, (_, i) => i + 1),
];

/** With channels last, whatever the configuration says. */
export function inFormat(call: MakerCall, layer: (x: Numbers) => Numbers): Numbers {
  const [x] = call.inputs as [Numbers];
  if (call.config["data_format"] !== "channels_first") return layer(x);
  const result = layer(permuted(x, firstToLast(x.dims.length)));
  return result.dims.length < 3 ? result : permuted(result, lastToFirst(result.dims.length));
}
