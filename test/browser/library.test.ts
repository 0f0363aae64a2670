/** @file The library in Chromium: a page's files, blobs and pixels, with the answers that Node gives. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { picture } from "../../src/image/picture.ts";
import { encodePng } from "../../src/node/codecs.ts";
import { open } from "../../src/node.ts";
import { randomStream } from "../../src/random.ts";
import { folderWithModel, smallNetwork } from "../command-line.ts";
import type * as cases from "./cases/library.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

describe.skipIf(withoutBrowser)("the library in Chromium", () => {
  let page: BrowserPage;
  let folder: string;
  beforeAll(async () => {
    folder = await folderWithModel();
    page = await openPage("library.ts", {
      expectedProblems: /status of 404|blocked by CORS policy|ERR_FAILED/,
    });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await page?.close();
  });

  test("answers as it does in Node", async () => {
    const paths = ["good.onnx", "good.png"].map((name) => join(folder, name));
    const [model, photo] = paths.map((path) => new Uint8Array(readFileSync(path)));
    type Answer = Awaited<ReturnType<typeof cases.asked>>;
    const told = await page.call<Answer>("asked", model, photo);
    const net = await open(paths[0]!, { preprocess: "unit" });
    const why = await net.explain(paths[1]!);
    const made = await net.maximize({ layer: "features", channel: "all", steps: 4 });
    const look = await net.activations(paths[1]!);
    for (const map of told.maps) expect(close([...map], [...why.map.data])).toBe(true);
    const activations = made.pictures.map(({ activation }) => activation);
    expect(close(told.activations, activations)).toBe(true);
    const shares = look.layers.map(({ statistics }) => statistics.zeroShare);
    expect(close(told.zeroShares, shares)).toBe(true);
    expect(told.layers).toEqual((await net.inspect()).layers.map(({ name }) => name));
    expect(String.fromCharCode(...told.drawn)).toBe("PNG");
    expect(told.written).toContain("why.png");
    expect(told.written).toContain("look/activations.json");
    expect(told.written).toContain("made/features/channel-0003.npy");
    await net.close();
  });

  test("tells calls apart that overlap, and files of one name", async () => {
    const random = randomStream("another network");
    const models = ["good.onnx", "other.onnx"].map((name) => join(folder, name));
    const photos = [40, 90, 200].map((seed) => join(folder, `photo-${seed}.png`));
    writeFileSync(models[1]!, encodeOnnx(smallNetwork(() => random.normal())).bytes);
    for (const [i, path] of photos.entries()) {
      const data = Uint8Array.from({ length: 192 }, (_, at) => ((i + 3) * (at + 1) * 37) % 251);
      writeFileSync(path, await encodePng(picture(8, 8, 3, data)));
    }
    const bytes = (path: string) => new Uint8Array(readFileSync(path));
    type Answer = Awaited<ReturnType<typeof cases.overlapping>>;
    const told = await page.call<Answer>("overlapping", models.map(bytes), photos.map(bytes));
    const wanted: number[][] = [];
    for (const model of models) {
      const net = await open(model, { preprocess: "unit" });
      for (const photo of photos) {
        const [plain, compared] = [
          await net.explain(photo),
          await net.explain(photo, { reference: photos[0]! }),
        ];
        wanted.push([...plain.map.data], [...plain.map.data], [...compared.map.data]);
      }
      await net.close();
    }
    expect(told).toHaveLength(wanted.length);
    for (const [i, map] of told.entries()) expect(close([...map], wanted[i]!), `${i}`).toBe(true);
  });

  test("opens the files of a folder, an archive, and an address", async () => {
    const model = new Uint8Array(readFileSync(join(folder, "good.onnx")));
    const archive = zipSync({ "a/good.onnx": model, "a/photo.jpg": new Uint8Array(9) });
    const server = createServer(({ url }, response) => {
      const isOpen = url !== "/closed.onnx";
      const headers = isOpen ? { "access-control-allow-origin": "*" } : {};
      response.writeHead(url === "/none.onnx" ? 404 : 200, headers);
      response.end(model);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    type Answer = Awaited<ReturnType<typeof cases.openedAnyhow>>;
    const told = await page.call<Answer>("openedAnyhow", model, archive, address);
    server.closeAllConnections();
    server.close();
    const net = await open(join(folder, "good.onnx"), { preprocess: "unit" });
    const names = (await net.inspect()).layers.map(({ name }) => name);
    expect(told.layers).toEqual([names, names, names, names]);
    expect(told.closed).toMatch(/must be there, got: .*. download it and hand in the file/);
    expect(told.missing).toMatch(/fetch: "http.*" must be there, got/);
    await net.close();
  });
});

/** Whether as many numbers agree to 1e-4 of the largest. */
function close(got: readonly number[], wanted: readonly number[]): boolean {
  const largest = Math.max(...wanted.map(Math.abs));
  return (
    got.length === wanted.length &&
    largest > 0 &&
    wanted.every((value, i) => Math.abs(value - got[i]!) <= 1e-4 * largest)
  );
}
