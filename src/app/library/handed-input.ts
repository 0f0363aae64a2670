/** @file What programs hand in to be read: looked at before anything is made of it, since types bind no one at run time. */
import { LimpidError } from "../../errors.ts";
import { arrayType, elementCount, formatShape, type Tensor } from "../../graph/tensor.ts";
import type { PixelRange } from "../../image/file-numbers.ts";
import { picture, type DecodedPicture, type Picture } from "../../image/picture.ts";
import type { GivenInput } from "../given-inputs.ts";
import { heldFile, isHanded, pathOf, type AnyBlob, type HandedFile } from "../handed-file.ts";
import type { InputFile } from "../input-file.ts";
import type { ReadInput } from "./input.ts";

/** Interleaved 8-bit pixels: `Picture` with either of the arrays that programs have them in. */
interface Pixels extends Omit<Picture, "data"> {
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** The pixels of a canvas, as `ImageData` has them. */
interface CanvasPixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/**
 * The path of a picture or an .npy file; such a file in hand, as a `File`, a `Blob`, or contents with a name; pixels; or a
 * tensor in the axes of the model's file and the network's own range.
 */
export type NetInput = string | HandedFile | AnyBlob | Pixels | CanvasPixels | Tensor;

/** Reads a picture file's bytes; `name` is for messages. */
export type DecodePicture = (
  bytes: Uint8Array,
  name: string,
  range?: PixelRange,
) => Promise<DecodedPicture>;

/** What is handed in for: its name in messages, and that of a file without one. */
interface Purpose {
  readonly where: string;
  readonly unnamed: string;
}

/** The things that calls are handed. */
export const purposes = {
  input: { where: "input", unnamed: "picture" },
  mask: { where: "mask", unnamed: "the mask" },
  reference: { where: "reference", unnamed: "the reference" },
} as const satisfies Record<string, Purpose>;

/**
 * What was handed in, as it is read: pixels and tensors are copied, so that they are those of the time of the call.
 * Throws `bad-option` for all that is no `NetInput`, and `shape-mismatch` for numbers that do not fill their shape.
 */
export function handedInput(given: unknown, purpose: Purpose, decode: DecodePicture): ReadInput {
  const { where, unnamed } = purpose;
  if (typeof given === "string" && given !== "") return given;
  if (typeof given !== "object" || given === null) throw noInput(where, shown(given));
  if ("then" in given) throw noInput(where, "a Promise", "await it first");
  if (isOfNumbers(given)) return handedNumbers(given, where);
  if (isHanded(given)) return fileOf(pathOf(given as HandedFile), given as HandedFile, decode);
  if (tagOf(given) === "Blob" && "arrayBuffer" in given) {
    return fileOf(unnamed, { name: unnamed, data: given as AnyBlob }, decode);
  }
  throw noInput(where, ...strange(given));
}

/** Whether it is to be pixels or a tensor, which may have a name, too. */
function isOfNumbers(given: object): boolean {
  return "dims" in given || "widthPx" in given || ("width" in given && "height" in given);
}

/** Pixels or a tensor that was handed in. Throws as `handedInput`. */
function handedNumbers(given: object, where: string): Picture | Tensor {
  const parts = given as Readonly<Record<string, unknown>>;
  if ("dims" in given) return tensorOf(parts, where);
  if ("widthPx" in given) return pixelsOf(parts, where);
  return canvasPixels(parts, where);
}

/** What other inputs of a network are given, by name: pixels and tensors are looked at as those of calls are. */
export function handedInputs(given: OpenInputs): OpenInputs {
  const entries = Object.entries(given).map(([name, value]: [string, unknown]) => {
    const where = `inputs: "${name}"`;
    const isList = Array.isArray(value) && value.every((each) => typeof each === "number");
    if (isList || typeof value === "number" || typeof value === "string") return [name, value];
    if (typeof value === "object" && value !== null && isOfNumbers(value)) {
      return [name, handedNumbers(value, where)];
    }
    throw noOtherInput(where, value);
  });
  return Object.fromEntries(entries) as OpenInputs;
}

type OpenInputs = Readonly<Record<string, GivenInput>>;

function noOtherInput(where: string, value: unknown): LimpidError {
  return new LimpidError(
    "bad-option",
    `${where}: it must be a number, a list of numbers, a path, pixels or a tensor, got ${shown(value)}. give one of these.`,
  );
}

function fileOf(name: string, file: HandedFile, decode: DecodePicture): InputFile {
  const held = heldFile(file);
  const readBytes = () => held.read(0, held.size);
  return {
    name,
    readBytes,
    readPicture: async (range) => decode(await readBytes(), name, range),
  };
}

type Parts = Readonly<Record<string, unknown>>;

function tensorOf({ type, dims, data }: Parts, where: string): Tensor {
  const isShape = Array.isArray(dims) && dims.every((size) => Number.isInteger(size) && size >= 0);
  if (!isShape) throw noTensor(where, `dims ${shown(dims)}`);
  const array = arrayNamed(type);
  if (!array) throw noTensor(where, `type ${shown(type)}`);
  if (tagOf(data) !== array)
    throw noTensor(where, `data that is ${shown(data)} of type ${shown(type)}`);
  const numbers = data as Float32Array;
  const shape: readonly number[] = dims;
  if (numbers.length !== elementCount(shape)) {
    throw new LimpidError(
      "shape-mismatch",
      `${where}: a tensor ${formatShape(shape)} needs ${elementCount(shape)} elements, got ${numbers.length}. give data of its shape.`,
    );
  }
  return { type: type as "float32", dims: [...shape], data: numbers.slice() };
}

/** The name of the array that holds a type's numbers; undefined for what is no type of numbers. */
function arrayNamed(type: unknown): string | undefined {
  return typeof type === "string" ? arrayType(type as "float32")?.name : undefined;
}

function pixelsOf({ widthPx, heightPx, channels, data }: Parts, where: string): Picture {
  const isWhole = [widthPx, heightPx].every((side) => Number.isInteger(side) && Number(side) > 0);
  if (!isWhole) throw noPixels(where, `${shown(widthPx)} x ${shown(heightPx)} pixels`);
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw noPixels(where, `channels: ${shown(channels)}`);
  }
  const [width, height] = [Number(widthPx), Number(heightPx)];
  const bytes = bytesOf(data, where);
  const needed = width * height * channels;
  if (bytes.length !== needed) {
    throw new LimpidError(
      "shape-mismatch",
      `${where}: ${width} x ${height} pixels of ${channels === 1 ? "1 channel" : `${channels} channels`} need ${needed} bytes, got ${bytes.length}. give the sides and channels of the data.`,
    );
  }
  return picture(width, height, channels, bytes);
}

function canvasPixels({ width, height, data, colorSpace = "srgb" }: Parts, where: string): Picture {
  if (colorSpace !== "srgb") {
    throw new LimpidError(
      "bad-option",
      `${where}: pixels of a canvas must be of the colour space srgb, got ${shown(colorSpace)}. call getImageData with { colorSpace: "srgb" }.`,
    );
  }
  return pixelsOf({ widthPx: width, heightPx: height, channels: 4, data }, where);
}

function bytesOf(data: unknown, where: string): Uint8Array {
  const tag = tagOf(data);
  if (tag === "Uint8Array" || tag === "Uint8ClampedArray")
    return Uint8Array.from(data as Uint8Array);
  const isFloat = tag.startsWith("Float");
  throw noPixels(
    where,
    `data that is ${shown(data)}`,
    isFloat
      ? "multiply numbers from 0 to 1 by 255, or give a tensor { type, dims, data }"
      : undefined,
  );
}

const forms =
  "a path, a File or Blob, contents with a name, pixels { widthPx, heightPx, channels, data } or a tensor { type, dims, data }";

function noInput(where: string, got: string, remedy = "give one of these"): LimpidError {
  return new LimpidError("bad-option", `${where}: it must be ${forms}, got ${got}. ${remedy}.`);
}

function noTensor(where: string, got: string): LimpidError {
  return new LimpidError(
    "bad-option",
    `${where}: a tensor must be { type, dims, data } with whole dims and the typed array of its type, got ${got}. make it by tensor().`,
  );
}

function noPixels(where: string, got: string, remedy?: string): LimpidError {
  return new LimpidError(
    "bad-option",
    `${where}: pixels must be whole widthPx and heightPx above 0, channels 1, 3 or 4, and data of bytes from 0 to 255, got ${got}. ${remedy ?? "give pixels as a Uint8Array"}.`,
  );
}

/** An object that is none of the forms, and what to do. */
function strange(given: object): readonly [string, string?] {
  const tag = tagOf(given);
  if (tag === "ArrayBuffer" || (ArrayBuffer.isView(given) && tag.startsWith("Uint8"))) {
    return ["bytes without a name", 'give { name: "photo.jpg", data }'];
  }
  if (tag === "URL") return ["a URL", "give its path as text"];
  return [shown(given)];
}

/** What an array, a file or another object says that it is. */
function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (typeof value !== "object" || value === null) return String(value).slice(0, 40);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  const keys = Object.keys(value).slice(0, 4);
  const tag = tagOf(value);
  if (tag !== "Object") return `a ${tag}`;
  return keys.length === 0 ? "an empty object" : `an object of ${keys.join(", ")}`;
}
