/** @file The page says all that the command says of a map, whatever picture is dropped on it. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { petScene } from "../../src/drawn/pets.ts";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { randomStream } from "../../src/random.ts";
import { limpid, smallNetwork } from "../command-line.ts";
import { dropPaths } from "./explorer-drop.ts";
import { openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const networks = fileURLToPath(new URL("../../assets/networks", import.meta.url));
const side = 96;

/** A face, [side, side] of four channels, the more transparent the more to the right. */
function face(isClear: boolean): Sharp {
  const { picture } = petScene(5, 2, [3, side, side]);
  const bytes = Uint8Array.from({ length: 4 * side * side }, (_, i) => {
    const place = Math.floor(i / 4);
    if (i % 4 === 3) return isClear ? 255 - Math.floor((255 * (place % side)) / side) : 255;
    return Math.round(255 * Math.min(Math.max(picture[(i % 4) * side * side + place]!, 0), 1));
  });
  return sharp(bytes, { raw: { width: side, height: side, channels: 4 } });
}

const opaque = () => face(false).removeAlpha();
const frames = () =>
  sharp(
    Uint8Array.from({ length: 3 * 8 * 8 * 3 }, (_, i) => (i * 37) % 256),
    { raw: { width: 8, height: 24, channels: 3, pageHeight: 8 }, animated: true },
  );

const dark = Uint16Array.from({ length: 3 * side * side }, (_, i) => (i * 31) % 4096);
const deep = { raw: { width: side, height: side, channels: 3 } } as const;

const pictures: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  "plain.png": () => opaque().png().toBuffer(),
  "clear.png": () => face(true).png().toBuffer(),
  "clear.webp": () => face(true).webp({ lossless: true, exact: true }).toBuffer(),
  "clear 16.png": () => face(true).toColourspace("rgb16").png().toBuffer(),
  "opaque alpha.png": () => face(false).png().toBuffer(),
  "palette.png": () => face(true).png({ palette: true, colours: 8 }).toBuffer(),
  "grey.png": () => opaque().greyscale().png().toBuffer(),
  "grey clear.png": () => face(true).greyscale().png().toBuffer(),
  "dark 16.png": () => sharp(dark, deep).toColourspace("rgb16").png().toBuffer(),
  "ink.jpg": () => opaque().toColourspace("cmyk").jpeg().toBuffer(),
  "turned.jpg": () =>
    opaque().resize(96, 60, { fit: "fill" }).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  "tiny.png": () => opaque().resize(1, 1).png().toBuffer(),
  "wide.png": () => opaque().resize(400, 7, { fit: "fill" }).png().toBuffer(),
  "tall.jpg": () => opaque().resize(5, 300, { fit: "fill" }).jpeg().toBuffer(),
  "moving.gif": () => frames().gif().toBuffer(),
  "moving.webp": () => frames().webp().toBuffer(),
  "blank.png": () =>
    sharp({ create: { width: 30, height: 90, channels: 4, background: "#0000" } })
      .png()
      .toBuffer(),
};

/** With more methods than one. */
const telling: readonly string[] = ["clear.png", "tiny.png", "wide.png"];

/** The page words options by their names; a browser's pixels differ in rounding, in ink, and in the lower 8 of 16 bits. */
function asCommand(note: string): string {
  return note
    .replaceAll(
      /“([a-z ]+): ([^”]*)”(?: on the command line)?/g,
      (_, name: string, value: string) => `--${name.replaceAll(" ", "-")} ${value}`,
    )
    .replaceAll(/“([a-z ]+)”/g, (_, name: string) => `--${name.replaceAll(" ", "-")}`)
    .replace(
      /has 16 bits .*so it is read as dark(; if it holds \d+ bits, give --range [\d.]+)?/,
      "is dark",
    )
    .replace(/; the top class is the same under .*/, "; the top class");
}

describe.skipIf(withoutBrowser)("what is assumed of a picture", () => {
  let explorer: OpenExplorer;
  const folder = mkdtempSync(join(tmpdir(), "limpid-notes-"));

  beforeAll(async () => {
    explorer = await openExplorer();
    await explorer.page.goto(explorer.address);
    await explorer.page.waitForSelector(".channel-grid");
  });
  afterAll(async () => {
    await explorer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the page says beside the map of a picture, and of the map itself. */
  const saidOnPage = async () => {
    const said = await explorer.page.locator(".foot li, .warnings li").allTextContents();
    // Where nothing is assumed there is no list to open.
    const summary = (await explorer.page.locator(".foot summary").allTextContents()).join("");
    const [, count] = /\((\d+)\)/.exec(summary) ?? [];
    const listed = await explorer.page.locator(".foot li").count();
    expect(Number(count ?? 0)).toBe(listed);
    return said.map(asCommand).toSorted();
  };
  const shown = (network: string, name: string) =>
    explorer.page.waitForFunction(
      ([model, picture]) =>
        document.querySelector(".open-model")?.textContent === model &&
        document.querySelector(".stage .photo")?.getAttribute("aria-label") === picture &&
        document.querySelector(".stage .heat") !== null &&
        document.querySelector(".work")?.textContent === "",
      [network, name] as const,
    );

  const saidByCommand = async (network: string, name: string, method: string) => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const words = ["attribute", network, name, "--method", method, "--check", "off"];
      const { code, out, err } = await limpid(...words, "--out", "map.png");
      expect(code, err).toBe(0);
      const lines = (out + err).split("\n").filter((line) => /^ *(note|warning): /.test(line));
      return lines.map((line) => asCommand(line.replace(/^ *\w+: /, ""))).toSorted();
    } finally {
      process.chdir(before);
    }
  };

  test.each([
    ["pets.onnx", ["grad-cam", "gradient", "occlusion"]],
    ["mnist.onnx", ["grad-cam"]],
    ["untold.onnx", ["grad-cam", "integrated-gradients"]],
  ] as const)(
    "is on the page what it is on the command line: %s",
    async (network, methods) => {
      if (network === "untold.onnx") {
        const random = randomStream("notes");
        const graph = smallNetwork(() => random.normal());
        writeFileSync(join(folder, network), encodeOnnx(graph).bytes);
      } else copyFileSync(join(networks, network), join(folder, network));
      await dropPaths(explorer.page, [join(folder, network)]);
      for (const [i, method] of methods.entries()) {
        for (const [name, made] of Object.entries(pictures)) {
          if (i > 0 && !telling.includes(name)) continue;
          writeFileSync(join(folder, name), await made());
          // What is tried on the first picture decides for those that come after.
          const isDecided = network !== "untold.onnx";
          const files = isDecided ? [name] : [network, name];
          await dropPaths(
            explorer.page,
            files.map((file) => join(folder, file)),
          );
          await shown(network, name);
          await explorer.page.selectOption("#method", method);
          await shown(network, name);
          const command = await saidByCommand(network, name, method);
          // The map of the method before may be there still.
          const patience = { message: `${name} ${method}`, timeout: 30_000 };
          await expect.poll(saidOnPage, patience).toEqual(command);
        }
      }
    },
    240_000,
  );

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
