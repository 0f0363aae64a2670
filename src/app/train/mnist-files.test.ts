import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodePlatform } from "../../node/platform.ts";
import { holdsMnist, readMnist } from "./mnist-files.ts";

const images = Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 255, 0]);
const labels = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 1, 4]);
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "limpid-mnist-"));
  await writeFile(join(folder, "train-images-idx3-ubyte.gz"), gzipSync(images));
  await writeFile(join(folder, "train-labels-idx1-ubyte"), labels);
  await writeFile(join(folder, "t10k-images.idx3-ubyte"), images);
  await writeFile(join(folder, "t10k-labels-idx1-ubyte.gz"), gzipSync(labels));
});
afterEach(() => rm(folder, { recursive: true }));

describe("readMnist", () => {
  test("reads the four files, compressed or not", async () => {
    expect(await holdsMnist(nodePlatform, folder)).toBe(true);
    const { training, heldOut } = await readMnist(nodePlatform, folder);
    for (const dataset of [training, heldOut]) {
      // oxlint-disable-next-line no-await-in-loop -- two small sets
      expect(await dataset.read(0)).toEqual({ picture: Float32Array.of(1, 0), label: 4 });
    }
  });

  test("names a missing file", async () => {
    await rm(join(folder, "t10k-labels-idx1-ubyte.gz"));
    await expect(readMnist(nodePlatform, folder)).rejects.toThrow(
      'must hold "t10k-labels-idx1-ubyte" or "t10k-labels-idx1-ubyte.gz", got neither',
    );
    expect(await holdsMnist(nodePlatform, join(folder, "nowhere"))).toBe(false);
  });

  test("names an archive that is cut short", async () => {
    const path = join(folder, "train-images-idx3-ubyte.gz");
    await writeFile(path, gzipSync(images).subarray(0, 20));
    await expect(readMnist(nodePlatform, folder)).rejects.toMatchObject({
      code: "bad-file",
      message: expect.stringContaining(`"${path}" must be a whole gzip archive`) as string,
    });
  });
});

const mirror = process.env["LIMPID_MIRROR"];
const reason = "skipped: set LIMPID_MIRROR to a folder with MNIST";
const missing = mirror === undefined || !(await holdsMnist(nodePlatform, join(mirror, "mnist")));
if (missing) process.stdout.write(`MNIST itself is ${reason}\n`);

describe.skipIf(missing)(`MNIST itself (${missing ? reason : "from LIMPID_MIRROR"})`, () => {
  test("has 60,000 and 10,000 pictures with the known first digits, mean and standard deviation", async () => {
    const { training, heldOut } = await readMnist(nodePlatform, join(mirror!, "mnist"));
    expect([training.length, heldOut.length]).toEqual([60_000, 10_000]);
    expect([0, 1, 2, 3].map((i) => training.label(i))).toEqual([5, 0, 4, 1]);
    expect([0, 1, 2, 3].map((i) => heldOut.label(i))).toEqual([7, 2, 1, 0]);
    let [sum, squares] = [0, 0];
    for (let i = 0; i < 10_000; i++) {
      // oxlint-disable-next-line no-await-in-loop -- one picture at a time stays small
      for (const value of (await training.read(i)).picture) {
        sum += value;
        squares += value * value;
      }
    }
    const mean = sum / 7_840_000;
    expect(mean).toBeCloseTo(0.1311, 4);
    expect(Math.sqrt(squares / 7_840_000 - mean * mean)).toBeCloseTo(0.3081, 2);
  });
});
