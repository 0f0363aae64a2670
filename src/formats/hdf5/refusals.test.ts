/** @file What HDF5 has and Keras does not write is refused by name; broken files are refused before they cost anything. */
import { describe, expect, test } from "vitest";
import { describedByUs } from "../../../test/hdf5/described.ts";
import {
  writtenHdf5,
  type WrittenFile,
  type WritingOptions,
} from "../../../test/hdf5/written-hdf5.ts";
import { LimpidError } from "../../errors.ts";
import { memorySource } from "../source.ts";
import { openHdf5 } from "./open.ts";

const old: WritingOptions = { libver: ["earliest", "latest"] };

async function refusal(bytes: Uint8Array): Promise<string> {
  try {
    await describedByUs(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(LimpidError);
    expect((error as LimpidError).code).toBe("bad-file");
    return (error as LimpidError).message;
  }
  return "none";
}

/** The bytes with some of them replaced, wherever they are. */
function replaced(bytes: Uint8Array, from: readonly number[], to: readonly number[]): Uint8Array {
  const result = bytes.slice();
  let count = 0;
  for (let at = 0; at + from.length <= bytes.length; at++) {
    if (!from.every((byte, i) => bytes[at + i] === byte)) continue;
    result.set(to, at);
    count += 1;
  }
  expect(count).toBeGreaterThan(0);
  return result;
}

const letters = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));

const floats = { name: "a", data: Float32Array.from({ length: 64 }, (_, i) => i), shape: [8, 8] };
const chunked = { ...floats, chunks: [4, 4], maxshape: [null, null] };

describe("what is not read is named", () => {
  const cases: readonly (readonly [string, WritingOptions, (file: WrittenFile) => void, RegExp])[] =
    [
      [
        "soft links",
        old,
        (file) => file.create_soft_link("/x", "a"),
        /"\/a" is a soft link to "\/x", which is not read/,
      ],
      [
        "soft links in new groups",
        {},
        (file) => file.create_soft_link("/x", "a"),
        /"\/a" is a soft link to "\/x"/,
      ],
      [
        "external links",
        {},
        (file) => file.create_external_link("b.h5", "/x", "a"),
        /"\/a" is a link to another file/,
      ],
      [
        "new lists of chunks",
        { libver: "latest" },
        (file) => file.create_dataset(chunked),
        /HDF5 1.10 \(libver='latest'\)/,
      ],
      [
        "references",
        {},
        (file) => file.create_dataset({ name: "a", data: [file.create_reference()] }),
        /elements are references/,
      ],
      [
        "compound values",
        {},
        (file) =>
          file.create_dataset({
            name: "a",
            data: new Map([["x", [1, 2]]]),
            dtype: [["x", "<i4"]],
          } as never),
        /elements are compound values/,
      ],
    ];
  test.each(cases)("%s", async (_, options, build, message) => {
    const bytes = await writtenHdf5(build, options);
    expect(await refusal(bytes)).toMatch(message);
  });

  /** A layout message of version 3 in an old header: type 8, 24 bytes. */
  const contiguous = [8, 0, 24, 0, 0, 0, 0, 0, 3, 1];
  /** The time of a change: type 0x12, 8 bytes. */
  const changed = [0x12, 0, 8, 0];
  const deflate = [1, 1, 0, 0, 0, 0, 0, 0, 1, 0];
  const patched = [
    [
      "virtual datasets",
      floats,
      contiguous,
      [...contiguous.slice(0, 9), 3],
      /virtual one, whose data lie in other files/,
    ],
    [
      "data in other files",
      floats,
      changed,
      [7, 0, 8, 0],
      /dataset "\/a" has its data in other files/,
    ],
    [
      "lzf",
      { ...chunked, compression: "gzip" },
      deflate,
      [...deflate.slice(0, 8), 0, 125],
      /filter 32000 \(lzf\)/,
    ],
    [
      "unknown filters",
      { ...chunked, compression: "gzip" },
      deflate,
      [...deflate.slice(0, 8), 77, 7],
      /filter 1869 \(deflate\)/,
    ],
  ] as const;
  test.each(patched)("%s", async (_, dataset, from, to, message) => {
    const bytes = await writtenHdf5((file) => void file.create_dataset(dataset), old);
    expect(await refusal(replaced(bytes, from, to))).toMatch(message);
  });

  test("floats of an own form", async () => {
    const bytes = await writtenHdf5((file) => void file.create_dataset(floats), old);
    const bias = [0x17, 0x08, 0x00, 0x17, 0x7f];
    expect(await refusal(replaced(bytes, bias, [0x17, 0x08, 0x00, 0x17, 0x7e]))).toMatch(
      /numbers of 32 bits in an own form/,
    );
  });
});

describe("broken files", () => {
  test("another file, and none", async () => {
    expect(await refusal(new Uint8Array(0))).toMatch(/must have HDF5's signature/);
    expect(await refusal(new Uint8Array(5000).fill(7))).toMatch(/must have HDF5's signature/);
  });

  test("a file that is cut anywhere", async () => {
    const bytes = await writtenHdf5((file) => {
      file.create_group("g").create_attribute("x", "text");
      file.create_dataset({ ...chunked, compression: "gzip" });
    }, old);
    for (let end = 0; end < bytes.length - 1200; end += 97) {
      expect(await refusal(bytes.subarray(0, end))).toMatch(/^hdf5: /);
    }
  });

  test("more data than a file can hold", async () => {
    const bytes = await writtenHdf5((file) => {
      file.create_dataset(chunked).resize([2 ** 15, 2 ** 15]);
    }, old);
    expect(await refusal(bytes)).toMatch(/must come to at most 67108864, got 42949672/);
  });

  test("shapes without end", async () => {
    const bytes = await writtenHdf5((file) => {
      file.create_dataset(chunked).resize([2 ** 30, 2 ** 30]);
    }, old);
    expect(await refusal(bytes)).toMatch(/a shape must have fewer elements|must be smaller/);
  });

  test("a tree whose node is its own child", async () => {
    const bytes = await writtenHdf5((file) => void file.create_group("g"), old);
    const at = Buffer.from(bytes).indexOf("TREE");
    const looped = bytes.slice();
    const view = new DataView(looped.buffer);
    // One level up, and the first child is the node.
    view.setUint8(at + 5, 1);
    view.setBigUint64(at + 32, BigInt(at), true);
    expect(await refusal(looped)).toMatch(/must have nodes of its own|got a loop/);
  });

  test("a header that continues in itself", async () => {
    const bytes = await writtenHdf5((file) => {
      const group = file.create_group("g");
      for (let i = 0; i < 30; i++) group.create_attribute(`a${i}`, "text ".repeat(20), null, "S90");
    }, old);
    const view = new DataView(bytes.buffer.slice(0));
    for (let at = 0; at + 24 < bytes.length; at += 8) {
      if (view.getUint32(at, true) !== 0x0010_0010) continue;
      const [address, length] = [view.getBigUint64(at + 8, true), view.getBigUint64(at + 16, true)];
      // The block that it leads to starts with the same message.
      for (let i = 0; i < 24; i++) view.setUint8(Number(address) + i, view.getUint8(at + i));
      expect(length).toBeGreaterThan(24n);
    }
    expect(await refusal(new Uint8Array(view.buffer))).toMatch(/got a loop at address/);
  });

  test("two things of one name", async () => {
    const bytes = await writtenHdf5((file) => {
      file.create_group("aaaa");
      file.create_group("bbbb");
    }, old);
    expect(await refusal(replaced(bytes, letters("bbbb"), letters("aaaa")))).toMatch(
      /got two of "aaaa"/,
    );
  });

  test("paths that lead nowhere are undefined", async () => {
    const bytes = await writtenHdf5((file) => {
      file.create_group("g");
      file.create_dataset(floats);
    });
    const root = await openHdf5(memorySource("file.h5", bytes));
    expect(await root.group("x/y")).toBeUndefined();
    expect(await root.group("a")).toBeUndefined();
    expect(await root.dataset("g")).toBeUndefined();
    expect(await root.dataset("")).toBeUndefined();
    expect(await root.attribute("x")).toBeUndefined();
    expect((await root.dataset("/a"))?.dims).toEqual([8, 8]);
  });
});

describe("small files that would take long", () => {
  async function readingMs(dataset: object, grown?: readonly number[]): Promise<number> {
    const bytes = await writtenHdf5((file) => {
      const made = file.create_dataset({ name: "a", ...dataset } as never);
      if (grown) made.resize([...grown]);
    }, old);
    expect(bytes.length).toBeLessThan(200_000);
    const start = process.cpuUsage().user;
    expect(await refusal(bytes)).toMatch(/none|must come to at most/);
    return (process.cpuUsage().user - start) / 1000;
  }

  test("very many empty texts", async () => {
    const texts = { data: ["a"], dtype: "S", chunks: [1], maxshape: [null] };
    expect(await readingMs(texts, [4_000_000])).toBeLessThan(1500);
    expect(await readingMs(texts, [500_000])).toBeLessThan(1500);
  });

  test("rows of one byte", async () => {
    const count = 15_000_000;
    const column = { shape: [count, 1], chunks: [count, 1], maxshape: [null, null] };
    const packed = { data: new Uint8Array(count), ...column, compression: "gzip" };
    expect(await readingMs(packed, [count, 2])).toBeLessThan(1500);
  });
});
