/** @file Files of every kind that are broken in any way: the worker says what is wrong, and has what it had. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { zipSync } from "fflate";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeNpy } from "../../src/formats/npy.ts";
import { tensorOf } from "../../src/graph/tensor.ts";
import { randomStream } from "../../src/random.ts";
import { corpusOf } from "../fuzz/corpus.ts";
import { mutateBytes } from "../fuzz/mutations/bytes.ts";
import { Draw, joined, type Mutation } from "../fuzz/mutations/draw.ts";
import { mutateNpy } from "../fuzz/mutations/headers.ts";
import { mutateJson } from "../fuzz/mutations/json.ts";
import { mutatePicture } from "../fuzz/mutations/pictures.ts";
import { mutateProtobuf } from "../fuzz/mutations/protobuf.ts";
import { mutateZip } from "../fuzz/mutations/zip.ts";
import { imageProject } from "../tfjs/teachable-machine.ts";
import { openLine, type Line } from "./explorer-line.ts";
import { openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

type Named = readonly [name: string, bytes: Uint8Array];

/** A buffer's slices share its bytes, which a mutation would change with them. */
const mnist = new Uint8Array(
  readFileSync(fileURLToPath(new URL("../../assets/networks/mnist.onnx", import.meta.url))),
);

/** Files that are handed in together, all of them whole. */
async function wholeFiles(): Promise<readonly (readonly Named[])[]> {
  const numbers = Array.from({ length: 28 * 28 }, (_, i) => (i % 28) / 28);
  const photo = sharp(
    Uint8Array.from(numbers, (value) => 255 * value),
    {
      raw: { width: 28, height: 28, channels: 1 },
    },
  );
  const drawing = new Uint8Array(await photo.png().toBuffer());
  const [toy] = corpusOf("onnx", "toy.onnx");
  const pictures = ["png", "jpg", "gif", "webp", "bmp"].flatMap((ending) =>
    corpusOf("picture", ending).map((bytes): readonly Named[] => [[`photo.${ending}`, bytes]]),
  );
  return [
    [["net.onnx", toy!]],
    [["mnist.onnx", mnist]],
    [["numbers.npy", encodeNpy(tensorOf("float32", [1, 1, 28, 28], numbers))]],
    [["photo.png", drawing]],
    [["net.zip", zipSync({ "net.onnx": toy! })]],
    [["photos.zip", zipSync({ "a.png": drawing })]],
    [...(await imageProject(3))],
    [["labels.json", new TextEncoder().encode('["one", "two", "three"]')]],
    ...pictures,
  ];
}

/** By the name's ending; all others are bytes. */
const mutations: Readonly<Record<string, Mutation>> = {
  onnx: mutateProtobuf,
  npy: mutateNpy,
  zip: mutateZip,
  json: mutateJson,
  png: mutatePicture,
  gif: mutatePicture,
};

const names = [
  "a.onnx",
  "a.npy",
  "a.png",
  "a.zip",
  "a.json",
  "a.h5",
  "a.keras",
  "a.pth",
  "a",
  "a.txt",
];

/** One of the files changed as its format has it, or cut, emptied, with another's end, or under another name. */
function broken(whole: readonly (readonly Named[])[], draw: Draw): readonly Named[] {
  const files = [...draw.of(whole)];
  const at = draw.below(files.length);
  const [name, bytes] = files[at]!;
  const mutate = mutations[name.split(".").at(-1)!] ?? mutateBytes;
  const cut = (all: Uint8Array) => all.subarray(0, draw.below(all.length + 1));
  switch (draw.below(8)) {
    case 0:
      files[at] = [name, cut(bytes)];
      break;
    case 1:
      files[at] = [name, new Uint8Array()];
      break;
    case 2:
      files[at] = [draw.of(names), bytes];
      break;
    case 3:
      files[at] = [name, joined(cut(bytes), draw.of(draw.of(whole))[1].subarray(bytes.length / 2))];
      break;
    case 4:
      files[at] = [draw.of(names), draw.of(draw.of(whole))[1]];
      break;
    default:
      files[at] = [name, mutate(bytes, draw)];
  }
  return files;
}

describe.skipIf(withoutBrowser)("what is broken", () => {
  let explorer: OpenExplorer;
  let line: Line;
  let whole: readonly (readonly Named[])[];

  beforeAll(async () => {
    whole = await wholeFiles();
    explorer = await openExplorer();
    await explorer.page.goto(`${explorer.address}#model=mnist`);
    await explorer.page.waitForSelector(".channel-grid");
    line = await openLine(explorer.page);
  });
  afterAll(() => explorer.close());

  test("is opened, or refused in words, and what was open still answers", async () => {
    await line.open("mnist.onnx", mnist);
    const before = await line.shown();
    expect(before.length).toBeGreaterThan(1000);
    const drawn = fc.asyncProperty(fc.nat(), async (number) => {
      const files = broken(whole, new Draw(randomStream("explorer", number)));
      const { outcomes, isTaken } = await line.hand(files);
      for (const { end, said } of outcomes) {
        expect(["hang", "internal", "broken", "memory", "code", "wasm"], said).not.toContain(end);
        expect(said).not.toMatch(/--\w|undefined|\[object/);
        if (end !== "ok") expect(said).toMatch(/: .{20,}\./s);
      }
      if (isTaken) await line.open("mnist.onnx", mnist);
      expect(await line.shown()).toBe(before);
    });
    await fc.assert(drawn, { numRuns: 80 });
  });

  test("leaves no word on the console", () => {
    expect(explorer.problems).toEqual([]);
  });
});
