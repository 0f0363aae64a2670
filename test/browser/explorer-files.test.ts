/** @file What is dropped on the explorer: networks of every format in any parts and order, pictures of every kind. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onnxFiles } from "../../src/app/convert/onnx-files.ts";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { encodeNpy } from "../../src/formats/npy.ts";
import { tensor } from "../../src/graph/tensor.ts";
import { petScene } from "../../src/drawn/pets.ts";
import { yolov8, withNames } from "../detector-networks.ts";
import { archive, hdf5File } from "../keras/keras-files.ts";
import { counted } from "../keras/numbers.ts";
import { imageProject } from "../tfjs/teachable-machine.ts";
import { tiffFile } from "../tiff-file.ts";
import { dropPaths } from "./explorer-drop.ts";
import { openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const networks = fileURLToPath(new URL("../../assets/networks", import.meta.url));
const detector = yolov8({ seed: 1, heightPx: 64, widthPx: 64, classes: 3, bias: 1 });
const kerasModel = {
  name: "own",
  isSequential: true,
  inputs: [{ name: "x", dims: [16, 16, 3] }],
  calls: [
    {
      layer: {
        name: "edges",
        className: "Conv2D",
        config: { filters: 4, kernel_size: [3, 3], activation: "relu" },
        weights: { kernel: counted([3, 3, 3, 4], 1), bias: counted([4], 2) },
      },
      inputs: [0],
    },
    {
      layer: { name: "mean", className: "GlobalAveragePooling2D", config: {}, weights: {} },
      inputs: [1],
    },
  ],
  outputs: [2],
};

describe.skipIf(withoutBrowser)("what is dropped on the explorer", () => {
  let explorer: OpenExplorer;
  const folder = mkdtempSync(join(tmpdir(), "limpid-dropped-"));
  const put = (name: string, bytes: Uint8Array | string) => {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  };
  const drop = (...paths: readonly string[]) => dropPaths(explorer.page, paths);
  const text = (selector: string) => explorer.page.textContent(selector);
  const opened = async (name: string) => {
    await explorer.page.waitForFunction(
      (wanted) =>
        document.querySelector(".open-model")?.textContent === wanted &&
        document.querySelector(".work")?.textContent === "" &&
        document.querySelector(".stage .heat") !== null,
      name,
    );
    expect(await explorer.page.locator(".files-notice, .error").count()).toBe(0);
  };
  const seen = (name: string) =>
    explorer.page.waitForFunction(
      (wanted) =>
        document.querySelector(".stage .photo")?.getAttribute("aria-label") === wanted &&
        document.querySelector(".work")?.textContent === "",
      name,
    );
  const classes = async () => {
    await explorer.page.waitForSelector(".answers .label");
    return explorer.page.locator(".answers .label").allTextContents();
  };
  const pets = (format: (photo: Sharp) => Sharp) => {
    const { picture } = petScene(3, 1, [3, 64, 64]);
    const bytes = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) =>
      Math.round(255 * Math.min(Math.max(picture[(i % 3) * 4096 + Math.floor(i / 3)]!, 0), 1)),
    );
    return format(sharp(bytes, { raw: { width: 64, height: 64, channels: 3 } })).toBuffer();
  };

  beforeAll(async () => {
    explorer = await openExplorer();
    await explorer.page.goto(explorer.address);
    await explorer.page.waitForSelector(".channel-grid");
  });
  afterAll(async () => {
    await explorer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a network in two parts waits for the second, whichever comes first", async () => {
    const [model, data] = onnxFiles(withNames(detector, ["cat", "dog", "bird"]), "two.onnx", 0);
    const paths = [put("two.onnx", model!.bytes), put(data!.path, data!.bytes)] as const;
    await drop(paths[0]);
    await explorer.page.waitForSelector(".files-notice .missing");
    expect(await text(".files-notice .missing")).toBe(
      `Still missing: “${data!.path}”. Drop it, and the network opens.`,
    );
    expect(await text(".open-model")).toBe("pets.onnx");
    await drop(paths[1]);
    await opened("two.onnx");
    expect((await classes()).every((label) => ["cat", "dog", "bird"].includes(label))).toBe(true);
    await drop(join(networks, "mnist.onnx"));
    await opened("mnist.onnx");
    await drop(paths[1]);
    await explorer.page.waitForSelector(".files-notice");
    await drop(paths[0]);
    await opened("two.onnx");
  });

  test("a part of one network is never taken for another's", async () => {
    await drop(join(networks, "mnist.onnx"));
    await opened("mnist.onnx");
    await drop(join(folder, "two.onnx"));
    await explorer.page.waitForSelector(".files-notice .missing");
    expect(await text(".open-model")).toBe("mnist.onnx");
    await explorer.page.getByRole("button", { name: "Forget" }).click();
    expect(await explorer.page.locator(".files-notice").count()).toBe(0);
  });

  test("Teachable Machine's project opens as its archive, its folder, and file by file", async () => {
    const files = await imageProject(3);
    await drop(put("tm.zip", zipSync(Object.fromEntries(files))));
    await opened("tm.zip");
    expect((await classes()).map((label) => label.trim()).toSorted()).toEqual([
      "cup",
      "nobody",
      "plant",
    ]);
    for (const [name, bytes] of files) put(`tm-model/${name}`, bytes);
    await drop(join(folder, "tm-model"));
    await opened("tm-model");
    await drop(join(networks, "pets.onnx"));
    await opened("pets.onnx");
    const weights = [...files.keys()].find((name) => name.endsWith(".bin"))!;
    await drop(join(folder, "tm-model", weights));
    await explorer.page.waitForSelector(".files-notice.error");
    await drop(join(folder, "tm-model/model.json"));
    await opened("model.json");
    await drop(join(folder, "tm-model/metadata.json"));
    await explorer.page.waitForFunction(() =>
      [...document.querySelectorAll(".answers .label")].some((one) => one.textContent === "cup"),
    );
  });

  test("Keras files of both generations, and a detector", async () => {
    await drop(put("own.keras", await archive(kerasModel)));
    await opened("own.keras");
    await drop(put("own.h5", await hdf5File(kerasModel, false)));
    await opened("own.h5");
    await drop(put("yolo.onnx", encodeOnnx(detector).bytes));
    await opened("yolo.onnx");
    expect(await explorer.page.locator(".boxes g").count()).toBeGreaterThan(0);
  });

  test("names of classes come with the network or after it, and wrong ones are refused", async () => {
    await drop(join(networks, "mnist.onnx"));
    await opened("mnist.onnx");
    const names = Array.from({ length: 10 }, (_, i) => `digit ${i}`);
    await drop(put("labels.txt", names.join("\n")));
    await explorer.page.waitForFunction(
      () => document.querySelector(".answers .label")?.textContent?.startsWith("digit ") === true,
    );
    await drop(put("few.txt", "one\ntwo\nthree"));
    await explorer.page.waitForSelector(".files-notice.error");
    expect(await text(".files-notice .reason")).toContain("few.txt");
    expect(await text(".files-notice .reason")).not.toMatch(/--\w/);
    expect((await classes())[0]).toMatch(/^digit /);
    await explorer.page.getByRole("button", { name: "Forget" }).click();
    await drop(join(networks, "pets.onnx"));
    await opened("pets.onnx");
    const indices = Object.fromEntries(names.map((name, i) => [name, i]));
    put("class_indices.json", JSON.stringify(indices));
    for (const list of ["labels.txt", "class_indices.json"]) {
      await drop(join(networks, "mnist.onnx"), join(folder, list));
      await opened("mnist.onnx");
      expect((await classes()).every((label) => label.startsWith("digit "))).toBe(true);
      await drop(join(networks, "pets.onnx"));
      await opened("pets.onnx");
    }
    await drop(join(networks, "mnist.onnx"), join(folder, "few.txt"));
    await explorer.page.waitForSelector(".files-notice .left-out");
    expect(await text(".files-notice .left-out")).toContain("“few.txt”");
    await explorer.page.getByRole("button", { name: "Forget" }).click();
    await opened("mnist.onnx");
    expect((await classes()).every((label) => /^\d$/.test(label))).toBe(true);
  });

  test("pictures are known by their bytes, whatever they are called", async () => {
    await drop(join(networks, "pets.onnx"));
    await opened("pets.onnx");
    const kinds: Readonly<Record<string, (photo: Sharp) => Sharp>> = {
      "a photo": (photo) => photo.jpeg(),
      "grey.data": (photo) => photo.greyscale().png(),
      "alpha.json": (photo) => photo.ensureAlpha(0.5).png(),
      "deep.bin": (photo) => photo.toColourspace("rgb16").png(),
      "turned.onnx": (photo) => photo.withMetadata({ orientation: 6 }).jpeg(),
      "web.txt": (photo) => photo.webp({ lossless: true }),
      "av.h5": (photo) => photo.avif({ quality: 90 }),
      "moving.zip": (photo) => photo.gif(),
    };
    for (const [name, format] of Object.entries(kinds)) {
      await drop(put(name, await pets(format)));
      await seen(name);
      expect(await explorer.page.locator(".files-notice, .error").count(), name).toBe(0);
    }
    const values = Float32Array.from({ length: 3 * 64 * 64 }, (_, i) => Math.sin(i));
    await drop(put("numbers.npy", encodeNpy(tensor("float32", [1, 3, 64, 64], values))));
    await seen("numbers.npy");
    const scan = tiffFile({
      dims: [1, 8, 8],
      values: Array.from({ length: 64 }, (_, i) => 4 * i),
      type: "u8",
      isLittle: true,
      isBig: false,
      isPlanar: false,
      rowsOfStrip: 8,
      packing: "none",
      predictor: 1,
    });
    await drop(put("scan.tif", scan));
    await explorer.page.waitForSelector(".error");
    expect(await text(".error")).toContain("got a TIFF picture");
    await drop(join(folder, "a photo"));
    await seen("a photo");
  });

  test("a network with thirty photos of a folder, an archive of photos, and what is neither", async () => {
    for (let i = 0; i < 30; i++) {
      put(
        `photos/photo ${i}.png`,
        await pets((photo) => photo.modulate({ brightness: 1 + i / 30 }).png()),
      );
    }
    put("photos/.DS_Store", "of the system");
    put("photos/notes.md", "# notes");
    await drop(join(folder, "photos"), join(networks, "cats-dogs.onnx"));
    await explorer.page.waitForFunction(
      () => document.querySelector(".open-model")?.textContent === "cats-dogs.onnx",
    );
    expect(await explorer.page.locator("#photos option").count()).toBe(30);
    expect(await text(".files-notice .left-out")).toContain("“photos/notes.md”");
    const photo = await pets((each) => each.png());
    await drop(put("two photos.zip", zipSync({ "a.png": photo, "b.png": photo })));
    await seen("a.png");
    expect(await explorer.page.locator("#photos option").count()).toBe(2);
    expect(await explorer.page.locator(".files-notice").count()).toBe(0);
  });

  test("a drop arrives where the page draws something else below the hand just before", async () => {
    await drop(join(networks, "pets.onnx"));
    await opened("pets.onnx");
    await explorer.page.evaluate(() => {
      const veiled = () => {
        const veil = document.createElement("div");
        veil.style.cssText = "position: fixed; inset: 0; z-index: 1000";
        document.querySelector(".page")!.append(veil);
        addEventListener("drop", () => veil.remove(), { once: true });
      };
      addEventListener("dragover", veiled, { once: true });
    });
    await drop(join(networks, "mnist.onnx"));
    await opened("mnist.onnx");
  });

  test("a drop does not wait for the map of the one before", async () => {
    await drop(join(networks, "cats-dogs.onnx"));
    await opened("cats-dogs.onnx");
    await explorer.page.selectOption("#method", "rise");
    await explorer.page.waitForSelector(".work progress");
    await drop(join(networks, "pets.onnx"));
    await explorer.page.waitForFunction(
      () => document.querySelector(".open-model")?.textContent === "pets.onnx",
    );
    await drop(join(networks, "mnist.onnx"));
    await explorer.page.waitForFunction(
      () => document.querySelector(".open-model")?.textContent === "mnist.onnx",
    );
    await explorer.page.selectOption("#method", "grad-cam");
    await opened("mnist.onnx");
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
