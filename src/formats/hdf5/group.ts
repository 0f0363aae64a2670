/** @file Groups: folders of an HDF5 file, with attributes. */
import type { ElementType, Tensor } from "../../graph/tensor.ts";
import { readAttribute, type AttributeMessage } from "./attribute.ts";
import { badHdf5, notRead } from "./bad-hdf5.ts";
import { fileOffsetOf, readDataset, readDatasetHeader, type DatasetHeader } from "./dataset.ts";
import { denseMessages } from "./dense.ts";
import type { FileBytes } from "./file-bytes.ts";
import { GlobalHeap } from "./global-heap.ts";
import { ordered, readLink, type Link } from "./link.ts";
import { readObjectHeader, type ObjectHeader } from "./object-header.ts";
import { symbolTableLinks } from "./symbol-table.ts";

/** What groups and datasets have in common. */
class Hdf5Object {
  /** From the root on, with `/`. */
  readonly path: string;
  protected readonly file: OpenFile;
  protected readonly header: ObjectHeader;
  #attributes: Promise<ReadonlyMap<string, AttributeMessage>> | undefined;

  constructor(path: string, file: OpenFile, header: ObjectHeader) {
    this.path = path;
    this.file = file;
    this.header = header;
  }

  /** Names of all attributes, as the file lists them. */
  async attributeNames(): Promise<readonly string[]> {
    return [...(await this.#all()).keys()];
  }

  /** The value of an attribute, of no dimensions for a single one; undefined if there is none. Throws `bad-file`. */
  async attribute(name: string): Promise<Tensor | undefined> {
    return (await this.#all()).get(name)?.value(this.file.heap);
  }

  /** The value of an attribute that is one text; undefined for none, and for any other value. */
  async text(name: string): Promise<string | undefined> {
    const value = await this.attribute(name);
    return value?.type === "string" && value.data.length === 1 ? String(value.data[0]) : undefined;
  }

  #all(): Promise<ReadonlyMap<string, AttributeMessage>> {
    this.#attributes ??= this.#readAttributes();
    return this.#attributes;
  }

  async #readAttributes(): Promise<ReadonlyMap<string, AttributeMessage>> {
    const info = this.header.first("attributeInfo");
    const dense = info ? await denseMessages(this.header.file, info, "attributes") : [];
    const found = [...this.header.all("attribute"), ...dense].map(readAttribute);
    return new Map(found.map((attribute) => [attribute.name, attribute]));
  }
}

/** A file, its texts, and the objects that were read. */
export class OpenFile {
  readonly bytes: FileBytes;
  readonly heap: GlobalHeap;

  constructor(bytes: FileBytes) {
    this.bytes = bytes;
    this.heap = new GlobalHeap(bytes);
  }

  async group(address: number, path: string): Promise<Hdf5Group> {
    return new Hdf5Group(path, this, await readObjectHeader(this.bytes, address));
  }
}

/** A group has one of these at least. */
const groupMessages = ["symbolTable", "linkInfo", "link"] as const;

/** A group. */
export class Hdf5Group extends Hdf5Object {
  #links: Promise<ReadonlyMap<string, Link>> | undefined;
  readonly #groups = new Map<string, Promise<Hdf5Group | undefined>>();

  /** Names of all that lies in the group, in the order that it keeps, or as the file lists them. */
  async names(): Promise<readonly string[]> {
    return [...(await this.#all()).keys()];
  }

  /** The group at a path of names with `/` from here on; undefined if there is none. Throws `bad-file`. */
  async group(path: string): Promise<Hdf5Group | undefined> {
    const [name, ...rest] = namesOf(path);
    if (name === undefined) return this;
    const known = this.#groups.get(name) ?? this.#openGroup(name);
    this.#groups.set(name, known);
    return rest.length === 0 ? known : (await known)?.group(rest.join("/"));
  }

  /** The dataset at a path of names with `/` from here on; undefined if there is none. Throws `bad-file`. */
  async dataset(path: string): Promise<Hdf5Dataset | undefined> {
    const names = namesOf(path);
    const name = names.pop();
    if (name === undefined) return undefined;
    if (names.length > 0) return (await this.group(names.join("/")))?.dataset(name);
    const header = await this.#header(name);
    if (!header?.has("layout")) return undefined;
    return Hdf5Dataset.open(joined(this.path, name), this.file, header);
  }

  async #openGroup(name: string): Promise<Hdf5Group | undefined> {
    const header = await this.#header(name);
    const isGroup = groupMessages.some((message) => header?.has(message));
    if (!header || !isGroup) return undefined;
    return new Hdf5Group(joined(this.path, name), this.file, header);
  }

  async #header(name: string): Promise<ObjectHeader | undefined> {
    const link = (await this.#all()).get(name);
    if (!link) return undefined;
    if (link.address === undefined) {
      throw notRead(`"${joined(this.path, name)}" is ${link.notFollowed}`);
    }
    return readObjectHeader(this.file.bytes, link.address);
  }

  #all(): Promise<ReadonlyMap<string, Link>> {
    this.#links ??= this.#readLinks();
    return this.#links;
  }

  async #readLinks(): Promise<ReadonlyMap<string, Link>> {
    const { header } = this;
    const table = header.first("symbolTable");
    if (table) return ordered(await symbolTableLinks(header.file, table));
    const info = header.first("linkInfo");
    const dense = info ? await denseMessages(header.file, info, "links") : [];
    return ordered([...header.all("link"), ...dense].map(readLink));
  }
}

/** A dataset. */
export class Hdf5Dataset extends Hdf5Object {
  readonly #about: DatasetHeader;

  private constructor(path: string, file: OpenFile, header: ObjectHeader, about: DatasetHeader) {
    super(path, file, header);
    this.#about = about;
  }

  /** Throws `bad-file`. */
  static async open(path: string, file: OpenFile, header: ObjectHeader): Promise<Hdf5Dataset> {
    const told = await new Hdf5Object(path, file, header).text("dtype");
    return new Hdf5Dataset(path, file, header, readDatasetHeader(path, header, told));
  }

  get type(): ElementType {
    return this.#about.type;
  }

  /** Sizes along each axis; none for a single value. */
  get dims(): readonly number[] {
    return this.#about.dims;
  }

  /** Where its elements lie in the file, one after the other; undefined where they do not. Throws `bad-file`. */
  get fileOffset(): number | undefined {
    return fileOffsetOf(this.file.bytes, this.#about);
  }

  /**
   * Its elements, row-major, as the file stores them, zeros or the fill value where nobody wrote any. Numbers of large
   * files that can be mapped stay on disk. Throws `bad-file`.
   */
  read(): Promise<Tensor> {
    return readDataset(this.file.bytes, this.file.heap, this.#about);
  }
}

/** Names may be any text; groups inside each other are as deep as paths that somebody asks for. */
const deepest = 200;

function namesOf(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "");
  if (names.length <= deepest) return names;
  throw badHdf5(`paths must be at most ${deepest} groups deep, got ${names.length}`);
}

function joined(path: string, name: string): string {
  return path === "/" ? `/${name}` : `${path}/${name}`;
}
