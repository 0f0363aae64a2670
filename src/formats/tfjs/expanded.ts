/** @file Files that hubs store packed by gzip, without a name that says so. */
import { expandGzip, isGzip } from "../gzip.ts";
import { memorySource, type ByteSource } from "../source.ts";

/** The bytes of a source as they were before it was packed, in memory if it is. Throws `bad-file`, also for too many. */
export async function expanded(source: ByteSource, mostBytes: number): Promise<ByteSource> {
  if (!isGzip(await source.read(0, 2))) return source;
  const bytes = expandGzip(await source.read(0, source.size), mostBytes);
  return memorySource(source.name, bytes, source.beside);
}
