/** @file Files of weights alone, for a network that comes from elsewhere. */
import { LimpidError } from "../errors.ts";
import { say } from "../wording/face.ts";
import { fileKindOf } from "./file-kind.ts";
import { decodeSafetensors } from "./safetensors.ts";
import type { ByteSource } from "./source.ts";
import { isOldTorchFile } from "./torch-pickle/open.ts";
import { readTorchWeights, type FileWeights } from "./torch-pickle/weight-file.ts";
import { isZip } from "./zip-start.ts";

/** Files that must be in memory as a whole. */
const mostBytes = 2 ** 31 - 1;

/**
 * The tensors of a file by their names: of torch.save (.pth, .pt, .bin) or of safetensors. Throws `bad-file`, behind the
 * name of the file, for another file and for a broken one.
 */
export async function readWeightFile(source: ByteSource): Promise<FileWeights> {
  try {
    const start = await source.read(0, Math.min(source.size, 256));
    if (isZip(start) || isOldTorchFile(start)) return await readTorchWeights(source);
    if (isSafetensors(start, source.name)) return await readSafetensors(source);
    const got = fileKindOf(start)?.name ?? `${source.size} bytes of no known kind`;
    throw new LimpidError(
      "bad-file",
      `weights: the file must be one of torch.save (.pth, .pt, .bin) or .safetensors, got ${got}. save the weights in one of these.`,
    );
  } catch (cause) {
    if (!(cause instanceof LimpidError) || cause.code !== "bad-file") throw cause;
    throw new LimpidError("bad-file", say`"${source.name}": ${cause.said}`, { cause });
  }
}

/** A length of eight bytes, and JSON. */
function isSafetensors(start: Uint8Array, name: string): boolean {
  const isJson = start[8] === 0x7b && start.subarray(4, 8).every((byte) => byte === 0);
  return isJson || /\.safetensors$/i.test(name);
}

async function readSafetensors(source: ByteSource): Promise<FileWeights> {
  if (source.size > mostBytes) {
    throw new LimpidError(
      "bad-file",
      `weights: a file must have at most ${mostBytes} bytes, got ${source.size}. save the weights in half precision.`,
    );
  }
  const { tensors } = decodeSafetensors(await source.read(0, source.size));
  return { tensors: new Map(Object.entries(tensors)), taken: "", passedOver: [] };
}
