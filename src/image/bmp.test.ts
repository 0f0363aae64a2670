import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { bmpSize, decodeBmp } from "./bmp.ts";

/** Red, green, blue; white, grey, black. */
const colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 128, 128, 128, 0, 0, 0];
const [width, height] = [3, 2];

interface Parts {
  readonly bits: number;
  readonly compression?: number;
  readonly topDown?: boolean;
  readonly masks?: readonly number[];
  readonly palette?: readonly number[];
  readonly pixels: readonly number[];
}

/** A bitmap with the header of Windows 3. */
function bitmap({ bits, compression = 0, topDown, masks = [], palette = [], pixels }: Parts) {
  const start = 54 + 4 * masks.length + palette.length;
  const file = new Uint8Array(start + pixels.length);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  view.setUint32(2, file.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, topDown ? -height : height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, compression, true);
  view.setUint32(46, palette.length / 4, true);
  for (const [i, mask] of masks.entries()) view.setUint32(54 + 4 * i, mask, true);
  file.set(palette, 54 + 4 * masks.length);
  file.set(pixels, start);
  return file;
}

/** The six colours as palette entries: blue, green, red, unused. */
const palette = [0, 1, 2, 3, 4, 5].flatMap((i) => [
  colours[3 * i + 2]!,
  colours[3 * i + 1]!,
  colours[3 * i]!,
  0,
]);

const words = (...values: readonly number[]) =>
  values.flatMap((value) => [value & 255, (value >> 8) & 255]);

const upper24 = [0, 0, 255, 0, 255, 0, 255, 0, 0, 0, 0, 0];
const lower24 = [255, 255, 255, 128, 128, 128, 0, 0, 0, 0, 0, 0];
const old = Uint8Array.of(
  0x42,
  0x4d,
  50,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  26,
  0,
  0,
  0,
  12,
  0,
  0,
  0,
  3,
  0,
  2,
  0,
  1,
  0,
  24,
  0,
  ...lower24,
  ...upper24,
);

describe("three colours over white, grey and black", () => {
  test.each<readonly [string, Uint8Array]>([
    ["24 bits", bitmap({ bits: 24, pixels: [...lower24, ...upper24] })],
    ["24 bits from the top", bitmap({ bits: 24, topDown: true, pixels: [...upper24, ...lower24] })],
    ["24 bits with the header of OS/2", old],
    [
      "32 bits",
      bitmap({
        bits: 32,
        pixels: [
          255, 255, 255, 0, 128, 128, 128, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0,
        ],
      }),
    ],
    ["8 bits", bitmap({ bits: 8, palette, pixels: [3, 4, 5, 0, 0, 1, 2, 0] })],
    ["4 bits", bitmap({ bits: 4, palette, pixels: [0x34, 0x50, 0, 0, 0x01, 0x20, 0, 0] })],
    [
      "8 bits in runs",
      bitmap({
        bits: 8,
        compression: 1,
        palette,
        pixels: [0, 3, 3, 4, 5, 0, 0, 0, 1, 0, 1, 1, 1, 2, 0, 1],
      }),
    ],
    [
      "4 bits in runs",
      bitmap({
        bits: 4,
        compression: 2,
        palette,
        pixels: [0, 3, 0x34, 0x50, 0, 0, 2, 0x01, 1, 0x20, 0, 1],
      }),
    ],
    [
      "8 bits in runs that jump",
      bitmap({
        bits: 8,
        compression: 1,
        palette,
        pixels: [1, 3, 1, 4, 1, 5, 0, 0, 0, 2, 1, 0, 1, 1, 1, 2, 0, 1],
      }),
    ],
  ])("%s", (_, file) => {
    expect(bmpSize(file)).toEqual({ widthPx: 3, heightPx: 2 });
    expect(decodeBmp(file)).toEqual({
      widthPx: 3,
      heightPx: 2,
      channels: 3,
      data: Uint8Array.from(colours),
    });
  });
});

test("fewer bits than eight reach from black to white", () => {
  const five = bitmap({ bits: 16, pixels: words(0x7fff, 0x4210, 0, 0, 0x7c00, 0x3e0, 0x1f, 0) });
  const five6 = bitmap({
    bits: 16,
    compression: 3,
    masks: [0xf800, 0x7e0, 0x1f],
    pixels: words(0xffff, 0x8410, 0, 0, 0xf800, 0x7e0, 0x1f, 0),
  });
  const grey = [132, 132, 132];
  expect([...decodeBmp(five).data]).toEqual(colours.toSpliced(12, 3, ...grey));
  expect([...decodeBmp(five6).data]).toEqual(colours.toSpliced(12, 3, 132, 130, 132));
});

test("one bit reads from the left", () => {
  const file = bitmap({
    bits: 1,
    palette: palette.slice(0, 8),
    pixels: [0b10100000, 0, 0, 0, 0b01000000, 0, 0, 0],
  });
  const [red, green] = [colours.slice(0, 3), colours.slice(3, 6)];
  expect([...decodeBmp(file).data]).toEqual([red, green, red, green, red, green].flat());
});

test("alpha with a mask of its own is laid on white", () => {
  const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
  const pixel = [0, 0, 200, 0];
  const half = [0, 0, 200, 51];
  const file = bitmap({
    bits: 32,
    compression: 6,
    masks,
    pixels: [pixel, pixel, pixel, pixel, half, half].flat(),
  });
  expect([...decodeBmp(file).data.subarray(0, 6)]).toEqual([255, 255, 255, 244, 204, 204]);
});

describe("broken files are refused", () => {
  const whole = bitmap({ bits: 24, pixels: [...lower24, ...upper24] });
  const patched = (offset: number, value: number) => {
    const file = whole.slice();
    new DataView(file.buffer).setInt32(offset, value, true);
    return file;
  };
  test.each<readonly [string, Uint8Array]>([
    ['the file must start with "BM".', new TextEncoder().encode("not a bitmap at all, but text")],
    ["the header must be whole, got 20 bytes.", whole.subarray(0, 20)],
    ["the header must have 12 or at least 40 bytes, got 13.", patched(14, 13)],
    ["sides must be positive, got 0 x 2.", patched(18, 0)],
    ["the pixels need 78 bytes, got 77.", whole.subarray(0, 77)],
    ["24 bits with compression 4 must be a known pair, got another.", patched(30, 4)],
    ["a palette of 256 colours must be whole, got a file of 78 bytes.", patched(28, 8)],
    [
      "runs must end with an end mark, got the end of the file after 80 bytes.",
      bitmap({ bits: 8, compression: 1, palette, pixels: [3, 3] }),
    ],
  ])("%s", (message, file) => {
    expect(() => decodeBmp(file)).toThrow(`bmp: ${message}`);
  });

  test("whatever the bytes, it is a picture of the claimed size or a LimpidError", () => {
    const files = [
      whole,
      bitmap({ bits: 8, compression: 1, palette, pixels: [0, 3, 3, 4, 5, 0, 0, 0, 3, 1, 0, 1] }),
      bitmap({ bits: 16, compression: 3, masks: [0xf800, 0x7e0, 0x1f], pixels: words(1, 2, 3, 4) }),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(100), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (file, changes) => {
          const broken = file.slice();
          for (const [at, value] of changes) broken[2 + (at % (file.length - 2))] = value;
          try {
            if (bmpSize(broken).widthPx * bmpSize(broken).heightPx > 1e6) return;
            const { data, widthPx, heightPx } = decodeBmp(broken);
            expect(data.length).toBe(3 * widthPx * heightPx);
          } catch (error) {
            expect(error).toBeInstanceOf(LimpidError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
