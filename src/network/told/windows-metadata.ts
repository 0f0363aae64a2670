/**
 * @file The metadata of pictures that ONNX itself defines and Windows ML reads: Image.BitmapPixelFormat,
 * Image.NominalPixelRange, Image.ColorSpaceGamma (onnx/docs/MetadataProps.md).
 */
import type { Graph } from "../../graph/graph.ts";
import { preprocessings, type Preprocessing } from "../../image/preprocess.ts";
import { plain } from "./plain-name.ts";
import type { Told } from "./told-preprocessing.ts";

type Arithmetic = Pick<Preprocessing, "scale" | "mean" | "std">;

/** By the name without signs, in small letters. */
const ranges: Readonly<Record<string, Arithmetic>> = {
  nominalrange0255: { scale: 1, mean: [0], std: [1] },
  normalized01: { scale: 1 / 255, mean: [0], std: [1] },
  normalized11: { scale: 1 / 127.5, mean: [1], std: [1] },
  nominalrange16235: { scale: 219 / 255, mean: [-16], std: [1] },
};

const formats: Readonly<Record<string, Preprocessing["channels"]>> = {
  rgb8: "rgb",
  rgba8: "rgb",
  bgr8: "bgr",
  bgra8: "bgr",
  gray8: "grey",
  grey8: "grey",
  gray16: "grey",
  grey16: "grey",
};

function known<T>(table: Readonly<Record<string, T>>, text: string): T | undefined {
  const name = plain(text);
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** What the metadata says of the input's pixels. */
export function windowsPreprocessing({ metadata }: Graph): Told {
  const told = new Map([...metadata].map(([key, value]) => [plain(key), value]));
  const format = told.get("imagebitmappixelformat");
  const range = told.get("imagenominalpixelrange");
  const gamma = told.get("imagecolorspacegamma");
  if (format === undefined && range === undefined) return undefined;
  const channels = format === undefined ? "rgb" : known(formats, format);
  const arithmetic = range === undefined ? ranges["nominalrange0255"] : known(ranges, range);
  const words = [format, range].filter((word) => word !== undefined).join(", ");
  if (!channels || !arithmetic) {
    return { refused: `its metadata says "${words}" of its pictures, which nobody defines` };
  }
  const doubts = [
    ...(format === undefined ? ["the order of colours is not told, RGB is assumed"] : []),
    ...(range === undefined ? ["the range is not told, 0 to 255 is assumed"] : []),
    ...(gamma !== undefined && plain(gamma) === "linear"
      ? ["it asks for linear light, and gets the pictures' own sRGB"]
      : []),
  ];
  const how = { ...preprocessings.none, ...arithmetic, channels, name: words };
  return { how, from: `its metadata (${words})`, about: "input", doubts };
}
