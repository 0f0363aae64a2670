/** @file Messages of ONNX from bytes and to bytes, by the table of their fields. */
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import {
  messages,
  type Field,
  type Message,
  type MessageName,
  type ScalarKind,
  type WrittenMessage,
} from "./messages.ts";

const wireTypes: Readonly<Record<ScalarKind, WireType>> = {
  string: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
  float: WireType.Bit32,
  int32: WireType.Varint,
  int64: WireType.Varint,
};

const defaults = { string: "", bytes: new Uint8Array(0), float: 0, int32: 0, int64: 0n } as const;

/** What is read and written of a field. */
export interface NamedField {
  readonly name: string;
  readonly kind: ScalarKind | MessageName;
  readonly number: number;
  readonly isList: boolean;
  readonly wireType: WireType;
  /** The name of the message that it holds. */
  readonly message: MessageName | undefined;
}

interface Fields {
  readonly all: readonly NamedField[];
  readonly byNumber: ReadonlyMap<number, NamedField>;
  /** What a message has that sets nothing. */
  readonly empty: object;
}

const tables = new Map<MessageName, Fields>();

function fieldsOf(message: MessageName): Fields {
  const known = tables.get(message);
  if (known) return known;
  const all = Object.entries<Field>(messages[message]).map(([name, [number, kind, list]]) => ({
    name,
    kind,
    number,
    isList: list !== undefined,
    wireType: isScalar(kind) ? wireTypes[kind] : WireType.LengthDelimited,
    message: isScalar(kind) ? undefined : kind,
  }));
  const scalars = all.filter(({ kind, isList }) => isScalar(kind) && !isList);
  const empty = Object.fromEntries(
    scalars.map(({ name, kind }) => [name, defaults[kind as ScalarKind]]),
  );
  const made = { all, byNumber: new Map(all.map((field) => [field.number, field])), empty };
  tables.set(message, made);
  return made;
}

function isScalar(kind: ScalarKind | MessageName): kind is ScalarKind {
  return Object.hasOwn(wireTypes, kind);
}

/** The field of a number; undefined for one that the table does not name. */
export function fieldOf(message: MessageName, number: number): NamedField | undefined {
  return fieldsOf(message).byNumber.get(number);
}

/** Whether a message that was read sets a field itself. */
export function isSet<Name extends MessageName>(
  message: Message<Name>,
  field: keyof Message<Name>,
): boolean {
  const own = Object.hasOwn(message, field) ? message[field] : undefined;
  return Array.isArray(own) ? own.length > 0 : own !== undefined;
}

/**
 * The message in some bytes, of which byte fields are views. Lists may be packed or not, and of a message that comes twice
 * the parts are merged, as protobuf has it. Throws an `Error` for bytes that are no such message.
 */
export function readMessage<Name extends MessageName>(
  name: Name,
  bytes: Uint8Array,
): Message<Name> {
  const message = emptyMessage(name);
  readInto(message, name, new BinaryReader(bytes), bytes.length);
  return message as Message<Name>;
}

type Loose = Record<string, unknown> & { $unknown?: unknown[] };

function emptyMessage(name: MessageName): Loose {
  const { all, empty } = fieldsOf(name);
  const message = Object.create(empty) as Loose;
  for (const field of all) if (field.isList) message[field.name] = [];
  return message;
}

function readInto(message: Loose, name: MessageName, reader: BinaryReader, end: number): void {
  const { byNumber } = fieldsOf(name);
  while (reader.pos < end) {
    const [no, wireType] = reader.tag();
    const field = byNumber.get(no);
    if (field) readField(message, field, reader, wireType);
    else (message.$unknown ??= []).push({ no, wireType, data: reader.skip(wireType, no) });
  }
}

function readField(
  message: Loose,
  field: NamedField,
  reader: BinaryReader,
  wireType: WireType,
): void {
  const { name, isList, kind } = field;
  if (!isScalar(kind)) {
    const known = isList ? undefined : (message[name] as Loose | undefined);
    const inner = known ?? emptyMessage(kind);
    const length = reader.uint32();
    readInto(inner, kind, reader, reader.pos + length);
    if (isList) (message[name] as unknown[]).push(inner);
    else message[name] = inner;
  } else if (!isList) {
    message[name] = reader[kind]();
  } else if (wireType === WireType.LengthDelimited && field.wireType !== wireType) {
    readPacked(message[name] as unknown[], field, reader, kind);
  } else {
    (message[name] as unknown[]).push(reader[kind]());
  }
}

function readPacked(
  list: unknown[],
  { name }: NamedField,
  reader: BinaryReader,
  kind: ScalarKind,
): void {
  const end = reader.uint32() + reader.pos;
  while (reader.pos < end) list.push(reader[kind]());
  // What follows would be read from the middle of a field.
  if (reader.pos > end) throw new RangeError(`a number crosses the end of "${name}"`);
}

/** The bytes of a message: what it sets, in the order of the table, lists not packed. */
export function messageBytes<Name extends MessageName>(
  name: Name,
  message: WrittenMessage<Name>,
): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  write(writer, name, message);
  return writer.finish();
}

function write(writer: BinaryWriter, name: MessageName, message: object): void {
  for (const field of fieldsOf(name).all) {
    if (!Object.hasOwn(message, field.name)) continue;
    const value = (message as Loose)[field.name];
    if (value === undefined) continue;
    for (const each of field.isList ? (value as unknown[]) : [value]) {
      writer.tag(field.number, field.wireType);
      if (isScalar(field.kind)) writer[field.kind](each as never);
      else {
        writer.fork();
        write(writer, field.kind, each as object);
        writer.join();
      }
    }
  }
}
