/** @file A model file without its large weights, read piece by piece: each is said to lie where it does in the file. */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { ByteSource } from "../source.ts";
import { externalLocation } from "./external-tensors.ts";
import { fieldOf, messageBytes } from "./message-bytes.ts";
import type { MessageName } from "./messages.ts";

/** The rest of a model file, and a source in which its weights are found. */
export interface ModelWithoutWeights {
  readonly bytes: Uint8Array;
  /** As the file's own, and the file itself at the location that the weights name. */
  readonly source: ByteSource;
}

/** Smaller fields are copied. */
const largeBytes = 1 << 16;

/** Read at once where many small fields follow each other. */
const windowBytes = 1 << 18;

/** No path has a zero in it. */
const ownLocation = "\0";

/** Fields in which a tensor's numbers lie as its elements do, by the element types that they are for. */
const elementFields = { 4: 1, 9: undefined, 10: 11 } as const;

const typeField = 2;

/** Where the elements lie, if not in the tensor. */
const placeFields: readonly number[] = [13, 14];

/**
 * The model in a few bytes: of each tensor of at least 64 KiB that lies in the file as its elements do, the place.
 * Undefined where that cannot be done: for what is no model, one that is cut off, or one written in another way. Rejects
 * as `source.read`.
 */
export async function withoutWeights(source: ByteSource): Promise<ModelWithoutWeights | undefined> {
  try {
    const whole = { start: 0, end: source.size };
    const bytes = joined(await rest(new Window(source), "ModelProto", whole, deepest));
    const beside: ByteSource["beside"] = async (location) =>
      location === ownLocation ? source : source.beside(location);
    return { bytes, source: { ...source, beside } };
  } catch (error) {
    if (error instanceof OtherwiseWritten) return undefined;
    throw error;
  }
}

/** Messages inside messages that are followed. */
const deepest = 100;

/** Not the fields that the schema has, or not where they can be. */
class OtherwiseWritten extends Error {}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A field from its tag on; `content` is what stands behind the length, where one does. */
interface Field extends Range {
  readonly number: number;
  readonly content: Range | undefined;
}

/** The bytes of a message, in pieces, without large weights inside it. */
async function rest(
  file: Window,
  message: MessageName,
  range: Range,
  depth: number,
): Promise<Uint8Array[]> {
  if (depth === 0) throw new OtherwiseWritten();
  if (message === "TensorProto") return restOfTensor(file, range);
  const parts: Uint8Array[] = [];
  const single = new Set<number>();
  for await (const field of fieldsOf(file, range)) {
    const known = fieldOf(message, field.number);
    if (known?.message && !known.isList) {
      // Parts of one message say together what it holds.
      if (single.has(field.number)) throw new OtherwiseWritten();
      single.add(field.number);
    }
    const inner = isLarge(field) && known?.message;
    if (!inner || !field.content) {
      parts.push(await file.read(field));
      continue;
    }
    const within = await rest(file, inner, field.content, depth - 1);
    const head = new BinaryWriter().tag(field.number, WireType.LengthDelimited);
    parts.push(head.uint32(sizeOf(within)).finish(), joined(within));
  }
  return parts;
}

async function restOfTensor(file: Window, range: Range): Promise<Uint8Array[]> {
  const fields: Field[] = [];
  for await (const field of fieldsOf(file, range)) fields.push(field);
  const type = await typeOf(file, fields);
  const weights = fields.filter(
    ({ number }) =>
      number in elementFields && isElements(number as keyof typeof elementFields, type),
  );
  const [large] = weights;
  const isElsewhere = fields.some(({ number }) => placeFields.includes(number));
  const isAlone = weights.length === 1 && large && isLarge(large) && !isElsewhere;
  const parts: Uint8Array[] = [];
  for (const field of fields) if (!isAlone || field !== large) parts.push(await file.read(field));
  if (isAlone) parts.push(placeOf(large.content!));
  return parts;
}

function isElements(number: keyof typeof elementFields, type: number | undefined): boolean {
  const wanted = elementFields[number];
  return wanted === undefined || wanted === type;
}

/** A tensor's element type; of one that is said twice the last counts. */
async function typeOf(file: Window, fields: readonly Field[]): Promise<number | undefined> {
  const said = fields.findLast(({ number, content }) => number === typeField && !content);
  if (!said) return undefined;
  const reader = new BinaryReader(await file.read(said));
  reader.tag();
  return reader.int32();
}

/** Fields of a tensor that say where its elements lie. */
function placeOf({ start, end }: Range): Uint8Array {
  const entries = { location: ownLocation, offset: String(start), length: String(end - start) };
  return messageBytes("TensorProto", {
    dataLocation: externalLocation,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
  });
}

function isLarge({ content }: Field): boolean {
  return content !== undefined && content.end - content.start >= largeBytes;
}

/** The longest tag and length. */
const headBytes = 20;

async function* fieldsOf(file: Window, range: Range): AsyncGenerator<Field> {
  let start = range.start;
  while (start < range.end) {
    const head = await file.read({ start, end: Math.min(range.end, start + headBytes) });
    const { number, length, content } = fieldAt(head);
    const end = start + length;
    if (end > range.end) throw new OtherwiseWritten();
    yield {
      number,
      start,
      end,
      content: content === undefined ? undefined : { start: start + content, end },
    };
    start = end;
  }
}

/** The field that begins with these bytes: its whole length, and where its content begins. */
function fieldAt(head: Uint8Array): { number: number; length: number; content?: number } {
  const reader = new BinaryReader(head);
  try {
    const [number, wireType] = reader.tag();
    if (wireType === WireType.LengthDelimited) {
      const length = reader.uint32();
      return { number, length: reader.pos + length, content: reader.pos };
    }
    if (wireType !== WireType.Varint && !(wireType in fixedBytes)) throw new OtherwiseWritten();
    if (wireType === WireType.Varint) reader.uint64();
    return { number, length: reader.pos + (fixedBytes[wireType] ?? 0) };
  } catch {
    throw new OtherwiseWritten();
  }
}

const fixedBytes: Readonly<Record<number, number>> = {
  [WireType.Bit32]: 4,
  [WireType.Bit64]: 8,
};

/** A file of which a piece is in memory. */
class Window {
  readonly #source: ByteSource;
  #start = 0;
  #bytes: Uint8Array = new Uint8Array();

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** A copy of the bytes of a range, which must lie in the file. */
  async read({ start, end }: Range): Promise<Uint8Array> {
    const isHeld = start >= this.#start && end <= this.#start + this.#bytes.length;
    if (!isHeld) {
      this.#bytes = await this.#source.read(start, Math.max(windowBytes, end - start));
      this.#start = start;
      if (this.#bytes.length < end - start) throw new OtherwiseWritten();
    }
    return this.#bytes.slice(start - this.#start, end - this.#start);
  }
}

function sizeOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
