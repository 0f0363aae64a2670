/** @file Links: the names of a group, and where what they name lies. */
import { badHdf5 } from "./bad-hdf5.ts";
import type { Cursor } from "./cursor.ts";

/** A name in a group. */
export interface Link {
  readonly name: string;
  /** Of the object's header; undefined for links that are not followed. */
  readonly address?: number;
  /** What a link is that is not followed. */
  readonly notFollowed?: string;
  /** The group's own order, if it keeps one. */
  readonly order?: number;
}

const flags = { lengthSize: 3, order: 4, type: 8, charset: 16 } as const;
const types = { hard: 0, soft: 1, external: 64 } as const;

/** Reads a link message. Throws `bad-file`. */
export function readLink(fields: Cursor): Link {
  fields.version("a link", 1);
  const flag = fields.u8();
  const type = flag & flags.type ? fields.u8() : types.hard;
  const order = flag & flags.order ? { order: fields.uint(8) } : {};
  if (flag & flags.charset) fields.skip(1);
  const name = fields.text(fields.uint(2 ** (flag & flags.lengthSize)));
  switch (type) {
    case types.hard:
      return { name, ...order, address: fields.addressOf(`what "${name}" names`) };
    case types.soft:
      return { name, ...order, notFollowed: `a soft link to "${fields.text(fields.u16())}"` };
    case types.external:
      return { name, ...order, notFollowed: "a link to another file" };
    default:
      return { name, ...order, notFollowed: `a link of type ${type}` };
  }
}

/** Links in the order that their group keeps, else by name. Throws `bad-file` for two of one name. */
export function ordered(links: readonly Link[]): ReadonlyMap<string, Link> {
  const inOrder = links.toSorted(
    (a, b) => (a.order ?? 0) - (b.order ?? 0) || Number(a.name > b.name) - Number(a.name < b.name),
  );
  const byName = new Map(inOrder.map((link) => [link.name, link]));
  if (byName.size === links.length) return byName;
  const twice = inOrder.find((link) => byName.get(link.name) !== link);
  throw badHdf5(`names of a group must differ, got two of "${twice?.name}"`);
}
