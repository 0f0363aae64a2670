/** @file Numbers of a layer, from its weights or its configuration, that are broadcast against its values. */
import { tensorOf, type Tensor } from "../../../graph/tensor.ts";
import { heldLast, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { isObject } from "../layer-config.ts";
import type { LayerCall } from "./layer-kind.ts";

/** Numbers in lists, as they stand in a configuration. */
export interface ListedNumbers {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

/** A constant in the maker's order. */
export function constant({ b, name }: LayerCall, called: string, value: Tensor): NhwcValue {
  return heldLast(b.initializer(`${name}/${called}`, value));
}

/** Listed numbers as a constant; a number alone has no axes. */
export function listedConstant(
  call: LayerCall,
  called: string,
  { dims, data }: ListedNumbers,
): NhwcValue {
  if (dims.length === 0) return heldLast(call.b.scalar(data[0]!));
  return constant(call, called, tensorOf("float32", dims, data));
}

const mostNumbers = 2 ** 20;

/** A number, or numbers in lists that are equally long; undefined for anything else. Also as Keras 3 marks arrays. */
export function listedNumbers(value: unknown): ListedNumbers | undefined {
  if (typeof value === "number") return { dims: [], data: [value] };
  if (isObject(value)) {
    const { class_name: className, config } = value;
    const isArray = className === "__numpy__" || className === "__tensor__";
    return isArray && isObject(config) ? listedNumbers(config["value"]) : undefined;
  }
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const parts = value.map(listedNumbers);
  const [first] = parts;
  const data: number[] = [];
  for (const part of parts) {
    if (!first || !part || String(part.dims) !== String(first.dims)) return undefined;
    if (data.length + part.data.length > mostNumbers) return undefined;
    for (const number of part.data) data.push(number);
  }
  return { dims: [value.length, ...first!.dims], data };
}
