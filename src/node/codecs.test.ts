import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { picture, type Picture } from "../image/picture.ts";
import { commandWords, wordsOf } from "../wording/face.ts";
import { decodePicture, encodeJpeg, encodePng, encodeWebp, readPicture } from "./codecs.ts";

/** Left half red, right half blue; 16 x 8. */
const flag: Picture = picture(
  16,
  8,
  3,
  Uint8Array.from({ length: 16 * 8 * 3 }, (_, i) => {
    const isLeft = Math.floor(i / 3) % 16 < 8;
    return i % 3 === (isLeft ? 0 : 2) ? 220 : 20;
  }),
);

function sharpFlag() {
  return sharp(flag.data, { raw: { width: 16, height: 8, channels: 3 } });
}

function pixelAt(source: Picture, x: number, y: number): number[] {
  const at = 3 * (y * source.widthPx + x);
  return [...source.data.subarray(at, at + 3)];
}

function expectNear(actual: readonly number[], expected: readonly number[], within: number) {
  expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThanOrEqual(
    within,
  );
}

describe("decoding", () => {
  test.each([
    ["PNG", () => sharpFlag().png()],
    ["PNG with a palette", () => sharpFlag().png({ palette: true })],
    ["PNG of 16 bits", () => sharpFlag().toColourspace("rgb16").png()],
    ["JPEG", () => sharpFlag().jpeg({ quality: 100 })],
    ["WebP", () => sharpFlag().webp({ lossless: true })],
    ["GIF", () => sharpFlag().gif()],
    ["TIFF", () => sharpFlag().tiff()],
    ["AVIF", () => sharpFlag().avif({ lossless: true })],
  ])("%s", async (_, make) => {
    const decoded = await decodePicture(await make().toBuffer(), "flag");
    expect(decoded).toMatchObject({ widthPx: 16, heightPx: 8, channels: 3 });
    expectNear(pixelAt(decoded, 2, 4), [220, 20, 20], 3);
    expectNear(pixelAt(decoded, 13, 4), [20, 20, 220], 3);
  });

  test("CMYK becomes RGB", async () => {
    const file = await sharpFlag()
      .withIccProfile("cmyk")
      .toColourspace("cmyk")
      .jpeg({ quality: 100 })
      .toBuffer();
    const decoded = await decodePicture(file, "flag");
    expect(decoded.channels).toBe(3);
    const [red, , blue] = pixelAt(decoded, 2, 4);
    expect(red!).toBeGreaterThan(blue! + 100);
  });

  // Written by Pillow, of which convert("RGB") gives these colours.
  test.each([
    [
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAcICf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAOBEMATQBZAEsAAD8AZAugtv4//9k=",
      [153, 102, 67],
    ],
    [
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJCAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABcAAAMBAAAAAAAAAAAAAAAAAAUHCAn/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/ANXFeDh2P//Z",
      [131, 106, 82],
    ],
  ])(
    "CMYK without a profile becomes RGB by its inks, as in browsers and Pillow",
    async (file, wanted) => {
      const decoded = await decodePicture(Buffer.from(file, "base64"), "inks");
      expectNear(pixelAt(decoded, 3, 3), wanted, 1);
    },
  );

  test.each([1, 16] as const)(
    "grey of %i bits or depth becomes three equal channels",
    async (depth) => {
      const grey = sharp(Uint8Array.of(0, 85, 170, 255), {
        raw: { width: 4, height: 1, channels: 1 },
      });
      const file = await grey
        .toColourspace(depth === 16 ? "grey16" : "b-w")
        .png()
        .toBuffer();
      const decoded = await decodePicture(file, "grey");
      expect([...decoded.data]).toEqual(
        [0, 85, 170, 255].flatMap((value) => [value, value, value]),
      );
    },
  );

  test("EXIF turns the picture upright", async () => {
    const file = await sharpFlag().withMetadata({ orientation: 6 }).png().toBuffer();
    const decoded = await decodePicture(file, "flag");
    expect(decoded).toMatchObject({ widthPx: 8, heightPx: 16 });
    expect(pixelAt(decoded, 4, 2)).toEqual([220, 20, 20]);
    expect(pixelAt(decoded, 4, 13)).toEqual([20, 20, 220]);
  });

  test("transparency is laid on white", async () => {
    const raw = { width: 2, height: 1, channels: 4 } as const;
    const file = await sharp(Uint8Array.of(0, 100, 200, 51, 9, 9, 9, 0), { raw })
      .png()
      .toBuffer();
    const { data } = await decodePicture(file, "veil");
    expectNear([...data], [204, 224, 244, 255, 255, 255], 1);
  });

  test("of an animation, the first frame", async () => {
    const black: Picture = { ...flag, data: new Uint8Array(flag.data.length) };
    const file = await encodeWebp([flag, black], { frameMs: 40, quality: 100 });
    const decoded = await decodePicture(file, "moving");
    expect(decoded).toMatchObject({ widthPx: 16, heightPx: 8 });
    expect(pixelAt(decoded, 2, 4)[0]).toBeGreaterThan(150);
  });
});

describe("encoding", () => {
  test("PNG keeps every byte, of one, three and four channels", async () => {
    expect(await decodePicture(await encodePng(flag), "flag")).toEqual(flag);
    const grey = picture(2, 1, 1, Uint8Array.of(3, 250));
    expect((await sharp(await encodePng(grey)).metadata()).channels).toBe(1);
    const veil = picture(1, 1, 4, Uint8Array.of(1, 2, 3, 4));
    const { data } = await sharp(await encodePng(veil))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data]).toEqual([1, 2, 3, 4]);
  });

  test("the same picture gives the same bytes", async () => {
    expect(await encodePng(flag)).toEqual(await encodePng(flag));
  });

  test("JPEG gets smaller with its quality", async () => {
    const [fine, coarse] = [await encodeJpeg(flag, 95), await encodeJpeg(flag, 10)];
    expect(coarse.length).toBeLessThan(fine.length);
    expect((await sharp(fine).metadata()).format).toBe("jpeg");
  });

  test("an animation has its frames, their time and its loops", async () => {
    const black: Picture = { ...flag, data: new Uint8Array(flag.data.length) };
    const file = await encodeWebp([flag, black, flag], { frameMs: 40, loops: 2 });
    expect(await sharp(file, { animated: true }).metadata()).toMatchObject({
      format: "webp",
      pages: 3,
      pageHeight: 8,
      width: 16,
      loop: 2,
      delay: [40, 40, 40],
    });
    await expect(encodeWebp([], { frameMs: 40 })).rejects.toThrow("webp: frames must be");
    const small = picture(1, 1, 3, new Uint8Array(3));
    await expect(encodeWebp([flag, small], { frameMs: 40 })).rejects.toThrow(
      "webp: frames must be at least one and of one size, got 16 x 8 x 3, 1 x 1 x 3.",
    );
  });
});

describe("what is no picture", () => {
  const text = (words: string) => new TextEncoder().encode(words);
  const bomb = (side: number) => {
    const file = new Uint8Array(80);
    const view = new DataView(file.buffer);
    file.set([0x42, 0x4d]);
    view.setUint32(14, 40, true);
    view.setInt32(18, side, true);
    view.setInt32(22, side, true);
    view.setUint16(28, 24, true);
    return file;
  };

  test.each<readonly [string, Uint8Array, string]>([
    ["nothing", text(""), "got an empty file."],
    [
      "text",
      text("Dear cat,\n\nhow are you today?"),
      'got text that starts with "Dear cat, how are you to".',
    ],
    ["a drawing", text("<svg xmlns='x'/>"), "got text that starts with \"<svg xmlns='x'/>\"."],
    ["an archive", Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), "got a zip archive."],
    ["noise", Uint8Array.of(0, 1, 2, 3, 4), "got 5 bytes of another kind."],
    [
      "a bomb",
      bomb(60_000),
      "must have at most 268 million pixels, got 60000 x 60000. make it smaller first.",
    ],
    [
      "a small file that claims very much",
      bomb(6000),
      "must have at most 34 million pixels in a file of 80 bytes, got 6000 x 6000. make it smaller first.",
    ],
    [
      "an empty bitmap",
      bomb(0),
      "got a BMP picture that is broken or cut short (sides must be positive, got 0 x 0).",
    ],
  ])("%s", async (_, bytes, message) => {
    const work = decodePicture(bytes, "photo.png");
    await expect(work).rejects.toBeInstanceOf(LimpidError);
    await expect(work).rejects.toMatchObject({ code: "bad-file" });
    await expect(work).rejects.toThrow(/^read: "photo.png" must /);
    await expect(work).rejects.toThrow(message);
  });

  test.each(["png", "jpeg", "webp", "gif", "tiff"] as const)(
    "%s cut short anywhere",
    async (format) => {
      const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 31) % 251);
      const whole = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
        .toFormat(format)
        .toBuffer();
      for (const share of [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97]) {
        const cut = whole.subarray(0, Math.floor(whole.length * share));
        await expect(decodePicture(cut, "cut")).rejects.toMatchObject({ code: "bad-file" });
      }
    },
  );
});

test("a file is named by its path", async () => {
  const folder = mkdtempSync(join(tmpdir(), "limpid-codecs-"));
  const path = join(folder, "note.png");
  try {
    writeFileSync(path, "only words");
    await expect(readPicture(path)).rejects.toThrow(
      `read: "${path}" must be a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF picture, got text that starts with "only words".`,
    );
    writeFileSync(path, await encodePng(flag));
    expect(await readPicture(path)).toEqual(flag);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

type Samples = Float32Array | Uint16Array | Int16Array | Uint32Array;

/** An uncompressed TIFF of one row: 1 grey channel, or 3 of RGB. */
function tiff(data: Samples, channels: 1 | 3): Uint8Array {
  const format = data instanceof Float32Array ? 3 : data instanceof Int16Array ? 2 : 1;
  const bits = 8 * data.BYTES_PER_ELEMENT;
  const end = 8 + data.byteLength;
  const lists = end + 2 + 11 * 12 + 4;
  const each = (value: number, at: number) => [channels, channels === 1 ? value : at] as const;
  const entries: readonly (readonly [tag: number, type: 3 | 4, count: number, value: number])[] = [
    [256, 4, 1, data.length / channels],
    [257, 4, 1, 1],
    [258, 3, ...each(bits, lists)],
    [259, 3, 1, 1],
    [262, 3, 1, channels === 1 ? 1 : 2],
    [273, 4, 1, 8],
    [277, 3, 1, channels],
    [278, 4, 1, 1],
    [279, 4, 1, data.byteLength],
    [284, 3, 1, 1],
    [339, 3, ...each(format, lists + 6)],
  ];
  const file = new Uint8Array(lists + 12);
  const view = new DataView(file.buffer);
  file.set([0x49, 0x49, 42, 0]);
  view.setUint32(4, end, true);
  file.set(new Uint8Array(data.buffer), 8);
  view.setUint16(end, entries.length, true);
  for (const [i, [tag, type, count, value]] of entries.entries()) {
    const at = end + 2 + 12 * i;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    if (type === 3) view.setUint16(at + 8, value, true);
    else view.setUint32(at + 8, value, true);
    if (type === 3 && count > 1) view.setUint32(at + 8, value, true);
  }
  for (let c = 0; c < 3; c++) {
    view.setUint16(lists + 2 * c, bits, true);
    view.setUint16(lists + 6 + 2 * c, format, true);
  }
  return file;
}

describe("files of more than 8 bits", () => {
  test.each<[string, Samples, 1 | 3, readonly number[]]>([
    ["grey floats", Float32Array.of(0, 0.2, 1), 1, [0, 0, 0, 51, 51, 51, 255, 255, 255]],
    ["floats of colours", Float32Array.of(0, 0.2, 1), 3, [0, 51, 255]],
    ["large floats", Float32Array.of(0, 51, 255), 3, [0, 51, 255]],
    ["floats on both sides of 0", Float32Array.of(-10, 0, 10), 3, [0, 128, 255]],
    ["integers of 32 bits", Uint32Array.of(0, 1e6, 5e6), 3, [0, 51, 255]],
  ])("%s say what was assumed", async (_, data, channels, wanted) => {
    const decoded = await decodePicture(tiff(data, channels), "p.tif");
    expect([...decoded.data]).toEqual(wanted);
    expect(wordsOf(decoded.note!, commandWords)).toMatch(/"p.tif" holds .* for white.*--range/);
  });

  test.each([
    ["TIFF", async () => tiff(Uint16Array.of(0, 819, 4095), 3)],
    [
      "PNG",
      () =>
        sharp(Uint16Array.of(0, 819, 4095), { raw: { width: 1, height: 1, channels: 3 } })
          .toColourspace("rgb16")
          .png()
          .toBuffer(),
    ],
  ])("12 bits in a %s of 16 are told, and read by their range", async (_, make) => {
    const file = await make();
    const dark = await decodePicture(file, "p");
    expect(Math.max(...dark.data)).toBeLessThan(17);
    expect(wordsOf(dark.note!, commandWords)).toMatch(/read as dark.*--range 0..4095/);
    const { data, note } = await decodePicture(file, "p", [0, 4095]);
    expect([[...data], note]).toEqual([[0, 51, 255], undefined]);
  });

  test("full 16 bits and 8 bits say nothing, and 8 bits have a range too", async () => {
    const full = await decodePicture(tiff(Uint16Array.of(0, 13107, 65535), 3), "p");
    expect([[...full.data], full.note]).toEqual([[0, 51, 255], undefined]);
    const { data } = await decodePicture(await sharpFlag().png().toBuffer(), "flag", [255, 0]);
    expect(data).toEqual(flag.data.map((value) => 255 - value));
  });

  test("a range of one number is refused as such", async () => {
    const decoding = decodePicture(tiff(Float32Array.of(0, 1), 1), "p.tif", [1, 1]);
    await expect(decoding).rejects.toThrow(/^range: .*got "1..1"/);
  });

  test("signed numbers of 16 bits, which the decoder cuts at 0, are refused by name", async () => {
    const decoding = decodePicture(tiff(Int16Array.of(-5, 0, 5), 1), "p.tif");
    await expect(decoding).rejects.toThrow(/"p.tif" must hold 8 or 16 bits.*got 16-bit.*short/);
  });
});
