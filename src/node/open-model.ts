/** @file Opens a model file in Node. */
import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { LimpidError } from "../errors.ts";
import { decodeOnnx } from "../formats/onnx/decode.ts";
import type { Graph } from "../graph/graph.ts";
import { describe } from "./codecs.ts";
import { readBytes } from "./files.ts";

/** The graph of an ONNX file; external data is read from the same folder. Throws `bad-file`. */
export async function openModel(path: string): Promise<Graph> {
  const bytes = await readBytes(path);
  try {
    return decodeOnnx(bytes, {
      name: path,
      takeOver: true,
      external: (location) => readExternal(path, location),
    });
  } catch (cause) {
    if (!(cause instanceof LimpidError) || cause.code !== "bad-file") throw cause;
    const looks = describe(bytes);
    const hint = looks.includes("bytes of another kind") ? "" : ` the file looks like ${looks}.`;
    throw new LimpidError("bad-file", `"${path}": ${cause.message}${hint}`, { cause });
  }
}

function readExternal(path: string, location: string): Uint8Array {
  const inside = normalize(location);
  if (isAbsolute(inside) || inside.startsWith("..")) {
    throw new LimpidError(
      "bad-file",
      `external data: the file must lie in the model's folder, got "${location}".`,
    );
  }
  const file = join(dirname(path), inside);
  try {
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    throw new LimpidError("bad-file", `external data: "${file}" must exist, got no such file.`, {
      cause,
    });
  }
}
