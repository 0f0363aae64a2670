/** @file Imports that the rooms of src forbid. */
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import type { Exception, Room } from "./rooms.ts";

export interface Walls {
  readonly rooms: Readonly<Record<string, Room>>;
  readonly exceptions: readonly Exception[];
}

/** Source text by path below src, with `/`. */
export type Sources = ReadonlyMap<string, string>;

/**
 * One line for each import that a wall forbids, each file outside of all rooms, and each exception that nothing needs.
 * Tests stand outside: what they try on may come from anywhere.
 */
export function brokenWalls(sources: Sources, walls: Walls): readonly string[] {
  const broken: string[] = [];
  const unused = new Set(walls.exceptions);
  for (const [file, text] of sources) {
    const from = roomOf(file);
    const room = walls.rooms[from];
    if (!room) broken.push(`src/${file}: "${from}" must be a room of scripts/rooms.ts`);
    for (const specifier of importsOf(text)) {
      const target = targetOf(file, specifier);
      if (!room || target === undefined || mayImport(room, from, target)) continue;
      const to = target === "node:" ? target : roomOf(target);
      const exception = walls.exceptions.find(
        (one) => one.from === from && (one.to === to || one.to === target),
      );
      if (exception) unused.delete(exception);
      else broken.push(`src/${file}: ${from} must not import ${to}, got "${specifier}"`);
    }
  }
  for (const { from, to } of unused) {
    broken.push(
      `scripts/rooms.ts: the exception ${from} to ${to} must be needed, got no such import`,
    );
  }
  return broken;
}

function mayImport(room: Room, from: string, target: string): boolean {
  if (target === "node:") return room.node === true;
  const to = roomOf(target);
  return to === from || room.imports.includes(to) || room.imports.includes(target);
}

/** The folder of src that a file lies in, or the file itself. */
function roomOf(file: string): string {
  return file.split("/")[0]!;
}

/** What an import leads to: a path below src, `node:`, or undefined for a package. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith("node:")) return "node:";
  if (!specifier.startsWith(".")) return undefined;
  return posix.normalize(posix.join(posix.dirname(file), specifier));
}

/** Specifiers of all imports and exports from other modules: static, of types, for effect, and dynamic. */
export function importsOf(text: string): readonly string[] {
  const code = text.replaceAll(/^\s*(?:\/\*\*?|\*|\/\/).*$/gm, "");
  const pattern = /(?:\bfrom|\bimport)\s*\(?\s*(["'])([^"']+)\1/g;
  return [...code.matchAll(pattern)].map((match) => match[2]!);
}

/** All files of src but the tests. */
export function sourcesOf(folder: string): Sources {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  return new Map(files.map((file) => [file, readFileSync(`${folder}/${file}`, "utf8")]));
}
