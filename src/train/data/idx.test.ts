import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeIdx, idxDataset } from "./idx.ts";

/** An IDX file, written out by hand. */
function idx(dims: readonly number[], values: readonly number[], type = 8): Uint8Array {
  const header = [0, 0, type, dims.length, ...dims.flatMap((dim) => [0, 0, dim >> 8, dim & 255])];
  return Uint8Array.from([...header, ...values]);
}

const images = {
  name: "images",
  bytes: idx([2, 2, 3], [0, 51, 102, 153, 204, 255, 6, 5, 4, 3, 2, 1]),
};
const labels = { name: "labels", bytes: idx([2], [7, 3]) };
const named = (name: string, bytes: Uint8Array) => ({ name, bytes });

describe("decodeIdx", () => {
  test("gives back any array", () => {
    const arrays = fc
      .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 })
      .chain((dims) => {
        const length = dims.reduce((product, dim) => product * dim, 1);
        const values = fc.array(fc.integer({ min: 0, max: 255 }), {
          minLength: length,
          maxLength: length,
        });
        return fc.tuple(fc.constant(dims), values);
      });
    fc.assert(
      fc.property(arrays, ([dims, values]) => {
        const array = decodeIdx(named("any", idx(dims, values)));
        expect(array.dims).toEqual(dims);
        expect([...array.data]).toEqual(values);
      }),
    );
  });

  test("reads from the middle of a buffer", () => {
    const bytes = Uint8Array.from([9, 9, ...labels.bytes]).subarray(2);
    expect([...decodeIdx(named("part", bytes)).data]).toEqual([7, 3]);
  });

  test.each([
    [
      "another magic",
      Uint8Array.from([31, 139, 8, 1, 0]),
      "begin with the bytes 00 00 08 and its rank, got 1f 8b 08 01",
    ],
    ["floats", idx([1], [1, 2, 3, 4], 13), "got 00 00 0d 01"],
    ["an empty file", new Uint8Array(0), "got an empty file"],
    ["a header cut short", images.bytes.subarray(0, 9), "a header of 16 bytes, got 9"],
    ["values cut short", images.bytes.subarray(0, 20), "28 bytes for [2, 2, 3], got 20"],
    ["values too many", Uint8Array.from([...labels.bytes, 0]), "10 bytes for [2], got 11"],
    [
      "a size beyond any file",
      Uint8Array.from([0, 0, 8, 1, 255, 255, 255, 255]),
      "4294967303 bytes",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeIdx(named("file", bytes))).toThrow(
      expect.objectContaining({
        code: "bad-file",
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});

describe("idxDataset", () => {
  test("gives pictures in 0..1 with their digits", async () => {
    const dataset = idxDataset(images, labels);
    expect(dataset.dims).toEqual([1, 2, 3]);
    expect(dataset.length).toBe(2);
    expect(dataset.classes).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    expect([dataset.label(0), dataset.label(1)]).toEqual([7, 3]);
    expect(dataset.title(1)).toBe('picture 1 of "images"');
    const { picture, label } = await dataset.read(0);
    expect(label).toBe(7);
    expect([...picture]).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1].map(Math.fround));
  });

  test.each([
    [
      "counts that differ",
      images,
      named("labels", idx([3], [1, 2, 3])),
      "a class for each of the 2 pictures",
    ],
    [
      "classes in the place of pictures",
      labels,
      labels,
      "pictures as [count, rows, columns], got [2]",
    ],
    ["pictures in the place of classes", images, images, "got [2, 2, 3]. take files of one set"],
    [
      "no pictures",
      named("none", idx([0, 2, 3], [])),
      named("none", idx([0], [])),
      "got [0, 2, 3]",
    ],
    [
      "a class without a name",
      images,
      named("labels", idx([2], [1, 10])),
      "classes in 0..9, got 10 at 1",
    ],
  ])("refuses %s", (_, imageFile, labelFile, message) => {
    expect(() => idxDataset(imageFile, labelFile)).toThrow(
      expect.objectContaining({
        code: "bad-file",
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});
