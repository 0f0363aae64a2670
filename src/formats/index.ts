/** @file THE table of formats that models are read from, and opening a model in any of them. */
import type { Graph } from "../graph/graph.ts";
import type { FolderSource } from "./folder-source.ts";
import type { Format } from "./format.ts";
import { kerasFormat } from "./keras/format.ts";
import { openOnnx } from "./onnx/open.ts";
import { startsAsModel } from "./onnx/parse.ts";
import { openAmong } from "./open-among.ts";
import type { ByteSource } from "./source.ts";
import { frozenGraphFormat } from "./tensorflow/format.ts";
import { liteFormat } from "./tflite/format.ts";
import { tfjsFormat } from "./tfjs/format.ts";
import { torchExportFormat } from "./torch-export/format.ts";

/**
 * In the order in which they are tried: ONNX comes last, as its first bytes tell little; torch.export comes before
 * TensorFlow.js, as its archives have a model.json too.
 */
export const formats: readonly Format[] = [
  torchExportFormat,
  tfjsFormat,
  kerasFormat,
  frozenGraphFormat,
  liteFormat,
  {
    name: "an ONNX model",
    file: {
      matches: (start, name) => /\.onnx$/i.test(name) || (isLikeOnnx(start, name) && "perhaps"),
      open: openOnnx,
    },
  },
];

/** Many files begin with a letter that could be a field's; Core ML's begin with the very same one. */
function isLikeOnnx(start: Uint8Array, name: string): boolean {
  return startsAsModel(start) && !/\.mlmodel$/i.test(name);
}

/**
 * The graph of a model in any format of the table: of a file with its parts beside it, or of a folder. A zip archive
 * is the folder of its files. A folder that no format knows may hold one model file. Throws `bad-file`, behind the
 * name of the file, for one of no format or a broken one, for several models in a folder, for missing parts, and for
 * weights that are NaN or infinite.
 */
export function openGraph(source: ByteSource | FolderSource): Promise<Graph> {
  return openAmong(formats, source);
}

/** Whether a file is a model by itself, as far as its start and its name tell. */
export async function isGraphFile(source: ByteSource): Promise<boolean> {
  const { isOneModel } = await import("./folder-models.ts");
  return isOneModel(formats, source);
}
