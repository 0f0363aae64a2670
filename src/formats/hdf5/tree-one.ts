/** @file B-trees of version 1: symbol tables of groups, and the chunks of datasets. */
import { badHdf5 } from "./bad-hdf5.ts";
import type { Cursor } from "./cursor.ts";
import { Walk, type FileBytes } from "./file-bytes.ts";

/** What a tree lists. */
const nodeTypes = { symbols: 0, chunks: 1 } as const;

/** Deeper trees would list more than any file has. */
const deepest = 32;

/** A key of a leaf, and where what it names lies. */
export interface TreeEntry {
  readonly key: Cursor;
  readonly child: number;
}

/** All entries of a tree's leaves, in its order. `keyBytes` is the size of a key. Throws `bad-file`. */
export async function treeEntries(
  file: FileBytes,
  root: number,
  kind: keyof typeof nodeTypes,
  keyBytes: number,
): Promise<readonly TreeEntry[]> {
  const walk = new Walk(file);
  const found: TreeEntry[] = [];
  const visit = async (address: number, level: number | undefined): Promise<void> => {
    const { sizes } = file;
    const head = (await file.at(address, 8)).signature("TREE");
    const [type, own, count] = [head.u8(), head.u8(), head.u16()];
    if (type !== nodeTypes[kind] || own > deepest || (level !== undefined && own !== level)) {
      throw badHdf5(`a tree of ${kind} must have nodes of its own, got type ${type}, level ${own}`);
    }
    const start = 8 + 2 * sizes.address;
    const entryBytes = keyBytes + sizes.address;
    walk.visit("nodes of a tree", address, start + count * entryBytes);
    const entries = await file.at(address + start, count * entryBytes);
    for (let i = 0; i < count; i++) {
      const entry = { key: entries.part(keyBytes), child: entries.addressOf("a node of a tree") };
      if (own === 0) found.push(entry);
      else await visit(entry.child, own - 1);
    }
  };
  await visit(root, undefined);
  return found;
}
