/** @file B-trees of version 2: which objects of a fractal heap are the links or attributes of an object. */
import { badHdf5 } from "./bad-hdf5.ts";
import type { Cursor } from "./cursor.ts";
import { Walk, type FileBytes } from "./file-bytes.ts";

/** Bytes that all nodes have: signature, version, type, checksum. */
const nodeBytes = 10;
const deepest = 32;

interface Tree {
  readonly type: number;
  readonly nodeSize: number;
  readonly recordSize: number;
}

/** All records of a tree, whose type must be one of these, in its order. Throws `bad-file`. */
export async function treeRecords(
  file: FileBytes,
  address: number,
  types: readonly number[],
): Promise<readonly Cursor[]> {
  const head = await file.at(address, 16 + file.sizes.address + 2);
  head.signature("BTHD").version("a tree", 0);
  const tree = { type: head.u8(), nodeSize: head.u32(), recordSize: head.u16() };
  const depth = head.u16();
  head.skip(2);
  const root = head.address();
  const count = head.u16();
  const isKnown = types.includes(tree.type) && depth <= deepest;
  if (!isKnown || tree.recordSize === 0 || tree.nodeSize < nodeBytes + tree.recordSize) {
    throw badHdf5(
      `a tree must have type ${types.join(" or ")} and nodes with records, got type ${tree.type}, ${depth} levels, ${tree.nodeSize} bytes`,
    );
  }
  if (root === undefined) return [];
  return recordsOf(file, tree, { address: root, count, depth });
}

interface Node {
  readonly address: number;
  readonly count: number;
  /** 0 for a leaf. */
  readonly depth: number;
}

async function recordsOf(file: FileBytes, tree: Tree, root: Node): Promise<readonly Cursor[]> {
  const widths = countWidths(file, tree, root.depth);
  const walk = new Walk(file);
  const found: Cursor[] = [];
  const visit = async ({ address, count, depth }: Node): Promise<void> => {
    walk.visit("nodes of a tree", address, tree.nodeSize);
    const fields = await file.at(address, tree.nodeSize);
    fields.signature(depth === 0 ? "BTLF" : "BTIN").version("a node of a tree", 0);
    if (fields.u8() !== tree.type) throw badHdf5("a tree must have nodes of one type, got another");
    const records = Array.from({ length: count }, () => fields.part(tree.recordSize));
    if (depth === 0) {
      for (const record of records) found.push(record);
      return;
    }
    for (let i = 0; i <= count; i++) {
      const child = fields.addressOf("a node of a tree");
      const own = fields.uint(widths[depth - 1]!.own);
      fields.skip(widths[depth - 1]!.all);
      await visit({ address: child, count: own, depth: depth - 1 });
      if (i < count) found.push(records[i]!);
    }
  };
  await visit(root);
  return found;
}

/** Bytes of the numbers that a node has for a child of each depth: of its own records, and of all below. */
function countWidths(
  { sizes }: FileBytes,
  { nodeSize, recordSize }: Tree,
  depth: number,
): readonly { readonly own: number; readonly all: number }[] {
  const inLeaf = Math.floor((nodeSize - nodeBytes) / recordSize);
  const own = widthOf(inLeaf);
  const widths = [{ own, all: 0 }];
  let below = inLeaf;
  for (let level = 1; level < depth; level++) {
    const pointer = sizes.address + own + widths[level - 1]!.all;
    const inNode = Math.floor((nodeSize - nodeBytes - pointer) / (recordSize + pointer));
    below = (inNode + 1) * below + inNode;
    widths.push({ own, all: widthOf(below) });
  }
  return widths;
}

/** Bytes that a number up to `most` takes. */
export function widthOf(most: number): number {
  let bytes = 1;
  for (let rest = most; rest >= 256; rest /= 256) bytes += 1;
  return Math.min(bytes, 8);
}
