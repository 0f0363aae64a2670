/** @file Symbol tables: how groups of HDF5's first version, which h5py writes by default, list their names. */
import { badHdf5 } from "./bad-hdf5.ts";
import type { Cursor } from "./cursor.ts";
import { Walk, type FileBytes } from "./file-bytes.ts";
import type { Link } from "./link.ts";
import { treeEntries } from "./tree-one.ts";

/** What an entry's scratch space holds, for symbolic links. */
const symbolicLink = 2;

/** The links of a group by its symbol table message. Throws `bad-file`. */
export async function symbolTableLinks(file: FileBytes, message: Cursor): Promise<readonly Link[]> {
  const tree = message.addressOf("a symbol table");
  const names = await localHeap(file, message.addressOf("names of a group"));
  const links: Link[] = [];
  const walk = new Walk(file);
  for (const { child } of await treeEntries(file, tree, "symbols", file.sizes.length)) {
    for (const link of await leafLinks(file, child, names, walk)) links.push(link);
  }
  return links;
}

/** Names by where they start. */
type Names = (offset: number) => string;

async function localHeap(file: FileBytes, address: number): Promise<Names> {
  const { sizes } = file;
  const head = await file.at(address, 8 + 2 * sizes.length + sizes.address);
  head.signature("HEAP").version("a heap of names", 0);
  head.skip(3);
  const length = head.length();
  head.skip(sizes.length);
  const start = head.addressOf("a heap of names");
  const data = await file.at(start, length);
  return (offset) => {
    data.at = 0;
    const name = data.skip(offset).textToZero();
    // Names that overlap may come to far more than the file.
    file.expand(name.length);
    return name;
  };
}

async function leafLinks(
  file: FileBytes,
  address: number,
  names: Names,
  walk: Walk,
): Promise<readonly Link[]> {
  const head = (await file.at(address, 8)).signature("SNOD");
  head.version("a symbol table", 1);
  const count = head.skip(1).u16();
  const entryBytes = 2 * file.sizes.address + 24;
  walk.visit("parts of a symbol table", address, 8 + count * entryBytes);
  const entries = await file.at(address + 8, count * entryBytes);
  return Array.from({ length: count }, () => {
    const entry = entries.part(entryBytes);
    const name = names(entry.uint(file.sizes.address));
    const at = entry.address();
    const kind = entry.u32();
    if (kind === symbolicLink) {
      return { name, notFollowed: `a soft link to "${names(entry.skip(4).u32())}"` };
    }
    if (at === undefined) throw badHdf5(`"${name}" must name an object, got no address`);
    return { name, address: at };
  });
}
