/** @file Object headers of both versions: the messages that say what a group or dataset is. */
import { badHdf5, notRead } from "./bad-hdf5.ts";
import { Cursor } from "./cursor.ts";
import { Walk, type FileBytes } from "./file-bytes.ts";

/** Numbers of the messages that are read. */
export const messageTypes = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

interface Message {
  readonly type: number;
  readonly bytes: Uint8Array;
  /** Whether it lies elsewhere, for several objects. */
  readonly isShared: boolean;
}

/** The messages of one object. */
export class ObjectHeader {
  readonly address: number;
  readonly file: FileBytes;
  readonly #messages: readonly Message[];

  constructor(address: number, file: FileBytes, messages: readonly Message[]) {
    this.address = address;
    this.file = file;
    this.#messages = messages;
  }

  has(type: keyof typeof messageTypes): boolean {
    return this.#messages.some((message) => message.type === messageTypes[type]);
  }

  /** Cursors over all messages of a type, in their order. */
  all(type: keyof typeof messageTypes): Cursor[] {
    return this.#messages
      .filter((message) => message.type === messageTypes[type])
      .map(({ bytes, isShared }) => {
        if (isShared) throw notRead(`the object at ${this.address} has a shared ${type}`);
        return new Cursor(bytes, this.file.sizes);
      });
  }

  /** The first message of a type. */
  first(type: keyof typeof messageTypes): Cursor | undefined {
    return this.all(type)[0];
  }

  /** A message that there must be. */
  required(type: keyof typeof messageTypes): Cursor {
    const found = this.first(type);
    if (!found) throw badHdf5(`the object at ${this.address} must have a ${type}, got none`);
    return found;
  }
}

/** How a block of messages is read. */
interface Block {
  readonly fields: Cursor;
  readonly version: 1 | 2;
  /** Bytes of creation orders in each message. */
  readonly orderBytes: number;
}

/** Reads an object's header with all blocks that continue it. Throws `bad-file`. */
export async function readObjectHeader(file: FileBytes, address: number): Promise<ObjectHeader> {
  const walk = new Walk(file);
  const messages: Message[] = [];
  const blocks = [await firstBlock(file, address, walk)];
  for (let block = blocks.pop(); block; block = blocks.pop()) {
    const found = messagesOf(block);
    for (const message of found) {
      if (message.type !== messageTypes.continuation) continue;
      const fields = new Cursor(message.bytes, file.sizes);
      const [at, length] = [fields.addressOf("a block of messages"), fields.length()];
      walk.visit("blocks of messages", at, length);
      blocks.push({ ...block, fields: continued(await file.at(at, length), block.version) });
    }
    for (const message of found) messages.push(message);
  }
  return new ObjectHeader(address, file, messages);
}

const prefixBytes = { 1: 16, 2: 6 } as const;

async function firstBlock(file: FileBytes, address: number, walk: Walk): Promise<Block> {
  const start = await file.at(address, prefixBytes[2]);
  const isFirst = start.bytes(1)[0] === 1;
  if (isFirst) {
    const prefix = (await file.at(address, prefixBytes[1])).skip(8);
    const length = prefix.u32();
    walk.visit("blocks of messages", address, length);
    return {
      fields: await file.at(address + prefixBytes[1], length),
      version: 1,
      orderBytes: 0,
    };
  }
  start.at = 0;
  start.signature("OHDR").version("an object header", 2);
  const flags = start.u8();
  const sizeBytes = 2 ** (flags & 3);
  const more = (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const from = address + prefixBytes[2] + more;
  const length = (await file.at(from, sizeBytes)).uint(sizeBytes);
  walk.visit("blocks of messages", address, length);
  const fields = await file.at(from + sizeBytes, length);
  return { fields, version: 2, orderBytes: flags & 4 ? 2 : 0 };
}

const checksumBytes = 4;

/** Messages of a block that is not the first. */
function continued(fields: Cursor, version: 1 | 2): Cursor {
  if (version === 1) return fields;
  return fields.signature("OCHK").part(fields.left - checksumBytes);
}

function messagesOf({ fields, version, orderBytes }: Block): Message[] {
  const messages: Message[] = [];
  const headBytes = version === 1 ? 8 : 4 + orderBytes;
  while (fields.left >= headBytes) {
    const type = version === 1 ? fields.u16() : fields.u8();
    const size = fields.u16();
    const flags = fields.u8();
    fields.skip(version === 1 ? 3 : orderBytes);
    messages.push({ type, bytes: fields.bytes(size), isShared: (flags & 2) !== 0 });
  }
  return messages;
}
