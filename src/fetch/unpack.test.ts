/** @file Archives that mean harm, or were cut: unpacked rightly, or refused with nothing left. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { zip, type Entry } from "../../test/zip-archive.ts";
import { LimpidError } from "../errors.ts";
import { folderFault } from "./folder-sums.ts";
import { unpack } from "./unpack.ts";

let root: string;
const archive = () => join(root, "cache/set.zip");
const folder = () => join(root, "cache/set");

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "limpid-unpack-"));
  mkdirSync(join(root, "cache"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function unpacked(bytes: Buffer, count: number): Promise<readonly string[]> {
  writeFileSync(archive(), bytes);
  await unpack(archive(), folder(), { prefix: "r/", count });
  return filesIn(folder());
}

function filesIn(at: string): readonly string[] {
  return readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted();
}

/** Nothing in the cache, and nothing beside it. */
function expectNothing(): void {
  expect(readdirSync(root)).toEqual(["cache"]);
  expect(readdirSync(join(root, "cache"))).toEqual([]);
}

const photo = { name: "r/a.jpg" };

test("pictures are unpacked, packed or stored, with a comment, with sizes behind them, from folders", async () => {
  const entries = [
    { name: "r/", data: Buffer.alloc(0), method: 0, mode: 0o040755 },
    { name: "r/cats/a.jpg", mode: 0o100644 },
    { name: "r/dogs/b.JPEG", method: 0 },
    { name: "r/dogs/c.jpg", flags: 8 },
  ];
  expect(await unpacked(zip(entries, { comment: "a comment" }), 3)).toEqual([
    "a.jpg",
    "b.JPEG",
    "c.jpg",
  ]);
  expect(readFileSync(join(folder(), "dogs/b.JPEG"), "utf8")).toBe("r/dogs/b.JPEG");
  expect(readdirSync(join(root, "cache")).toSorted()).toEqual(["set", "set.sha256"]);
  expect(await folderFault(folder(), 3)).toBeUndefined();
});

test("a photo that was changed, or is gone, is noticed", async () => {
  await unpacked(zip([photo, { name: "r/b.jpg" }]), 2);
  writeFileSync(join(folder(), "b.jpg"), "r/b.jpG");
  expect(await folderFault(folder(), 2)).toMatch(/must have files of the SHA-256.*"b.jpg"/);
  rmSync(join(folder(), "b.jpg"));
  expect(await folderFault(folder(), 2)).toMatch(/must have all its files.*"b.jpg"/);
  for (const text of ["", "no sums\n", `${"0".repeat(64)}  ../../x\n`]) {
    writeFileSync(`${folder()}.sha256`, text);
    expect(await folderFault(folder(), 2)).toMatch(
      /must have the SHA-256 of its 2 files beside it/,
    );
  }
});

test.each([
  "../evil.jpg",
  "r/../../evil.jpg",
  "/r/evil.jpg",
  "r//evil.jpg",
  "r/..\\evil.jpg",
  "r/C:evil.jpg",
  "r/._a.jpg",
  "r/__MACOSX/a.jpg",
  "__MACOSX/r/a.jpg",
  "r/\u0000.jpg",
  "r/a.jpg/",
  "r/a.exe",
  "r/.jpg",
])("%j is never unpacked", async (name) => {
  expect(await unpacked(zip([photo, { name }]), 1)).toEqual(["a.jpg"]);
  expect(readdirSync(root)).toEqual(["cache"]);
});

const mebibyte = Buffer.alloc(2 ** 20);
const many = (count: number, entry: Omit<Entry, "name">) =>
  Array.from({ length: count }, (_, i) => ({ ...entry, name: `r/${i}.jpg` }));

test.each([
  ["another number", [photo], /of 2 pictures, got one with 1 pictures/],
  ["a bomb", many(2, { data: mebibyte }), /of 0.0 MB that says it unpacks to 2.1 MB/],
  ["a huge picture", [photo, { name: "r/b.jpg", size: 2 ** 31 }], /"b.jpg" has 2147.5 MB/],
  [
    "a picture that is larger than it says",
    [photo, { name: "r/b.jpg", data: mebibyte, size: 9 }],
    /broken packing, or more bytes than the directory tells, in "r\/b.jpg"/,
  ],
  [
    "a picture that is smaller than it says",
    [photo, { name: "r/b.jpg", size: 9_000 }],
    /another number of bytes/,
  ],
  ["a wrong checksum", [photo, { name: "r/b.jpg", crc: 7 }], /a wrong checksum in "r\/b.jpg"/],
  [
    "broken packing",
    [photo, { name: "r/b.jpg", packed: Buffer.from("no deflate") }],
    /broken packing/,
  ],
  ["unknown packing", [photo, { name: "r/b.jpg", method: 12 }], /the unknown packing 12/],
  ["a locked picture", [photo, { name: "r/b.jpg", flags: 1 }], /"b.jpg" is encrypted/],
  ["a link", [photo, { name: "r/b.jpg", mode: 0o120777 }], /"b.jpg" is a link or device/],
  ["a pipe", [photo, { name: "r/b.jpg", mode: 0o010644 }], /"b.jpg" is a link or device/],
  ["a name twice", [photo, photo], /"a.jpg" twice/],
  ["a name twice where capitals do not count", [photo, { name: "r/A.JPG" }], /"A.JPG" twice/],
  [
    "a file that is a folder too",
    [photo, { name: "r/a.jpg/b.jpg" }],
    /"a.jpg" is a file and a folder/,
  ],
  ["a long name", [photo, { name: `r/${"n".repeat(5000)}.jpg` }], /of 5004 letters/],
  [
    "two names of one entry",
    [photo, { name: "r/b.jpg", localName: "r/c.jpg" }],
    /two names in "r\/b.jpg"/,
  ],
  [
    "an entry that is not there",
    [photo, { name: "r/b.jpg", offset: 5 }],
    /no header in "r\/b.jpg"/,
  ],
  [
    "an entry behind the end",
    [photo, { name: "r/b.jpg", offset: 2 ** 31 }],
    /no header in "r\/b.jpg"/,
  ],
  [
    "entries that overlap",
    [
      { name: "r/a.jpg", data: mebibyte, method: 0 },
      ...many(40, { packed: Buffer.alloc(2 ** 15), offset: 0 }).slice(1),
    ],
    /got one with|overlap/,
  ],
] as const)("an archive with %s is thrown away", async (_, entries, message) => {
  await expect(unpacked(zip(entries), 2)).rejects.toThrow(message);
  expectNothing();
});

test("pictures that share their bytes are refused", async () => {
  const bytes = zip([{ name: "r/a.jpg", data: mebibyte, method: 0 }, { name: "r/b.jpg" }]);
  // The second is told to have as many packed bytes as the first.
  bytes.writeUInt32LE(2 ** 20, bytes.lastIndexOf(Buffer.from("PK\u0001\u0002")) + 20);
  await expect(unpacked(bytes, 2)).rejects.toThrow(/one in which pictures overlap/);
  expectNothing();
});

test.each([
  ["is empty", () => Buffer.alloc(0), /a file without a directory/],
  ["is a web page", () => Buffer.from("<html>".repeat(100)), /a file without a directory/],
  ["was cut", () => zip([photo, photo]).subarray(0, -9), /a file without a directory/],
  [
    "has something before it",
    () => Buffer.concat([Buffer.from("#!"), zip([photo])]),
    /a directory in the wrong place/,
  ],
  ["counts more than it has", () => changed(zip([photo]), 10, 2, 8), /a broken directory/],
  [
    "counts less than it has",
    () => changed(zip([photo, photo]), 10, 1, 8),
    /more than its entries/,
  ],
  ["is one of several", () => changed(zip([photo]), 4, 1), /of several files/],
  ["is for large files", () => changed(zip([photo]), 10, 0xffff, 8), /zip64/],
] as const)("a file that %s is thrown away", async (_, bytes, message) => {
  await expect(unpacked(bytes(), 2)).rejects.toThrow(message);
  expectNothing();
});

/** Other numbers in the end of an archive without a comment. */
function changed(bytes: Buffer, at: number, value: number, also = at): Buffer {
  for (const each of [at, also]) bytes.writeUInt16LE(value, bytes.length - 22 + each);
  return bytes;
}

test("a stop leaves the archive, and no part of the folder", async () => {
  writeFileSync(archive(), zip([photo]));
  const stopped = unpack(archive(), folder(), { prefix: "r/", count: 1 }, { aborted: true });
  await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  expect(readdirSync(join(root, "cache"))).toEqual(["set.zip"]);
});

test("a folder that was damaged is replaced, and what a killed run left is gone", async () => {
  mkdirSync(folder());
  writeFileSync(join(folder(), "old.jpg"), "old");
  mkdirSync(`${folder()}.part`);
  writeFileSync(join(`${folder()}.part`, "half.jpg"), "half");
  expect(await unpacked(zip([photo]), 1)).toEqual(["a.jpg"]);
  expect(readdirSync(join(root, "cache")).toSorted()).toEqual(["set", "set.sha256"]);
});

const names = fc.constantFrom("r/a.jpg", "r/b/c.jpg", "r/d.jpeg", "r/../e.jpg", "r/f.txt", "g.jpg");
const entry = fc.record(
  {
    data: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    method: fc.constantFrom(0, 8),
    flags: fc.constantFrom(0, 8, 0x800),
  },
  { requiredKeys: [] },
);
const change = fc.record({
  at: fc.nat(),
  value: fc.integer({ min: 0, max: 255 }),
  isCut: fc.boolean(),
});

test("whatever is changed in an archive, it gives what its checksums tell, or nothing", async () => {
  const arbitrary = fc.record({
    entries: fc.uniqueArray(fc.tuple(names, entry), { minLength: 1, selector: ([name]) => name }),
    changes: fc.array(change, { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ entries, changes }) => {
      const wanted = entries.filter(([name]) => /^r\/(?!\.).*\.jpe?g$/.test(name));
      fc.pre(wanted.length > 0);
      let bytes = zip(entries.map(([name, rest]) => ({ name, ...rest })));
      for (const { at, value, isCut } of changes) {
        if (isCut && value < 40) bytes = bytes.subarray(0, at % (bytes.length + 1));
        else if (bytes.length > 0) bytes[at % bytes.length] = value;
      }
      const error: unknown = await unpacked(bytes, wanted.length).catch((cause: unknown) => cause);
      if (error instanceof Error) {
        expect(error).toBeInstanceOf(LimpidError);
        expect(error).toMatchObject({ code: "bad-file" });
        expectNothing();
        return;
      }
      expect(error).toHaveLength(wanted.length);
      expect(existsSync(join(root, "cache/e.jpg"))).toBe(false);
      if (changes.length === 0) {
        const same = wanted.every(([name, { data = Buffer.from(name) }]) =>
          readFileSync(join(folder(), name.slice(2))).equals(data),
        );
        expect(same).toBe(true);
      }
      for (const each of [folder(), `${folder()}.sha256`]) rmSync(each, { recursive: true });
    }),
    { numRuns: 250 },
  );
});
