/** @file Numbers of files and arrays of any type as the floats that a network is fed here. */
import { LimpidError } from "../errors.ts";
import type { InputPart } from "../graph/input-parts.ts";
import { formatShape, tensor, toFloat32, toNumbers, type Tensor } from "../graph/tensor.ts";
import { extremes } from "../attribution/heatmap.ts";
import { formatPlain } from "../wording/numbers.ts";
import { say, type Message } from "../wording/face.ts";

/** An array as floats, and what is to be told of it. */
export interface FloatValue {
  readonly value: Tensor;
  readonly note?: Message;
}

/** The least and the largest number of each type of whole numbers that a network may take. */
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  bool: [0, 1],
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65_535],
  int16: [-32_768, 32_767],
  uint32: [0, 2 ** 32 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
};

/** Whole numbers from here on are no longer told apart as float32. */
const mostExact = 2 ** 24;

/**
 * An array of any real type as float32, for an input. Whole numbers are taken where they fit the input: those of
 * floats where float32 has them, and of whole numbers where its own type has them. That whole numbers are fed to an input of
 * floats is told. Throws `bad-file` for text and for numbers that do not fit.
 */
export function floatValue(
  value: Tensor,
  { type = "float32" }: InputPart,
  name: string,
): FloatValue {
  if (value.type === "float32") return { value };
  if (value.type === "string") throw unfit(value, name, "hold real numbers", "text");
  const data = toFloat32(value);
  const floats = tensor("float32", value.dims, data);
  if (/^b?float/.test(value.type)) return { value: floats };
  const { min, max } = extremes(data);
  const range = `${formatPlain(min)} to ${formatPlain(max)}`;
  const [least, most] = ranges[type] ?? [-mostExact, mostExact];
  const isExact = toNumbers(value).every((number, i) => number === data[i]);
  if (!isExact || min < least || max > most) {
    const what = ranges[type] ? type : "float32";
    throw unfit(value, name, `hold numbers that ${what} has`, range);
  }
  if (ranges[type] || data.length === 0) return { value: floats };
  return {
    value: floats,
    note: say`the ${value.type} numbers of "${name}", ${range}, are fed as they are`,
  };
}

function unfit({ type, dims }: Tensor, name: string, must: string, got: string): LimpidError {
  return new LimpidError(
    "bad-file",
    `read: "${name}" must ${must}, got ${got} in ${type} ${formatShape(dims)}. scale it and save it as float32.`,
  );
}
