/** @file THE table of formats that models are read from, and opening a model by its first bytes. */
import { LimpidError } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import { fileKindOf } from "./file-kind.ts";
import type { FolderSource } from "./folder-source.ts";
import { openOnnx } from "./onnx/open.ts";
import { startsAsModel } from "./onnx/parse.ts";
import type { ByteSource } from "./source.ts";

/** A format of models: of one file with what lies beside it, of the files of a folder, or both. */
export interface Format {
  /** For messages, with its article. */
  readonly name: string;
  /** How a file that somebody names is known and opened. */
  readonly file?: {
    /** Whether a file of that name that starts with these bytes (256, if there are so many) should be of the format. */
    matches(start: Uint8Array, name: string): boolean;
    /** The graph of a file. Throws `bad-file`, also for weights that are NaN or infinite. */
    open(source: ByteSource): Promise<Graph>;
  };
  /** How a folder, an archive or a set of files is known and opened. */
  readonly folder?: {
    /** Whether files of these paths from the folder on are a model of the format. */
    matches(files: readonly string[]): boolean;
    /** The graph of a folder's files. Throws as that of a file. */
    open(folder: FolderSource): Promise<Graph>;
  };
}

/** In the order in which they are tried. */
export const formats: readonly Format[] = [
  {
    name: "an ONNX model",
    file: {
      matches: (start, name) => startsAsModel(start) || /\.onnx$/i.test(name),
      open: openOnnx,
    },
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
    const format = formats.find(({ file }) => file?.matches(start, source.name));
    if (!format?.file) throw unknownFormat(start, source.size);
    return await format.file.open(source);
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
