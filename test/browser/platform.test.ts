/** @file The seam's adapter for browsers in Chromium: the table of test/platform-expectations.ts, models in parts, pictures both ways. */
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GraphBuilder } from "../../src/graph/builder.ts";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { tensorOf } from "../../src/graph/tensor.ts";
import type { Picture } from "../../src/image/picture.ts";
import { decodePicture, encodeWebp } from "../../src/node/codecs.ts";
import { expectations } from "../platform-expectations.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

/** A gradient with an edge: [24, 16, 3]. */
const [widthPx, heightPx] = [16, 24];
const data = Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, i) => {
  const [x, y] = [Math.floor(i / 3) % widthPx, Math.floor(i / 3 / widthPx)];
  return i % 3 === 2 ? (x < 8 ? 40 : 200) : i % 3 === 1 ? 10 * y : 15 * x;
});
const picture: Picture = { widthPx, heightPx, channels: 3, data };

function mostApart(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

function meanApart(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

describe.skipIf(withoutBrowser)("the seam in Chromium", () => {
  let page: BrowserPage;
  beforeAll(async () => {
    page = await openPage("platform.ts", { expectedProblems: /404/ });
  });
  afterAll(() => page?.close());

  test.each(expectations)("$name", async ({ name, expected }) => {
    expect(await page.call("outcome", name)).toEqual(expected);
  });

  test("a model in several files is opened, in any order", async () => {
    const b = new GraphBuilder();
    for (const name of ["v", "w"]) {
      b.output(b.initializer(name, tensorOf("float32", [2], name === "v" ? [1, 2] : [3, 4])));
    }
    const { bytes, external } = encodeOnnx(b.build(), { externalThresholdBytes: 1 });
    const parts = external.map(({ path, data: held }) => ({ name: path, bytes: held }));
    const model = { name: "m.onnx", bytes };
    for (const files of [
      [model, ...parts],
      [...parts.toReversed(), model],
    ]) {
      expect(await page.call("openedFiles", files, "m.onnx")).toEqual({ v: [1, 2], w: [3, 4] });
    }
  });

  test("of a large file only what is asked for is read", async () => {
    expect(await page.call("readOfLarge")).toBe(16);
  });

  const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
  const source = () => sharp(data, { raw });
  test.each<[string, () => Promise<Uint8Array>, number]>([
    ["PNG", () => source().png().toBuffer(), 0],
    ["JPEG", () => source().jpeg({ quality: 95 }).toBuffer(), 3],
    ["a JPEG turned by EXIF", () => source().withMetadata({ orientation: 6 }).jpeg().toBuffer(), 6],
    ["WebP", () => source().webp({ lossless: true }).toBuffer(), 0],
    ["the first frame of WebP", () => encodeWebp([picture, picture], { frameMs: 50 }), 3],
    ["GIF", () => source().gif().toBuffer(), 0],
    ["AVIF", () => source().avif({ lossless: true }).toBuffer(), 1],
    ["grey PNG", () => source().greyscale().png().toBuffer(), 0],
  ])("%s has the pixels that it has in Node", async (name, make, most) => {
    const bytes = new Uint8Array(await make());
    const there = await page.call<Picture>("decoded", bytes);
    const here = await decodePicture(bytes, name);
    expect([there.widthPx, there.heightPx, there.channels]).toEqual([
      here.widthPx,
      here.heightPx,
      3,
    ]);
    expect(mostApart(there.data, here.data)).toBeLessThanOrEqual(most);
  });

  test("pictures that a browser cannot read are refused by name", async () => {
    const tiff = new Uint8Array(await source().tiff().toBuffer());
    expect(await page.call("decoded", tiff)).toEqual([
      "bad-file",
      'read: "picture" must be a JPEG, PNG, WebP, GIF, BMP or AVIF picture, got a TIFF picture.',
    ]);
    const png = new Uint8Array(await source().png().toBuffer());
    const cut = await page.call<readonly string[]>("decoded", png.slice(0, 60));
    expect(cut[0]).toBe("bad-file");
    expect(cut[1]).toMatch(
      /must be a whole picture, got a PNG picture that is broken or cut short/,
    );
  });

  test.each([
    [{ kind: "png" }, 0],
    [{ kind: "jpeg", quality: 95 }, 3],
    [{ kind: "webp", frameMs: 1 }, 4],
  ] as const)("%j is written so that Node reads it", async (format, most) => {
    const bytes = await page.call<Uint8Array>("encoded", [picture], format);
    expect(meanApart((await decodePicture(bytes, "written")).data, data)).toBeLessThanOrEqual(most);
  });

  test("animations are refused by name", async () => {
    const webp = { kind: "webp", frameMs: 50 } as const;
    expect(await page.call("encoded", [picture, picture], webp)).toEqual([
      "bad-option",
      "webp: a browser must be given one picture, got an animation of 2. write them one by one.",
    ]);
  });

  test("what the page did not give is refused", async () => {
    const [none, wrong, unknown] = await page.call<readonly (readonly string[])[]>("refusals");
    expect(none![1]).toMatch(/sheets must have letters, got no "typefaces"/);
    expect(wrong![1]).toMatch(/none.woff" must be a font file, got status 404/);
    expect(unknown).toEqual([
      "bad-file",
      'read: "vgg16" must exist, got no such file. closest: "vgg.onnx".',
    ]);
  });

  test("a worker, which has no document, draws charts and pictures", async () => {
    expect(await page.call("chartInWorker")).toBe("PNG true");
  });
});
