import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { picture, type Picture } from "../../image/picture.ts";
import { preprocess } from "../../image/preprocess.ts";
import { randomStream } from "../../random.ts";
import { batchSource } from "../../train/data/batches.ts";
import type { Batch } from "../../train/data/batch-source.ts";
import type { Dataset } from "../../image/dataset.ts";
import { nodePlatform } from "../../node/platform.ts";
import { encodeJpeg, encodePng, readPicture } from "../../node/codecs.ts";
import { fitPreprocessing, openDataFolder } from "./data-folder.ts";

const dims = [3, 4, 4] as const;
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "limpid-data-"));
});
afterEach(() => rm(folder, { recursive: true }));

function noisy(widthPx: number, heightPx: number, channels: 1 | 3 | 4, seed: string): Picture {
  const data = randomStream(seed)
    .bytes(widthPx * heightPx * channels)
    .slice();
  return picture(widthPx, heightPx, channels, data);
}

async function put(name: string, source: Picture | string = noisy(4, 4, 3, name)): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, typeof source === "string" ? source : await encodePng(source));
}

async function putAll(...names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => put(name)));
}

function titles(dataset: Dataset): readonly string[] {
  return Array.from({ length: dataset.length }, (_, i) =>
    dataset.title(i).slice(folder.length + 1),
  );
}

describe("openDataFolder", () => {
  test.each(["validation", "val", "valid", "test"])(
    "reads a split of train and %s",
    async (held) => {
      await putAll(
        "train/dog/2.png",
        "train/dog/10.PNG",
        "train/cat/a.png",
        `${held}/cat/b.png`,
        `${held}/dog/c.png`,
      );
      await put("train/cat/.hidden.png");
      await put("train/cat/notes.txt", "no picture");
      const { training, heldOut } = await openDataFolder(nodePlatform, folder, { dims });
      expect(training.classes).toEqual(["cat", "dog"]);
      expect(titles(training)).toEqual(["train/cat/a.png", "train/dog/10.PNG", "train/dog/2.png"]);
      expect([0, 1, 2].map((i) => training.label(i))).toEqual([0, 1, 1]);
      expect(titles(heldOut)).toEqual([`${held}/cat/b.png`, `${held}/dog/c.png`]);
    },
  );

  test("holds out a fifth of each class where there is no split, drawn from the seed", async () => {
    const names = Array.from({ length: 15 }, (_, i) => `b/${i}.png`);
    await putAll("a/1.png", "a/2.png", ...names);
    const { training, heldOut } = await openDataFolder(nodePlatform, folder, { dims, seed: 7 });
    const labels = Array.from({ length: heldOut.length }, (_, i) => heldOut.label(i));
    expect(labels).toEqual([0, 1, 1, 1]);
    const all = [...titles(training), ...titles(heldOut)];
    expect(all.toSorted((a, b) => a.localeCompare(b))).toEqual(
      ["a/1.png", "a/2.png", ...names].toSorted((a, b) => a.localeCompare(b)),
    );
    const again = await openDataFolder(nodePlatform, folder, { dims, seed: 7 });
    expect(titles(again.heldOut)).toEqual(titles(heldOut));
    const other = await openDataFolder(nodePlatform, folder, { dims, seed: 8 });
    expect(titles(other.heldOut)).not.toEqual(titles(heldOut));
  });

  test("splits a folder that has nothing but train", async () => {
    await putAll("train/a/1.png", "train/a/2.png", "train/b/1.png", "train/b/2.png");
    const { training, heldOut } = await openDataFolder(nodePlatform, folder, { dims });
    expect([training.length, heldOut.length]).toEqual([2, 2]);
  });

  test("takes a class called train for a class", async () => {
    await putAll("bus/1.png", "bus/2.png", "train/1.png", "train/2.png");
    expect((await openDataFolder(nodePlatform, folder, { dims })).training.classes).toEqual([
      "bus",
      "train",
    ]);
  });

  test("finds pictures in folders of a class's folder, and folders that are links", async () => {
    await putAll("a/x/1.png", "a/y/2.png", "elsewhere/1.png", "elsewhere/2.png");
    await mkdir(join(folder, "data"));
    await symlink(join(folder, "a"), join(folder, "data/a"));
    await symlink(join(folder, "elsewhere"), join(folder, "data/b"));
    const { training, heldOut } = await openDataFolder(nodePlatform, join(folder, "data"), {
      dims,
    });
    expect([training.length, heldOut.length]).toEqual([2, 2]);
  });

  test.each([
    ["crop", noisy(9, 4, 3, "wide")],
    ["crop", noisy(5, 11, 3, "tall")],
    ["stretch", noisy(9, 4, 3, "wide")],
  ] as const)(
    "fits pictures by %s as the preprocessing of the same name does",
    async (fit, source) => {
      await putAll("a/2.png", "b/1.png", "b/2.png");
      await put("a/1.png", source);
      const { training, heldOut } = await openDataFolder(nodePlatform, folder, { dims, fit });
      const dataset = [training, heldOut].find((part) => titles(part).includes("a/1.png"))!;
      const { picture: got } = await dataset.read(titles(dataset).indexOf("a/1.png"));
      const size = { channels: 3, heightPx: 4, widthPx: 4 } as const;
      expect(got).toEqual(preprocess(source, fitPreprocessing(fit), size).data);
    },
  );

  test("cuts out the centre, and changes nothing of a picture that fits", async () => {
    const middle = noisy(4, 4, 3, "middle");
    const wide = picture(6, 4, 3, new Uint8Array(72));
    for (let y = 0; y < 4; y++)
      wide.data.set(middle.data.subarray(12 * y, 12 * y + 12), 18 * y + 3);
    await Promise.all(["a/1.png", "b/1.png"].map((name) => put(`train/${name}`, wide)));
    await Promise.all(["a/1.png", "b/1.png"].map((name) => put(`val/${name}`, middle)));
    const { training, heldOut } = await openDataFolder(nodePlatform, folder, { dims });
    const expected = Float32Array.from({ length: 48 }, (_, i) => {
      const [c, place] = [Math.floor(i / 16), i % 16];
      return middle.data[3 * place + c]! / 255;
    });
    expect((await training.read(1)).picture).toEqual(expected);
    expect((await heldOut.read(0)).picture).toEqual(expected);
  });

  test("brings grey, colour and transparency to the wanted channels", async () => {
    await put("train/a/grey.png", picture(4, 4, 1, new Uint8Array(16).fill(51)));
    await put("train/b/clear.png", picture(4, 4, 4, new Uint8Array(64)));
    await put(
      "val/a/red.png",
      picture(
        4,
        4,
        3,
        Uint8Array.from({ length: 48 }, (_, i) => (i % 3 === 0 ? 255 : 0)),
      ),
    );
    await putAll("val/b/1.png");
    const coloured = await openDataFolder(nodePlatform, folder, { dims });
    expect((await coloured.training.read(0)).picture).toEqual(new Float32Array(48).fill(0.2));
    expect((await coloured.training.read(1)).picture).toEqual(new Float32Array(48).fill(1));
    const grey = await openDataFolder(nodePlatform, folder, { dims: [1, 4, 4] });
    expect((await grey.heldOut.read(0)).picture).toEqual(new Float32Array(16).fill(76 / 255));
  });

  test("does without broken pictures in the middle of an epoch, and names them", async () => {
    await putAll(
      "train/a/1.png",
      "train/a/2.png",
      "train/b/1.png",
      "train/b/2.png",
      "val/a/1.png",
      "val/b/1.png",
    );
    const photo = await encodeJpeg(noisy(64, 64, 3, "photo"));
    await writeFile(join(folder, "train/a/broken.jpg"), photo.subarray(0, photo.length / 2));
    await put("train/b/empty.png", "");
    await put("train/b/words.png", "words");
    const { training } = await openDataFolder(nodePlatform, folder, { dims });
    const source = batchSource(training, { batch: 3, shuffle: true });
    const batches: Batch[] = [];
    for await (const batch of source.batches(0)) batches.push(batch);
    expect(batches.map(({ labels }) => labels.length)).toEqual([3, 3, 1]);
    expect(source.skipped.map(({ title }) => title.slice(folder.length + 1))).toEqual([
      "train/a/broken.jpg",
      "train/b/empty.png",
      "train/b/words.png",
    ]);
    expect(source.skipped[1]!.message).toContain("got an empty file");
    await rm(join(folder, "train/a/2.png"));
    await expect(training.read(1)).resolves.toBeDefined();
    const fresh = await openDataFolder(nodePlatform, folder, { dims });
    await rm(join(folder, "train/a/1.png"));
    await expect(fresh.training.read(0)).rejects.toMatchObject({ code: "bad-file" });
  });

  test.each<readonly [string, readonly string[], string]>([
    ["an empty folder", [], "at least two classes, got none."],
    ["pictures without a class", ["1.png", "2.png"], "at least two classes, got none."],
    ["one class only", ["a/1.png", "a/2.png"], 'at least two classes, got only "a".'],
    [
      "a class without pictures",
      ["a/1.png", "a/2.png", "b/notes.txt"],
      'b" must hold pictures (.jpg',
    ],
    [
      "a class with one picture",
      ["a/1.png", "a/2.png", "b/1.png"],
      '"b" must have at least two pictures',
    ],
    [
      "other classes to be judged on",
      ["train/a/1.png", "train/b/1.png", "val/a/1.png", "val/c/1.png"],
      'must have the classes of "train", a, b, got a, c.',
    ],
    ["no classes to learn from", ["train/1.png", "val/a/1.png"], "at least two classes, got none."],
  ])("refuses %s", async (_, names, message) => {
    await putAll(...names);
    await expect(openDataFolder(nodePlatform, folder, { dims })).rejects.toMatchObject({
      code: "bad-file",
      message: expect.stringContaining(message) as string,
    });
  });

  test("refuses what is no folder", async () => {
    await putAll("file.png");
    const open = (name: string) => openDataFolder(nodePlatform, join(folder, name), { dims });
    await expect(open("nowhere")).rejects.toThrow("must be a folder, got no such folder.");
    await expect(open("file.png")).rejects.toThrow("must be a folder, got a file.");
  });
});

const mirror = process.env["LIMPID_MIRROR"];
const reason = "skipped: set LIMPID_MIRROR to a folder with the photos of cats and dogs";
const missing = mirror === undefined || !existsSync(join(mirror, "cats-dogs"));
if (missing) process.stdout.write(`the photos of cats and dogs are ${reason}\n`);

test.skipIf(missing)(`cats and dogs (${missing ? reason : "from LIMPID_MIRROR"})`, async () => {
  const options = { dims: [3, 150, 150], fit: "stretch" } as const;
  const { training, heldOut } = await openDataFolder(
    nodePlatform,
    join(mirror!, "cats-dogs"),
    options,
  );
  expect(training.classes).toEqual(["cats", "dogs"]);
  expect([training.length, heldOut.length]).toEqual([2000, 1000]);
  const { picture: first, label } = await heldOut.read(999);
  expect(label).toBe(1);
  const size = { channels: 3, heightPx: 150, widthPx: 150 } as const;
  const photo = await readPicture(heldOut.title(999));
  expect(first).toEqual(preprocess(photo, fitPreprocessing("stretch"), size).data);
});
