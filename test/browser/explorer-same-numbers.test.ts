/** @file The page's numbers are the command's: each recipe of the page is run on the command line, and the results are compared. */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { placesOf } from "../../src/attribution/diagnosis/place-map.ts";
import { decodeNpy } from "../../src/formats/npy.ts";
import { toFloat32 } from "../../src/graph/tensor.ts";
import type {
  ClassAnswer,
  MethodFacts,
  OpenedModel,
  Pixels,
  SeenPicture,
  ShownChannels,
  ShownMap,
  ShownUnit,
} from "../../web/protocol.ts";
import { gridOfRegion } from "../../web/page/picture/painted-grid.ts";
import { boxRegion, paintedRegion } from "../../web/shown-region.ts";
import type { DownloadedFile } from "../../web/download-protocol.ts";
import {
  maskFile,
  mapRecipe,
  pictureFile,
  unitRecipe,
  type Recipe,
} from "../../web/page/results/recipe.ts";
import { folderWithModel, limpid } from "../command-line.ts";
import { readGoldenFile } from "../goldens/load.ts";
import { openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";
import { installAsk } from "./page-worker.ts";

const networks = fileURLToPath(new URL("../../assets/networks", import.meta.url));
const library = pathToFileURL(fileURLToPath(new URL("../../src/node.ts", import.meta.url))).href;
const mirror = process.env["LIMPID_MIRROR"] ?? "";

/** Where a worker's build differs from the processor's, floats are added up in another order. */
const sameMap = 1e-4;

/** Numbers as they come out of the tab. */
type Plain<T> = T extends Float32Array | Uint8ClampedArray
  ? readonly number[]
  : T extends readonly unknown[]
    ? { readonly [K in keyof T]: Plain<T[K]> }
    : T extends object
      ? { readonly [K in keyof T]: Plain<T[K]> }
      : T;

describe.skipIf(withoutBrowser)("the page's numbers", () => {
  let explorer: OpenExplorer;
  const folder = mkdtempSync(join(tmpdir(), "limpid-same-"));
  const at = (name: string) => join(folder, name);

  /** The page's own worker, asked what the page asks it; files are given by their paths. */
  const ask = <T>(call: string, asked: unknown): Promise<Plain<T>> =>
    explorer.page.evaluate(
      ([name, given]) =>
        (globalThis as unknown as { ask(name: unknown, given: unknown): Promise<never> }).ask(
          name,
          given,
        ),
      [call, asked] as const,
    );
  const openFile = (path: string) =>
    ask<OpenedModel>("open", { kind: "files", files: [inHand(path)] });
  const inHand = (path: string) => ({
    name: basename(path),
    base64: readFileSync(path).toString("base64"),
  });
  const openShipped = (name: string) => ask<OpenedModel>("open", { kind: "shipped", name });
  const drawn = async (number: number) => {
    const picture = await ask<SeenPicture>("look", { kind: "drawn", number });
    const { data, width, height } = await ask<Pixels>("whole", null);
    const raw = { width, height, channels: 4 } as const;
    await sharp(Uint8Array.from(data), { raw })
      .removeAlpha()
      .png()
      .toFile(at(pictureFile(picture)));
    return picture;
  };
  const photo = (path: string) => ask<SeenPicture>("look", { kind: "file", file: inHand(path) });
  const explain = (method: string, target: string, layer?: string, region?: string) =>
    ask<ShownMap>("explain", { method, target, layer, isChecked: false, region });

  /** Runs a recipe's command in the folder that has its files. */
  const run = async ({ command }: Recipe, ...more: readonly string[]) => {
    const [, ...words] = execFileSync("sh", ["-c", `printf '%s\\0' ${command}`], {
      encoding: "utf8",
    }).split("\0");
    const before = process.cwd();
    process.chdir(folder);
    try {
      const { code, out, err } = await limpid(...words.slice(0, -1), ...more);
      expect(code, `${command}: ${err}`).toBe(0);
      return out;
    } finally {
      process.chdir(before);
    }
  };
  const expectSame = async (
    model: OpenedModelFacts,
    picture: Looked,
    map: Plain<ShownMap>,
    ...more: readonly string[]
  ) => {
    const recipe = mapRecipe(model, picture, map);
    const { region } = map.asked;
    if (recipe.saves.includes("mask") && region !== undefined) {
      const { bytes } = await ask<DownloadedFile>("download", { kind: "mask", region });
      writeFileSync(at(maskFile(picture)), Uint8Array.from(bytes));
    }
    await run(recipe, "--check", "off", "--out", "heatmap.png", "--raw", "map.npy", ...more);
    const { dims, ...raw } = decodeNpy(readFileSync(at("map.npy")), "map.npy");
    const own = placesOf({ data: toFloat32({ dims, ...raw }), dims: dims.slice(1) });
    expect([map.height, map.width], recipe.command).toEqual([own.height, own.width]);
    const largest = own.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const farthest = own.data.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - map.values[i]!)),
      0,
    );
    expect(farthest / (largest || 1), recipe.command).toBeLessThanOrEqual(sameMap);
    return recipe;
  };

  beforeAll(async () => {
    explorer = await openExplorer();
    await explorer.page.goto(explorer.address);
    await explorer.page.waitForSelector(".channel-grid");
    await explorer.page.evaluate(installAsk);
  });
  afterAll(async () => {
    await explorer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("of every method are those of its recipe", async () => {
    const small = await folderWithModel();
    for (const name of ["good.onnx", "good.png"]) copyFileSync(join(small, name), at(name));
    const model = await openFile(at("good.onnx"));
    const picture = await photo(at("good.png"));
    for (const { name } of await ask<readonly MethodFacts[]>("methods", null)) {
      if (name === "d-rise") continue;
      const map = await explain(name, "top").catch((error: unknown) => String(error));
      if (typeof map !== "string") await expectSame(model, picture, map);
      else {
        // What the page refuses, the command refuses for the same reason.
        const line = ["attribute", at("good.onnx"), at("good.png"), "--method", name];
        const { code, err } = await limpid(...line, "--out", at("refused.png"));
        expect([code, map], name).toEqual([1, expect.stringContaining(err.slice(8, 60))]);
      }
    }
  });

  test.each([
    ["mnist", ["top", "3"], "gradient"],
    ["shapes-detect", ["top", "box:0"], "layer-cam"],
    ["shapes-segment", ["top", "triangle"], "grad-cam"],
    ["cats-dogs", ["top", "cats minus dogs"], "grad-cam"],
    ["pets", ["cat", "conv4:12", "dog minus cat"], "input-x-gradient"],
  ])("of %s for %j by %s", async (name, targets, method) => {
    const model = await openShipped(name);
    if (model.recipe.isOfPage) {
      writeFileSync(at(model.recipe.network), readFileSync(join(networks, `${name}.onnx`)));
    }
    const picture = await drawn(2);
    for (const target of targets) await expectSame(model, picture, await explain(method, target));
  });

  const painted = paintedRegion({
    width: 56,
    height: 56,
    inside: Uint8Array.from({ length: 56 * 56 }, (_, i) =>
      Math.hypot((i % 56) - 24.5, Math.floor(i / 56) - 27.5) < 13 ? 1 : 0,
    ),
  })!;

  test.each([
    ["shapes-segment", "top", "layer-cam", painted],
    [
      "shapes-segment",
      "triangle",
      "gradient",
      boxRegion({ left: 0.2, top: 0.1, right: 0.7, bottom: 0.8 }),
    ],
    ["pets", "conv4:12", "grad-cam", painted],
    ["pets", "conv2:3", "input-x-gradient", painted],
  ])("of a part of the picture, of %s for %s by %s", async (name, target, method, region) => {
    const model = await openShipped(name);
    if (model.recipe.isOfPage) {
      writeFileSync(at(model.recipe.network), readFileSync(join(networks, `${name}.onnx`)));
    }
    const picture = await drawn(2);
    const map = await explain(method, target, undefined, region);
    expect(map.values).not.toEqual((await explain(method, target)).values);
    await expectSame(model, picture, map);
  });

  test("of a box that is painted", async () => {
    const model = await openShipped("shapes-detect");
    writeFileSync(at(model.recipe.network), readFileSync(join(networks, "shapes-detect.onnx")));
    const picture = await drawn(2);
    const { box, target } = picture.answers[1]!;
    const grid = gridOfRegion({ kind: "box", ...box! }, { width: 96, height: 96 });
    const map = await explain("layer-cam", "top", undefined, paintedRegion(grid));
    expect(map.values).toEqual((await explain("layer-cam", target)).values);
    expect(map.values).not.toEqual((await explain("layer-cam", "top")).values);
    await expectSame(model, picture, map);
  });

  test("of a part of a photo that the network sees cut off", async () => {
    const model = await openShipped("pets");
    const raw = { width: 300, height: 171, channels: 3 } as const;
    const data = Uint8Array.from({ length: 300 * 171 * 3 }, (_, i) => (i * i * 7 + i) % 251);
    await sharp(data, { raw }).png().toFile(at("wide.png"));
    const picture = await photo(at("wide.png"));
    await expectSame(model, picture, await explain("gradient", "conv3:5", undefined, painted));
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["occlusion", { window: "16", stride: "12", baseline: "1,0,0.5" }],
    ["integrated-gradients", { steps: "7", baseline: "blur" }],
    ["grad-cam", { signed: "true" }],
    ["lrp", { rule: "epsilon", epsilon: "0.1" }],
  ])("of %s with settings of its own", async (method, settings) => {
    const model = await openShipped("pets");
    const picture = await drawn(5);
    const asked = { method, target: "top", isChecked: false };
    const usual = await ask<ShownMap>("explain", asked);
    const map = await ask<ShownMap>("explain", { ...asked, settings });
    expect(map.values).not.toEqual(usual.values);
    await expectSame(model, picture, map);
  });

  test("of layers, channels and units", async () => {
    const model = await openShipped("pets");
    const picture = await drawn(3);
    const layer = model.layers[4]!.name;
    await expectSame(model, picture, await explain("grad-cam", "top", layer));
    const shown = await ask<ShownChannels>("channels", { layer });
    const line = `activations pets ${at(pictureFile(picture))} --layer ${layer} --out ${at("layers")} --json`;
    const { out } = await limpid(...line.split(" "));
    const [found] = (JSON.parse(out) as { layers: { zeroShare: number; tensor: string }[] }).layers;
    expect(shown.zeroShare).toBeCloseTo(found!.zeroShare, 4);
    const values = decodeNpy(readFileSync(found!.tensor), "layer");
    const [channels, ...sides] = values.dims as [number, ...number[]];
    const places = sides.reduce((product, side) => product * side, 1);
    const numbers = toFloat32(values);
    expect(shown.channels.length).toBe(channels);
    const most = numbers.reduce((a, b) => Math.max(a, b), 0);
    for (const [c, { largest }] of shown.channels.entries()) {
      const own = numbers
        .subarray(c * places, (c + 1) * places)
        .reduce((a, b) => Math.max(a, b), -Infinity);
      expect(Math.abs(largest - own) / most).toBeLessThan(sameMap);
    }
    const unit = await ask<ShownUnit>("maximize", {
      layer,
      channel: 3,
      side: 64,
      steps: 16,
      seed: 2,
    });
    const made = await run(unitRecipe(model, unit, picture.preprocess), "--out", "units", "--json");
    const [same] = (JSON.parse(made) as { units: { activation: number }[] }).units;
    expect(Math.abs(unit.activation - same!.activation) / same!.activation).toBeLessThan(0.01);
  });

  test("of answers", async () => {
    for (const name of ["pets", "cats-dogs"]) {
      const model = await openShipped(name);
      writeFileSync(at(`${name}.onnx`), readFileSync(join(networks, `${name}.onnx`)));
      const picture = await drawn(4);
      for (const { target, logit, probability } of picture.answers as readonly ClassAnswer[]) {
        const recipe = mapRecipe(model, picture, {
          made: { method: "gradient", target, layer: undefined },
        });
        const record = JSON.parse(
          await run(recipe, "--json", "--check", "off", "--raw", "a.npy"),
        ) as Answered;
        expect(record.results[0]!.probability).toBeCloseTo(probability!, 4);
        expect(record.results[0]!.score).toBeCloseTo(logit, 3);
      }
    }
  });

  test("of a network of another's, with a photo, and by the library's lines", async () => {
    for (const file of ["resnet.onnx", "densenet.onnx"]) {
      writeFileSync(at(file), readGoldenFile(file));
      const model = await openFile(at(file));
      const [channels, height, width] = model.input as [number, number, number];
      const data = Uint8Array.from({ length: channels * height * width }, (_, i) => (i * 37) % 256);
      const raw = { width, height, channels: channels as 1 | 3 };
      await sharp(data, { raw }).png().toFile(at("own photo.png"));
      const picture = await photo(at("own photo.png"));
      const map = await explain("grad-cam", "top");
      const { code } = await expectSame(model, picture, map);
      const before = process.cwd();
      process.chdir(folder);
      try {
        const lines = code.replace(`"limpid/node"`, JSON.stringify(library));
        writeFileSync(at("recipe.mts"), `${lines}\nexport { map };\n`);
        const { map: explained } = (await import(
          /* @vite-ignore */ `${at("recipe.mts")}?${file}`
        )) as {
          map: { map: { data: Float32Array } };
        };
        const largest = explained.map.data.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
        for (const [i, value] of explained.map.data.entries()) {
          expect(Math.abs(value - map.values[i]!) / largest).toBeLessThan(sameMap);
        }
        expect(existsSync(at("heatmap.png"))).toBe(true);
      } finally {
        process.chdir(before);
      }
    }
  });

  test
    .skipIf(mirror === "")
    .each([
      "weights/googlenet/bvlc_googlenet.onnx",
      "weights/mobilenetv2/mobilenet_v2_1.0_224.onnx",
      "weights/squeezenet1.1-gluon/squeezenet1.1.onnx",
    ])("of %s", async (path) => {
    const name = basename(path);
    writeFileSync(at(name), readFileSync(join(mirror, path)));
    const model = await openFile(at(name));
    await sharp(join(mirror, "photos/cat.1512.jpg")).png().toFile(at("cat.png"));
    const picture = await photo(at("cat.png"));
    // Gradients of pixels jump where a rectifier bends, which two runtimes may see on either side.
    for (const method of ["grad-cam", "layer-cam"]) {
      await expectSame(model, picture, await explain(method, "top"));
    }
    // With WebAssembly for the command, too, they see the same side.
    await expectSame(model, picture, await explain("gradient", "top"), "--runtime", "wasm");
  });

  test("says nothing on the console", () => {
    expect(explorer.problems).toEqual([]);
  });
});

type OpenedModelFacts = Plain<OpenedModel>;
type Looked = Plain<SeenPicture>;

interface Answered {
  readonly results: readonly { readonly probability: number; readonly score: number }[];
}
