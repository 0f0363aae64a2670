/** @file THE table of formats that models are read from, and opening a model by its first bytes. */
import { LimpidError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { fileKindOf } from "./file-kind.ts";
import { openOnnx } from "./onnx/open.ts";
import { startsAsModel } from "./onnx/parse.ts";
import type { ByteSource } from "./source.ts";

/** A format of models. */
export interface Format {
  /** For messages, with its article. */
  readonly name: string;
  /** Whether a file of that name that starts with these bytes (256, if there are so many) should be of the format. */
  matches(start: Uint8Array, name: string): boolean;
  /** The graph of a file. Throws `bad-file`, also for weights that are NaN or infinite. */
  open(source: ByteSource): Promise<Graph>;
}

/** In the order in which they are tried. */
export const formats: readonly Format[] = [
  {
    name: "an ONNX model",
    matches: (start, name) => startsAsModel(start) || /\.onnx$/i.test(name),
    open: openOnnx,
  },
];

const startBytes = 256;

/**
 * The graph of a model in any format of the table. Throws `bad-file`, behind the name of the file, for one of no
 * format or a broken one, for missing parts, and for weights that are NaN or infinite.
 */
export async function openGraph(source: ByteSource): Promise<Graph> {
  try {
    const start = await source.read(0, Math.min(source.size, startBytes));
    const format = formats.find(({ matches }) => matches(start, source.name));
    if (!format) throw unknownFormat(start, source.size);
    return await format.open(source);
  } catch (cause) {
    if (!(cause instanceof LimpidError) || cause.code !== "bad-file") throw cause;
    throw new LimpidError("bad-file", `"${source.name}": ${cause.message}`, { cause });
  }
}

function unknownFormat(start: Uint8Array, size: number): LimpidError {
  const kind = fileKindOf(start);
  const got = kind?.name ?? `${size} bytes of no known kind`;
  const advice = kind?.advice ?? "check that the download is complete";
  const wanted = formats.map(({ name }) => name).join(" or ");
  return new LimpidError("bad-file", `open: the file must be ${wanted}, got ${got}. ${advice}.`);
}
