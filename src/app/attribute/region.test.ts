/** @file Masks, boxes and pixels of photos in the network's input, whatever the preparation, and what is refused. */
import { assert, asyncProperty, constantFrom, double, integer, tuple } from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeNpy } from "../../formats/npy.ts";
import { tensor, tensorOf } from "../../graph/tensor.ts";
import { picture, type Picture } from "../../image/picture.ts";
import { placeInInput, preprocess, preprocessingOf } from "../../image/preprocess.ts";
import { decodePicture, encodePng } from "../../node/codecs.ts";
import { commandWords, wordsOf } from "../../wording/face.ts";
import { LimpidError } from "../../errors.ts";
import { readRegion, type AskedRegion } from "./region.ts";

const size = { channels: 1 as const, heightPx: 32, widthPx: 48 };
const input = tensorOf("float32", [1, 1, 32, 48], new Float32Array(32 * 48));

/** A photo in data, fitted as a preparation has it. */
function placed(widthPx: number, heightPx: number, resize: "crop" | "stretch" | "pad") {
  const how = { ...preprocessingOf("none"), resize };
  return {
    input,
    photo: { widthPx, heightPx, place: placeInInput({ widthPx, heightPx }, how, size) },
  };
}

const files = new Map<string, Picture>();
const arrays = new Map<string, Uint8Array>();
const platform = {
  readBytes: (path: string) => Promise.resolve(arrays.get(path)!),
  readPicture: (path: string) => Promise.resolve(files.get(path)!),
};
const read = (asked: AskedRegion, source: Parameters<typeof readRegion>[2]) =>
  readRegion(platform, asked, source);

async function refusal(asked: AskedRegion, source: Parameters<typeof readRegion>[2]) {
  const error: unknown = await read(asked, source).catch((thrown: unknown) => thrown);
  if (!(error instanceof LimpidError)) throw new Error("nothing was refused");
  return wordsOf(error.said, commandWords);
}

describe("a photo with a white rectangle, prepared in any way", () => {
  const side = integer({ min: 40, max: 150 });
  const resize = constantFrom("crop", "stretch", "pad");
  const part = double({ min: 0, max: 1, noNaN: true });
  const corners = tuple(part, part, part, part);

  test("its box and its mask are where the white is in the input", async () => {
    await assert(
      asyncProperty(side, side, resize, corners, async (w, h, fitted, [a, b, c, d]) => {
        const [left, right] = [
          Math.floor(Math.min(a, b) * (w - 12)),
          Math.ceil(Math.max(a, b) * (w - 12)) + 12,
        ];
        const [top, bottom] = [
          Math.floor(Math.min(c, d) * (h - 12)),
          Math.ceil(Math.max(c, d) * (h - 12)) + 12,
        ];
        const isWhite = (i: number) => {
          const [x, y] = [i % w, Math.floor(i / w)];
          return x >= left && x < right && y >= top && y < bottom;
        };
        const photo = picture(
          w,
          h,
          1,
          Uint8Array.from({ length: w * h }, (_, i) => (isWhite(i) ? 255 : 0)),
        );
        const how = {
          ...preprocessingOf("none"),
          resize: fitted,
          border: 0,
          filter: "box" as const,
        };
        const { data } = preprocess(photo, how, size);
        const source = placed(w, h, fitted);
        // A crop may leave nothing of it.
        if (data.every((value) => value < 200)) return;
        const mask = await read({ mask: photo }, source);
        const box = await read({ box: `${left},${top},${right},${bottom}` }, source);
        const seen = box!.region as Extract<typeof box, object>["region"] & { kind: "box" };
        const { inside } = mask!.region as { inside: Uint8Array };
        for (const [i, value] of data.entries()) {
          const [x, y] = [(i % size.widthPx) + 0.5, Math.floor(i / size.widthPx) + 0.5];
          const margin = 1.01;
          const isWithin = (by: number) =>
            x > seen.left + by && x < seen.right - by && y > seen.top + by && y < seen.bottom - by;
          if (isWithin(margin)) expect([value > 127, inside[i]]).toEqual([true, 1]);
          if (!isWithin(-margin)) expect([value > 127, inside[i]]).toEqual([false, 0]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

test("a pixel is its middle in the input", async () => {
  expect((await read({ pixel: "0,99" }, placed(100, 100, "stretch")))!.region).toEqual({
    kind: "pixel",
    asked: "0,99",
    x: 0.24,
    y: 31.84,
  });
});

test("regions of a tensor are in its own pixels", async () => {
  expect((await read({ box: "1,2,30,4" }, { input }))!.region).toEqual({
    kind: "box",
    asked: "1,2,30,4",
    left: 1,
    top: 2,
    right: 30,
    bottom: 4,
  });
});

test("a mask of another size is scaled, and that is said", async () => {
  const mask = tensor("uint8", [2, 2], Uint8Array.of(0, 7, 0, 0));
  const found = await read({ mask }, placed(96, 64, "stretch"));
  const { inside } = found!.region as { inside: Uint8Array };
  expect(inside.reduce((sum, one) => sum + one, 0)).toBe(16 * 24);
  expect(wordsOf(found!.note!, commandWords)).toMatch(/2 x 2 is scaled to the photo's 96 x 64/);
});

test("masks are read of .npy files of any numbers, and of pictures with transparency", async () => {
  const values = new Float32Array(32 * 48);
  values[5] = -0.5;
  arrays.set("m.npy", encodeNpy(tensor("float32", [1, 32, 48], values)));
  const clear = new Uint8Array(4 * 32 * 48).fill(255);
  for (let i = 0; i < 32 * 48; i++) clear[4 * i + 3] = i === 5 ? 255 : 0;
  const file = await encodePng(picture(48, 32, 4, clear));
  files.set("m.png", await decodePicture(file, "m.png"));
  for (const mask of ["m.npy", "m.png"]) {
    const found = await read({ mask }, placed(48, 32, "crop"));
    const { inside } = found!.region as { inside: Uint8Array };
    expect([...inside.keys()].filter((i) => inside[i] === 1)).toEqual([5]);
  }
});

test("what JPEG leaves around white is outside", async () => {
  const data = new Uint8Array(32 * 48).fill(9);
  data[7] = 240;
  files.set("m.jpg", picture(48, 32, 1, data));
  const found = await read({ mask: "m.jpg" }, placed(48, 32, "crop"));
  const { inside } = found!.region as { inside: Uint8Array };
  expect([...inside.keys()].filter((i) => inside[i] === 1)).toEqual([7]);
});

test("a box that is cut by the crop is what is left of it", async () => {
  const found = await read({ box: "0,0,200,60" }, placed(200, 60, "crop"));
  expect(found!.region).toMatchObject({ kind: "box", left: 0, top: 0, right: 48, bottom: 32 });
  expect(wordsOf(found!.note!, commandWords)).toMatch(/only \d+ % is in the part of the photo/);
});

test.each<[string, AskedRegion, RegExp]>([
  ["two regions", { box: "1,1,2,2", pixel: "1,1" }, /--box and --pixel. leave one out/],
  ["three numbers", { box: "1,2,3" }, /4 numbers, left,top,right,bottom, got "1,2,3"/],
  ["words", { pixel: "a,b" }, /2 numbers, x,y, got "a,b"/],
  ["an empty box", { box: "5,5,5,9" }, /left must be less than right/],
  ["a box beyond the photo", { box: "0,0,201,60" }, /photo of 200 x 60 pixels/],
  ["a pixel beyond the photo", { pixel: "200,0" }, /x from 0 to 199/],
  ["a pixel that is cropped off", { pixel: "1,1" }, /the crop leaves out.*--preprocess/],
  ["a box that is cropped off", { box: "0,0,9,60" }, /the crop leaves out/],
  ["a black mask", { mask: picture(2, 1, 1, Uint8Array.of(0, 0)) }, /paint the region white/],
  [
    "a mask that is cropped off",
    {
      mask: tensor(
        "bool",
        [1, 20],
        Uint8Array.from({ length: 20 }, (_, i) => (i === 0 ? 1 : 0)),
      ),
    },
    /the crop leaves out/,
  ],
  [
    "a mask of three axes",
    { mask: tensor("uint8", [2, 1, 1], Uint8Array.of(1, 1)) },
    /must be \[H, W\], got shape \[2, 1, 1\]/,
  ],
])("%s is refused", async (_, asked, message) => {
  expect(await refusal(asked, placed(200, 60, "crop"))).toMatch(message);
});
