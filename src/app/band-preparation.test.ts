import { expect, test } from "vitest";
import type { FileArray } from "../formats/arrays/file-array.ts";
import { commandWords, wordsOf } from "../wording/face.ts";
import { prepareBands, readBandPreparation } from "./band-preparation.ts";

const array: FileArray = {
  dims: [2, 2, 4],
  data: Float32Array.from({ length: 16 }, (_, i) => i),
  axes: ["C", "H", "W"],
  notes: [],
};
const read = (text: string) => readBandPreparation("bands.json", () => Promise.resolve(text));
const texts = (notes: readonly Parameters<typeof wordsOf>[0][]) =>
  notes.map((note) => wordsOf(note, commandWords));

test("without a file bands are fed as they are stored, and that is said", async () => {
  const how = await readBandPreparation(undefined, () => Promise.reject(new Error("none")));
  const { dims, data, notes } = prepareBands("a.tif", array, how, [undefined, 4]);
  expect(dims).toEqual([2, 2, 4]);
  expect(data).toEqual(array.data);
  expect(texts(notes)).toEqual([
    '"a.tif" has 2 bands of numbers from 0 to 15, which are fed as they are stored; --preprocess FILE gives a scale, and a mean and a deviation a band',
  ]);
});

test("a file gives a scale, and a mean and a deviation a band", async () => {
  const how = await read('{"scale": 0.5, "mean": [0, 4], "std": [1, 2]}');
  const { data } = prepareBands("a.tif", array, how, [2, 4]);
  expect(Array.from(data.slice(0, 3))).toEqual([0, 0.5, 1]);
  expect(Array.from(data.slice(8, 11))).toEqual([0, 0.25, 0.5]);
});

test("another size is refused unless the file says how it is fitted", async () => {
  const none = await readBandPreparation("none", () => Promise.reject(new Error("none")));
  expect(() => prepareBands("a.tif", array, none, [2, 2])).toThrow(/must be 2 x 2 .* got 2 x 4/);
  const crop = prepareBands("a.tif", array, await read('{"resize": "crop"}'), [2, 2]);
  expect(Array.from(crop.data)).toEqual([1, 2, 5, 6, 9, 10, 13, 14]);
  const stretch = prepareBands("a.tif", array, await read('{"resize": "stretch"}'), [1, 1]);
  expect(Array.from(stretch.data)).toEqual([3.5, 11.5]);
});

test("places without data are told, and not mixed with their neighbours", async () => {
  const holes = { ...array, data: array.data.with(0, -9999), nodata: -9999 };
  const how = await read('{"resize": "stretch"}');
  const { data, notes } = prepareBands("a.tif", holes, how, [4, 8]);
  expect([...data].every((value) => value === -9999 || (value >= 1 && value <= 15))).toBe(true);
  expect(texts(notes).at(-1)).toMatch(/6\.3 % of its numbers are -9999, which stands for no data/);
});

test.each([
  ["no JSON", "{", /got/],
  ["a field of another name", '{"means": 1}', /"scale", "mean", "std"/],
  ["a deviation of none", '{"std": 0}', /std" over 0/],
  ["no numbers", '{"mean": []}', /must hold/],
])("%s is refused", async (_, text, message) => {
  await expect(read(text)).rejects.toThrow(message);
});

test("as many means as there are not bands, and names of photos' preparations, are refused", async () => {
  const how = await read('{"mean": [1, 2, 3]}');
  expect(() => prepareBands("a.tif", array, how, [2, 4])).toThrow(/each of the 2 bands, got 3/);
  await expect(readBandPreparation("torchvision", () => Promise.resolve(""))).rejects.toThrow(
    /must be none or a \.json file/,
  );
});
