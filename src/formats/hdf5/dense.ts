/** @file Links and attributes that lie in a fractal heap, listed by a tree. */
import type { Cursor } from "./cursor.ts";
import type { FileBytes } from "./file-bytes.ts";
import { FractalHeap } from "./fractal-heap.ts";
import { treeRecords } from "./tree-two.ts";

/** Types of trees that list by name, and how many bytes of a record lie before the object's identifier. */
const kinds = {
  links: { type: 5, before: 4, maxOrderBytes: 8 },
  attributes: { type: 8, before: 0, maxOrderBytes: 2 },
} as const;

/** The messages that the info message of an object's links or attributes leads to. Throws `bad-file`. */
export async function denseMessages(
  file: FileBytes,
  info: Cursor,
  kind: keyof typeof kinds,
): Promise<readonly Cursor[]> {
  const { type, before, maxOrderBytes } = kinds[kind];
  info.version(`the list of ${kind}`, 0);
  if (info.u8() & 1) info.skip(maxOrderBytes);
  const [heapAt, tree] = [info.address(), info.address()];
  if (heapAt === undefined || tree === undefined) return [];
  const heap = await FractalHeap.open(file, heapAt);
  const messages: Cursor[] = [];
  for (const record of await treeRecords(file, tree, [type])) {
    messages.push(await heap.object(record.skip(before)));
  }
  return messages;
}
