/** @file Fractal heaps: where links and attributes lie that an object has too many of for its header. */
import { badHdf5, notRead } from "./bad-hdf5.ts";
import type { Cursor } from "./cursor.ts";
import type { FileBytes } from "./file-bytes.ts";
import { treeRecords, widthOf } from "./tree-two.ts";

/** Types of the trees that list objects which are too large for a block. */
const hugeTreeTypes = [1] as const;

/** What a heap's header says. */
interface Heap {
  readonly idBytes: number;
  readonly mostManagedBytes: number;
  readonly hugeTree: number | undefined;
  /** Blocks of a row. */
  readonly width: number;
  readonly startBytes: number;
  readonly mostDirectBytes: number;
  /** Bytes of an offset into the heap. */
  readonly offsetBytes: number;
  readonly root: number | undefined;
  /** Rows of the root; 0 if it is a block of objects itself. */
  readonly rows: number;
}

/** The objects of one heap. */
export class FractalHeap {
  readonly #file: FileBytes;
  readonly #heap: Heap;
  #huge: Promise<ReadonlyMap<number, Cursor>> | undefined;

  private constructor(file: FileBytes, heap: Heap) {
    this.#file = file;
    this.#heap = heap;
  }

  static async open(file: FileBytes, address: number): Promise<FractalHeap> {
    const { sizes } = file;
    const bytes = 22 + 12 * sizes.length + 3 * sizes.address;
    return new FractalHeap(file, readHeader(await file.at(address, bytes)));
  }

  /** The object of an identifier, which is as long as the heap's are at least. Throws `bad-file`. */
  async object(id: Cursor): Promise<Cursor> {
    const { idBytes, offsetBytes, mostDirectBytes, mostManagedBytes } = this.#heap;
    const fields = id.part(idBytes);
    const head = fields.u8();
    switch ((head >> 4) & 3) {
      case 0: {
        const offset = fields.uint(offsetBytes);
        const most = Math.min(widthOf(mostManagedBytes), Math.ceil(Math.log2(mostDirectBytes) / 8));
        return this.#managed(offset, fields.uint(Math.min(most, fields.left)));
      }
      case 1:
        return this.#hugeObject(fields);
      case 2: {
        const length = idBytes <= 17 ? head & 15 : (head & 15) * 256 + fields.u8();
        return fields.part(length + 1);
      }
      default:
        throw badHdf5("an identifier in a heap must be of a known kind, got another");
    }
  }

  /** Goes down from the root to the block that holds an offset. */
  async #managed(offset: number, length: number): Promise<Cursor> {
    const { root, rows } = this.#heap;
    this.#file.expand(length);
    let [address, left, blockRows] = [root, offset, rows];
    // Each step goes to a smaller block.
    while (blockRows > 0) {
      const place = this.#placeOf(left, blockRows);
      const at = this.#headBytes() + place.number * this.#file.sizes.address;
      address = await this.#child(address, at);
      [left, blockRows] = [place.left, place.rows];
    }
    if (address === undefined) throw badHdf5("an object must lie in a block of its heap, got none");
    return this.#file.at(address + left, length);
  }

  #headBytes(): number {
    return 5 + this.#file.sizes.address + this.#heap.offsetBytes;
  }

  async #child(block: number | undefined, at: number): Promise<number | undefined> {
    if (block === undefined) throw badHdf5("a heap must have a block for each object, got none");
    (await this.#file.at(block, 4)).signature("FHIB");
    return (await this.#file.at(block + at, this.#file.sizes.address)).address();
  }

  /** Which child of an indirect block holds an offset into it, where it does, and how many rows that has. */
  #placeOf(offset: number, rows: number): { number: number; left: number; rows: number } {
    const { width, startBytes, mostDirectBytes } = this.#heap;
    let left = offset;
    for (let row = 0; row < rows; row++) {
      const blockBytes = startBytes * 2 ** Math.max(0, row - 1);
      if (left < width * blockBytes) {
        const column = Math.floor(left / blockBytes);
        const isDirect = blockBytes <= mostDirectBytes;
        return {
          number: row * width + column,
          left: left - column * blockBytes,
          rows: isDirect ? 0 : Math.log2(blockBytes / (width * startBytes)) + 1,
        };
      }
      left -= width * blockBytes;
    }
    throw badHdf5(`an object must lie in its heap, got offset ${offset}`);
  }

  async #hugeObject(fields: Cursor): Promise<Cursor> {
    const { sizes } = this.#file;
    if (fields.left >= sizes.address + sizes.length) return this.#at(fields);
    this.#huge ??= this.#readHuge();
    const number = fields.uint(Math.min(fields.left, sizes.length));
    const found = (await this.#huge).get(number);
    if (!found) throw badHdf5(`a heap must list its large objects, got none of number ${number}`);
    found.at = 0;
    return this.#at(found);
  }

  /** What lies where a place in the file says. */
  async #at(place: Cursor): Promise<Cursor> {
    const address = place.addressOf("a large object");
    const length = place.length();
    this.#file.expand(length);
    return this.#file.at(address, length);
  }

  async #readHuge(): Promise<ReadonlyMap<number, Cursor>> {
    const { hugeTree } = this.#heap;
    if (hugeTree === undefined) return new Map();
    const records = await treeRecords(this.#file, hugeTree, hugeTreeTypes);
    return new Map(
      records.map((record) => {
        record.skip(this.#file.sizes.address + this.#file.sizes.length);
        return [record.length(), record] as const;
      }),
    );
  }
}

function readHeader(fields: Cursor): Heap {
  fields.signature("FRHP").version("a heap", 0);
  const idBytes = fields.u16();
  if (fields.u16() > 0) throw notRead("links or attributes are packed by a filter");
  const mostManagedBytes = fields.skip(1).u32();
  fields.length();
  const hugeTree = fields.address();
  fields.length();
  fields.address();
  fields.skip(8 * fields.sizes.length);
  const width = fields.u16();
  const [startBytes, mostDirectBytes] = [fields.length(), fields.length()];
  const offsetBytes = Math.ceil(fields.u16() / 8);
  const root = fields.skip(2).address();
  const heap = {
    idBytes,
    mostManagedBytes,
    hugeTree,
    width,
    startBytes,
    mostDirectBytes,
    offsetBytes,
  };
  const isSound =
    [width, startBytes, mostDirectBytes].every((size) => Number.isInteger(Math.log2(size))) &&
    startBytes <= mostDirectBytes &&
    offsetBytes >= 1 &&
    offsetBytes <= 8;
  if (isSound) return { ...heap, root, rows: fields.u16() };
  throw badHdf5("a heap must have blocks whose sizes are powers of two, got others");
}
