/** @file Files that hubs store packed by gzip, without a name that says so. */
import { expandGzip, isGzip } from "../gzip.ts";
import { memorySource, type ByteSource } from "../source.ts";

/** Weights hardly pack, so what they expand to is not much more than was stored; small files may be full of zeros. */
const mostRatio = 100;
const smallBytes = 2 ** 27;

/** The bytes of a source as they were before it was packed, in memory if it is. Throws `bad-file`. */
export async function expanded(source: ByteSource): Promise<ByteSource> {
  if (!isGzip(await source.read(0, 2))) return source;
  const packed = await source.read(0, source.size);
  const bytes = expandGzip(packed, Math.max(smallBytes, mostRatio * source.size));
  return memorySource(source.name, bytes, source.beside);
}
