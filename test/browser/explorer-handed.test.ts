/** @file A network that `limpid explore` hands over: the page knows of it what the command knows. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { knownMetadata } from "../../src/app/open.ts";
import { handedFiles } from "../../src/explore/handed-files.ts";
import { servePage } from "../../src/explore/page-server.ts";
import { nodePlatform } from "../../src/node/platform.ts";
import { formatProbability } from "../../src/wording/numbers.ts";
import { limpid } from "../command-line.ts";
import { readGoldenFile } from "../goldens/load.ts";
import { launchChromium, withoutBrowser } from "./page.ts";

const config = fileURLToPath(new URL("../../web/vite.config.ts", import.meta.url));
const mirror = process.env["LIMPID_MIRROR"] ?? "";

describe.skipIf(withoutBrowser)("a network in the page's hand", () => {
  const folder = mkdtempSync(join(tmpdir(), "limpid-handed-"));
  const at = (name: string) => join(folder, name);
  let browser: Browser;

  beforeAll(async () => {
    await build({ configFile: config, logLevel: "error", build: { outDir: at("page") } });
    browser = await launchChromium(["--headless=new", "--no-sandbox"]);
    const data = Uint8Array.from({ length: 3 * 96 * 128 }, (_, i) => (i * 7919) % 253);
    const raw = { width: 128, height: 96, channels: 3 } as const;
    await sharp(data, { raw }).blur(4).png().toFile(at("photo.png"));
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As `limpid explore MODEL photo.png` opens it. */
  const explored = async (
    model: string,
    then: (page: Page) => Promise<void>,
    photos: readonly string[] = [at("photo.png")],
  ) => {
    const request = { offline: true, signal: { aborted: false }, onDownload: () => undefined };
    const place = await nodePlatform.locate(model, request);
    const handed = await handedFiles(nodePlatform, place, photos);
    const network = {
      ...(place.from === "disk" ? {} : { name: model }),
      metadata: await knownMetadata(nodePlatform, place),
    };
    const served = await servePage({ folder: at("page"), handed, network, port: 0 });
    const page = await browser.newPage();
    try {
      await page.goto(served.address);
      await page.waitForFunction(
        () =>
          document.querySelector(".stage .heat") !== null &&
          document.querySelector(".work")?.textContent === "",
      );
      await then(page);
    } finally {
      await page.close();
      await served.close();
    }
  };

  /** The command's answers, and the page's, of the network in all shown digits. */
  const expectSame = (model: string) =>
    explored(model, async (page) => {
      const line = ["attribute", model, at("photo.png"), "--method", "gradient", "--json"];
      const { out, code, err } = await limpid(...line, "--out", at("map.png"));
      expect(code, err).toBe(0);
      const [first] = (JSON.parse(out) as Answered).results;
      const answer = page.locator(".answers li").first();
      expect(await answer.textContent()).toContain(first!.label);
      expect(await answer.textContent()).toContain(formatProbability(first!.probability));
    });

  test("has the names and the preparation that lie beside it", async () => {
    writeFileSync(at("net.onnx"), readGoldenFile("resnet.onnx"));
    const names = Array.from({ length: 10 }, (_, i) => `class ${i} of the file`);
    writeFileSync(at("labels.txt"), names.join("\n"));
    const says = { do_rescale: true, do_normalize: true };
    const numbers = { image_mean: [0.1, 0.2, 0.3], image_std: [0.3, 0.2, 0.1] };
    const told = { ...says, ...numbers, rescale_factor: 1 / 255 };
    writeFileSync(at("preprocessor_config.json"), JSON.stringify(told));
    await expectSame(at("net.onnx"));
  });

  test("the address leads to the same again, among the photos and the networks at hand", async () => {
    writeFileSync(at("net.onnx"), readGoldenFile("resnet.onnx"));
    await sharp({ create: { width: 64, height: 64, channels: 3, background: "#a41" } })
      .png()
      .toFile(at("second.png"));
    const looked = (page: Page, model: string, picture: string) =>
      page.waitForFunction(
        (wanted) =>
          document.querySelector(".open-model")?.textContent === wanted[0] &&
          document.querySelector(".stage .photo")?.getAttribute("aria-label") === wanted[1] &&
          document.querySelector(".stage .heat") !== null &&
          document.querySelector(".work")?.textContent === "",
        [model, picture],
      );
    const photos = [at("photo.png"), at("second.png")];
    await explored(
      at("net.onnx"),
      async (page) => {
        await page.selectOption("#photos", { index: 1 });
        await looked(page, "net.onnx", "second.png");
        await page.locator(".spine li button").nth(1).click();
        await page.selectOption("#method", "layer-cam");
        await looked(page, "net.onnx", "second.png");
        const address = page.url();
        await page.reload();
        await looked(page, "net.onnx", "second.png");
        expect(page.url()).toBe(address);
        expect(await page.locator(".files-notice, .error").count()).toBe(0);
        for (const name of ["mnist", "pets"]) {
          await page.selectOption(".networks select", name);
          await looked(page, `${name}.onnx`, "second.png");
          await page.reload();
          await looked(page, `${name}.onnx`, "second.png");
        }
        await page.goto("about:blank");
        await page.goto(new URL("#model=pets&picture=drawn:2", address).href);
        await looked(page, "pets.onnx", "drawn 2");
        expect(await page.locator(".files-notice, .error").count()).toBe(0);
      },
      photos,
    );
  });

  test.skipIf(mirror === "").each(["googlenet", "squeezenet1.1", "mobilenetv2"])(
    "has what the catalog knows of %s",
    async (name) => {
      await expectSame(name);
    },
  );
});

interface Answered {
  readonly results: readonly { readonly label: string; readonly probability: number }[];
}
