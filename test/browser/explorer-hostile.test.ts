/** @file The explorer handed what looks right and is not: weights that are no numbers, archives that swell, pictures of other kinds. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { tensorOf } from "../../src/graph/tensor.ts";
import { openModel } from "../../src/node/open-model.ts";
import { corpusOf } from "../fuzz/corpus.ts";
import { drop, fileOf, shippedFile, type VisitorFile } from "./explorer-files.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const mnist = fileURLToPath(new URL("../../assets/networks/mnist.onnx", import.meta.url));
const textFile = (name: string, text: string) => fileOf(name, new TextEncoder().encode(text));
const onnxFile = (name: string, graph: Graph) => fileOf(name, encodeOnnx(graph).bytes);
const zeros = new Uint8Array(2 ** 27 + 1);

/** A photo of one colour. */
async function plainPhoto(name: string, width: number, height: number): Promise<VisitorFile> {
  const create = { width, height, channels: 3, background: "#a41" } as const;
  return fileOf(name, await sharp({ create }).png().toBuffer());
}

/** With a weight of a kernel that is another number. */
function withWeight(graph: Graph, number: number): Graph {
  const kernels = [...graph.initializers].filter(
    ([, { type, dims }]) => type === "float32" && dims.length === 4,
  );
  const [name, { dims, data }] = kernels[0]!;
  const values = Float32Array.from(data as Float32Array, (value, i) => (i === 3 ? number : value));
  const initializers = new Map(graph.initializers).set(name, tensorOf("float32", dims, values));
  return { ...graph, initializers };
}

function withOperator(graph: Graph, operator: string): Graph {
  const nodes = graph.nodes.map((node, i) => (i === 1 ? { ...node, operator } : node));
  return { ...graph, nodes };
}

/** An archive of one file that tells another size than it unpacks to. */
function lying(archive: Uint8Array, size: number): Uint8Array {
  const bytes = Buffer.from(archive);
  bytes.writeUInt32LE(size, 22);
  bytes.writeUInt32LE(size, bytes.indexOf("PK\u0001\u0002") + 24);
  return bytes;
}

describe.skipIf(withoutBrowser)("the explorer says what is wrong with", () => {
  let explorer: OpenExplorer;
  let graph: Graph;
  const wordsOf = (selector: string) => explorer.page.locator(selector).allTextContents();
  /** What the page says of files of which nothing comes, while what is open stays. */
  const said = async (...files: readonly VisitorFile[]) => {
    await explorer.page.evaluate(() =>
      document
        .querySelectorAll<HTMLElement>(".files-notice > button, .error > button")
        .forEach((button) => button.click()),
    );
    await explorer.page.waitForFunction(() => !document.querySelector(".files-notice, .error"));
    await drop(explorer.page, files);
    await explorer.page.waitForSelector(".files-notice, .error");
    await explorer.page.waitForFunction(
      () =>
        document.querySelector(".work")?.textContent === "" &&
        document.querySelector(".stage .heat") !== null,
    );
    expect(await explorer.page.textContent(".open-model")).toBe("mnist.onnx");
    const words = (await wordsOf(".files-notice, .error")).join(" ");
    expect(words).not.toMatch(/--\w|undefined|\[object|internal/);
    return words;
  };
  /** What the page says it assumed of a picture. */
  const seen = async (photo: VisitorFile) => {
    await drop(explorer.page, [photo]);
    await explorer.page.waitForFunction(
      (name) =>
        document.querySelector(".stage .photo")?.getAttribute("aria-label") === name &&
        document.querySelector(".stage .heat") !== null &&
        document.querySelector(".work")?.textContent === "",
      photo.name,
    );
    return wordsOf(".foot li");
  };

  beforeAll(async () => {
    explorer = await openExplorer();
    graph = await openModel(mnist);
    await explorer.page.goto(`${explorer.address}#model=mnist`);
    await explorer.page.waitForSelector(".channel-grid");
  });
  afterAll(() => explorer.close());

  test("weights that are no numbers", async () => {
    for (const number of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const words = await said(onnxFile("broken.onnx", withWeight(graph, number)));
      expect(words).toContain("weights must be finite");
    }
  });

  test("an operator that nobody knows", async () => {
    const words = await said(onnxFile("own.onnx", withOperator(graph, "MyOwnThing")));
    expect(words).toContain("MyOwnThing");
  });

  test("archives that swell, at once, within another, or unlike they say", async () => {
    const swollen = zipSync({ "model.onnx": zeros });
    expect(await said(fileOf("flat.zip", swollen))).toContain("unpack to 134.2 MB");
    const nested = zipSync({ "inner.zip": zipSync({ "model.zip": swollen }) });
    expect(await said(fileOf("nested.zip", nested))).toContain("an archive within");
    expect(await said(fileOf("lying.zip", lying(swollen, 1000)))).toContain("another size");
    expect(await said(fileOf("photos.zip", zipSync({ "a.png": zeros })))).toContain("134.2 MB");
    expect(await said(fileOf("model.json.gz", gzipSync(zeros)))).toMatch(/json\.gz/);
  });

  test("a folder without a network", async () => {
    const words = await said(textFile("docs/a.txt", "cat"), textFile("docs/b.json", "{}"));
    expect(words).toContain('files of no known model: "a.txt", "b.json"');
    const others = await said(textFile("docs/a.md", "# cat"), textFile("docs/b.mp4", ""));
    expect(others).toContain("neither a network nor a picture: “docs/a.md”, “docs/b.mp4”");
    const packed = zipSync({ "docs/a.md": Buffer.from("# cat") });
    expect(await said(fileOf("docs.zip", packed))).toContain('no known model: "a.md"');
  });

  test("the last of several that are broken", async () => {
    await said(onnxFile("own.onnx", withOperator(graph, "MyOwnThing")));
    await drop(explorer.page, [
      fileOf("cut.onnx", shippedFile("mnist.onnx").buffer.subarray(0, 999)),
    ]);
    await explorer.page.waitForFunction(() =>
      document.querySelector(".files-notice .reason")?.textContent?.startsWith('"cut.onnx"'),
    );
  });

  test("a picture that it does not read, by its name and kind", async () => {
    const [scan] = corpusOf("picture", "floats.tiff");
    const words = await said(fileOf("scan.tiff", scan!));
    expect(words).toMatch(/"scan\.tiff".*got a TIFF picture/);
    expect(await said(await plainPhoto("line.png", 4000, 1))).toContain("4000 x 1");
  });

  test.each([
    ["empty.png", Buffer.alloc(0), "an empty file"],
    ["letter.jpg", Buffer.from("Dear network,"), 'text that starts with "Dear network,"'],
    ["noise.webp", Buffer.from([7, 1, 250, 3, 0, 9]), "6 bytes"],
  ])(
    "what is called a picture and is none as a picture, not as a network: %s",
    async (name, buffer, kind) => {
      const words = await said(fileOf(name, buffer));
      expect(words).toContain(`"${name}"`);
      expect(words).toContain(kind);
      expect(words).not.toMatch(/ONNX|Keras|torch/);
      expect(await explorer.page.locator(".files-notice").count()).toBe(0);
    },
  );

  test("pictures that move, of a single pixel, in colours that the network does not see", async () => {
    const [moving] = corpusOf("picture", "moving.gif");
    expect(await seen(fileOf("moving.gif", moving!))).toContain(
      '"moving.gif" moves: of its 2 frames only the first is looked at',
    );
    expect(await faultsOf(explorer.page)).toEqual([]);
    const notes = await seen(await plainPhoto("dot.png", 1, 1));
    expect(notes.join(" ")).not.toContain("moves");
    expect(await faultsOf(explorer.page)).toEqual([]);
    await seen(await plainPhoto("photo.png", 40, 40));
    const isGrey = await explorer.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>(".stage .photo")!;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, 1, 1);
      return data[0] === data[1] && data[1] === data[2] && data[3] === 255;
    });
    expect(isGrey).toBe(true);
  });

  test("and nothing on the console", () => {
    expect(explorer.problems).toEqual([]);
  });
});
