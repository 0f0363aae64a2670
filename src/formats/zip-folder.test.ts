/** @file Archives of all kinds as folders: what was packed is read, and nothing that means harm is. */
import { zipSync, type Zippable } from "fflate";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { zip, type Entry } from "../../test/zip-archive.ts";
import { LimpidError } from "../errors.ts";
import { memorySource, readNow, type ByteSource, type MappedFile } from "./source.ts";
import { zipFolder } from "./zip-folder.ts";
import { isZip } from "./zip-start.ts";

const archive = (bytes: Uint8Array) => memorySource("m.zip", bytes);

/** An archive that a runtime could map. */
function onDisk(bytes: Uint8Array): ByteSource & { readonly mapped: MappedFile } {
  const readInto = (into: Uint8Array, offset: number) =>
    into.set(bytes.subarray(offset, offset + into.length));
  const mapped = { path: "/m.zip", startBytes: 0, readInto };
  return { ...archive(bytes), mapped };
}

async function contents(source: ByteSource): Promise<Buffer> {
  return Buffer.from(await source.read(0, source.size));
}

const part = fc.string({
  unit: fc.constantFrom("a", "b", ".", "é", " ", "_", "-"),
  minLength: 1,
  maxLength: 6,
});
const path = fc
  .array(
    part.filter((text) => !/^\.+$|^\._/.test(text)),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join("/"));
const file = fc.record({
  bytes: fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.constant(new Uint8Array(3000))),
  level: fc.constantFrom<0 | 6 | 9>(0, 6, 9),
});

test("every file of every archive is read as it was packed, whole and in pieces, also as it lies on disk", async () => {
  const files = fc.dictionary(path, file, { minKeys: 1, maxKeys: 6 });
  await fc.assert(
    fc.asyncProperty(files, fc.nat(), fc.constantFrom("", "top/"), async (drawn, at, top) => {
      const packed: Zippable = Object.fromEntries(
        Object.entries(drawn).map(([name, { bytes, level }]) => [top + name, [bytes, { level }]]),
      );
      const source = onDisk(zipSync({ ...packed, "__MACOSX/x": new Uint8Array(3) }));
      expect(isZip(await source.read(0, 256))).toBe(true);
      const folder = await zipFolder(source);
      const names = Object.keys(drawn);
      const shared = names[0]!.slice(0, names[0]!.indexOf("/") + 1);
      const stripped =
        top !== "" ? "" : names.every((name) => name.startsWith(shared)) ? shared : "";
      expect(folder.files.toSorted()).toEqual(
        names.map((name) => name.slice(stripped.length)).toSorted(),
      );
      for (const [name, { bytes, level }] of Object.entries(drawn)) {
        const member = await folder.file(name.slice(stripped.length));
        expect(member.size).toBe(bytes.length);
        expect(await contents(member)).toEqual(Buffer.from(bytes));
        const from = at % (bytes.length + 1);
        const piece = Buffer.from(bytes.subarray(from, from + 9));
        expect(Buffer.from(await member.read(from, 9))).toEqual(piece);
        expect(member.mapped === undefined).toBe(level !== 0);
        if (!member.mapped) continue;
        const { path: place, startBytes } = member.mapped;
        expect(place).toBe("/m.zip");
        expect(Buffer.from(readNow(member.mapped, from, piece.length))).toEqual(piece);
        expect(Buffer.from(await source.read(startBytes + from, piece.length))).toEqual(piece);
        expect(() => readNow(member.mapped!, from, bytes.length - from + 1)).toThrow(LimpidError);
      }
    }),
  );
});

test("a stored file that is read in pieces tells whether it is whole", async () => {
  const bytes = zip([{ name: "m.bin", method: 0, data: Buffer.alloc(5_000_000, 7) }]);
  const verified = async () => (await (await zipFolder(archive(bytes))).file("m.bin")).verify!();
  await verified();
  bytes[4_999_999] = 8;
  await expect(verified()).rejects.toThrow(/a wrong checksum in "m.bin"/);
});

test.each([{}, { isLarge: true }, { isLarge: true, comment: "a comment" }])(
  "archives with records for large files, with padding, folders and comments are read: %j",
  async (end) => {
    const entries = [
      { name: "r/", data: Buffer.alloc(0), method: 0, mode: 0o040755 },
      { name: "r/a.bin", method: 0, padding: 37 },
      { name: "r\\b\\c.bin", flags: 8, mode: 0o100644 },
      { name: "r/.DS_Store" },
      { name: "r/./d" },
    ];
    const folder = await zipFolder(archive(zip(entries, end)));
    expect(folder.files.toSorted()).toEqual(["a.bin", "b/c.bin", "d"]);
    expect((await contents(await folder.file("a.bin"))).toString()).toBe("r/a.bin");
    expect((await contents(await folder.file("b/c.bin"))).toString()).toBe("r\\b\\c.bin");
  },
);

test("parts of a model are found from its own folder on, and nowhere else", async () => {
  const names = ["a/m.json", "a/w/1", "b/w", "c"];
  const folder = await zipFolder(archive(zip(names.map((name) => ({ name })))));
  const model = await folder.file("a/m.json");
  expect(model.name).toBe("m.zip/a/m.json");
  expect((await contents((await model.beside("w/1"))!)).toString()).toBe("a/w/1");
  expect((await contents((await model.beside("./w/../w/1"))!)).toString()).toBe("a/w/1");
  expect(await model.beside("c")).toBeUndefined();
  for (const outside of ["../c", "/c", "w/../../c", "..\\c", "C:/c"]) {
    await expect(model.beside(outside)).rejects.toThrow(/must lie in the model's folder/);
  }
  await expect(folder.file("w/1")).rejects.toThrow(/"w\/1" must be in the folder/);
});

const fine = { name: "a" };

/** Opens an archive and reads all that is in it. */
async function readAll(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  const folder = await zipFolder(archive(bytes));
  const read = new Map<string, Buffer>();
  for (const name of folder.files) read.set(name, await contents(await folder.file(name)));
  return read;
}

test.each<readonly [string, readonly Entry[], RegExp]>([
  [
    "a name that leaves it",
    [fine, { name: "x/../../b" }],
    /plain files, got the name "x\/\.\.\/\.\.\/b"/,
  ],
  ["a name that leaves it by \\", [fine, { name: "..\\b" }], /plain files, got the name/],
  ["an absolute name", [fine, { name: "/b" }], /plain files, got the name "\/b"/],
  ["a drive", [fine, { name: "C:\\b" }], /plain files, got the name/],
  ["no name", [fine, { name: "", data: Buffer.from("b") }], /plain files, got the name ""/],
  ["a name twice", [fine, { name: "./a" }], /plain files, got "a" twice/],
  ["an encrypted file", [fine, { name: "b", flags: 1 }], /"b", which is encrypted/],
  ["a link", [fine, { name: "b", mode: 0o120777 }], /"b", which is a link or device/],
  ["a pipe", [fine, { name: "b", mode: 0o010644 }], /"b", which is a link or device/],
  [
    "an unknown packing",
    [fine, { name: "b", method: 12 }],
    /whole, got the unknown packing 12 in "b"/,
  ],
  [
    "a wrong checksum",
    [fine, { name: "b", crc: 7 }],
    /got a wrong checksum in "b". check that the/,
  ],
  [
    "a wrong checksum of what is stored",
    [{ name: "b", method: 0, crc: 7 }],
    /wrong checksum in "b"/,
  ],
  [
    "more than it says",
    [{ name: "b", data: Buffer.alloc(2 ** 20), size: 9 }],
    /another size than is told, in "b"/,
  ],
  ["less than it says", [{ name: "b", size: 9000 }], /another size than is told, in "b"/],
  [
    "stored bytes of another size",
    [{ name: "b", method: 0, size: 9 }],
    /another size than is told, in "b"/,
  ],
  ["broken packing", [{ name: "b", packed: Buffer.from("no deflate") }], /broken packing/],
  ["two names of one file", [fine, { name: "b", localName: "c" }], /got two names in "b"/],
  ["a file that is not there", [{ name: "b", offset: 5 }], /got no header in "b"/],
  ["a file behind the end", [fine, { name: "b", offset: 2 ** 31 }], /got no header in "b"/],
  [
    "a bomb",
    [{ name: "b", data: Buffer.alloc(2 ** 27 + 1) }],
    /got 0.1 MB that say they unpack to 134.2 MB/,
  ],
  [
    "files that say they are huge",
    [{ name: "b", size: 2 ** 31 }],
    /that say they unpack to 2147.5 MB/,
  ],
])("an archive with %s is refused", async (_, entries, message) => {
  await expect(readAll(zip(entries))).rejects.toThrow(message);
  await expect(readAll(zip(entries))).rejects.toMatchObject({ code: "bad-file" });
});

test("files that share bytes are refused", async () => {
  const inner = zip([{ name: "b", method: 0 }]).subarray(0, 32);
  const entries = [
    { name: "a", data: inner, method: 0 },
    { name: "b", method: 0, offset: 31 },
  ];
  await expect(readAll(zip(entries))).rejects.toThrow(/too few bytes in "a"/);
});

/** An archive whose end says something else. */
function withEnd(at: number, bytes: readonly number[]): Buffer {
  const whole = zip([fine]);
  whole.set(bytes, whole.length - 22 + at);
  return whole;
}

test.each([
  ["no archive", () => Buffer.from("PK\u0003\u0004"), /got a file without a directory/],
  ["one that was cut", () => zip([fine, fine]).subarray(0, -9), /got a file without a directory/],
  ["one of several parts", () => withEnd(4, [1]), /got a part of an archive of several/],
  ["large ends without their records", () => withEnd(8, [255, 255, 255, 255]), /zip64/],
])("%s is refused", async (_, bytes, message) => {
  await expect(zipFolder(archive(bytes()))).rejects.toThrow(message);
});

test("whatever is changed in an archive, its files are as they were, or one clear error tells", async () => {
  const entries = [
    { name: "a", data: Buffer.from("what is stored"), method: 0 },
    { name: "b/c", data: Buffer.from("what is packed ".repeat(20)) },
  ];
  const before = await readAll(zip(entries));
  const change = fc.record({ at: fc.nat(), value: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 3 }), fc.boolean(), async (changes, isLarge) => {
      const bytes = zip(entries, { isLarge });
      for (const { at, value } of changes) bytes[at % bytes.length] = value;
      const read: unknown = await readAll(bytes).catch((cause: unknown) => cause);
      if (read instanceof Error) {
        expect(read).toMatchObject({ code: "bad-file" });
        return;
      }
      const found = [...(read as Map<string, Buffer>).values()].map(String);
      for (const text of found) expect([...before.values()].map(String)).toContain(text);
    }),
    { numRuns: 2000 },
  );
});
