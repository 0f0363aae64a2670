/** @file Names of files, layers and classes that turn or hide letters: nothing on the page does what they say. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { metadataKeys } from "../../src/graph/metadata.ts";
import { encodePng } from "../../src/node/codecs.ts";
import { smallNetwork } from "../command-line.ts";
import { renamed } from "../renamed-graph.ts";
import { dropPaths } from "./explorer-drop.ts";
import { openExplorer, type OpenExplorer } from "./explorer.ts";
import { misled, nothingMisled } from "./letters.ts";
import { withoutBrowser } from "./page.ts";

const turned = "\u202egnp.exe\u2066";
const hidden = "\u200b\u200f\ufeffa\u001b[31m";

describe.skipIf(withoutBrowser)("names that would do something", () => {
  let explorer: OpenExplorer;
  const folder = mkdtempSync(join(tmpdir(), "limpid-names-"));
  const network = `net${turned}.onnx`;
  const photo = `photo${hidden}.png`;

  beforeAll(async () => {
    const plain = smallNetwork((i) => Math.sin(i));
    const names = new Map([
      ["features", `features${turned}`],
      ["logits", `${hidden}logits`],
    ]);
    const classes = JSON.stringify(["a", "b", "c", "d"].map((each) => `${turned}${each}${hidden}`));
    const graph = {
      ...renamed(plain, names),
      metadata: new Map([[metadataKeys.classes, classes]]),
    };
    writeFileSync(join(folder, network), encodeOnnx(graph).bytes);
    const data = Uint8Array.from({ length: 192 }, (_, i) => (i * 37) % 256);
    const png = await encodePng({ widthPx: 8, heightPx: 8, channels: 3, data });
    mkdirSync(join(folder, turned));
    for (const name of [photo, join(turned, `1${hidden}.png`), join(turned, "2.png")]) {
      writeFileSync(join(folder, name), png);
    }
    explorer = await openExplorer();
    await explorer.page.goto(explorer.address);
    await explorer.page.waitForSelector(".channel-grid");
  });
  afterAll(async () => {
    await explorer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const idle = () =>
    explorer.page.waitForFunction(
      () =>
        document.querySelector(".work")?.textContent === "" &&
        document.querySelector(".stage .heat") !== null,
    );

  test("are spelled out wherever they are shown", async () => {
    const { page } = explorer;
    await dropPaths(page, [join(folder, network), join(folder, photo)]);
    await page.waitForFunction(() =>
      document.querySelector(".open-model")?.textContent?.startsWith("net"),
    );
    await idle();
    expect(await page.textContent(".open-model")).toBe(String.raw`net\u202egnp.exe\u2066.onnx`);
    expect(await page.locator(".answers .label").first().textContent()).toMatch(
      /^\\u202egnp\.exe\\u2066[a-d]\\u200b\\u200f\\ufeffa\\x1b\[31m$/,
    );
    expect(await misled(page)).toEqual(nothingMisled);
    // What names stand for is chosen by them all the same.
    await page.locator(".spine li button").first().click();
    await page.locator(".answers li button").nth(1).click();
    await page.locator("details.recipe summary").click();
    await idle();
    expect(await page.locator(".error, .files-notice").count()).toBe(0);
    expect(await page.textContent(".recipe pre")).toContain(String.raw`$(printf '\342\200\256')`);
    expect(await misled(page)).toEqual(nothingMisled);
    await dropPaths(page, [join(folder, turned)]);
    await idle();
    await page.getByRole("button", { name: "Folder", exact: true }).click();
    await page.getByRole("button", { name: "Judge the dropped pictures" }).click();
    await page.waitForSelector('.judged [role="option"]');
    expect(await page.textContent(".judged")).toContain(String.raw`1\u200b\u200f\ufeffa`);
    expect(await misled(page)).toEqual(nothingMisled);
    await page.keyboard.press("Escape");
    await page.goto(`${explorer.address}#layer=${encodeURIComponent(turned)}&target=${hidden}`);
    await page.reload();
    await idle();
    await page.locator(".notices", { hasText: String.raw`\u202egnp.exe` }).waitFor();
    expect(await misled(page)).toEqual(nothingMisled);
  });

  test("from right to left turn within themselves alone, and move no number beside them", async () => {
    const { page } = explorer;
    const [hebrew, arabic] = ["חתול 2", "قطة"];
    const names = new Map([["features", "שכבה 1"]]);
    const classes = JSON.stringify([hebrew, arabic, "c", "d"]);
    const own = renamed(
      smallNetwork((i) => Math.sin(i)),
      names,
    );
    const path = join(folder, "רשת.onnx");
    const graph = { ...own, metadata: new Map([[metadataKeys.classes, classes]]) };
    writeFileSync(path, encodeOnnx(graph).bytes);
    await page.goto(explorer.address);
    await page.reload();
    await idle();
    await dropPaths(page, [path]);
    await page.waitForFunction(
      () => document.querySelector(".open-model")?.textContent === "רשת.onnx",
    );
    await idle();
    // All of the layers is measured: nothing of it comes between.
    await page.waitForFunction(
      () => document.querySelector(".spine li:not(:has(.thumbnail canvas))") === null,
    );
    await idle();
    await page.click("#trust");
    await page.waitForSelector(".trust .charts");
    await page.setInputFiles("#second-files", path);
    await page.waitForSelector(".second .heat");
    await idle();
    expect(await page.textContent(".second")).toContain(`1: רשת.onnx`);
    await page.getByRole("button", { name: "Graph", exact: true }).click();
    await page.waitForSelector("svg text");
    expect(await page.textContent(".score")).toMatch(new RegExp(`${arabic}.*שכבה 1`));
    expect(await misled(page)).toEqual(nothingMisled);
  });

  test("and nothing on the console", () => {
    expect(explorer.problems).toEqual([]);
  });
});
