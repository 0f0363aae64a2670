/** @file A folder of pictures in the explorer in Chromium: judged as the command judges, the worst first, stopped, opened. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { petScene } from "../../src/drawn/pets.ts";
import { pictureOfFloats } from "../../src/image/float-picture.ts";
import { encodePng } from "../../src/node/codecs.ts";
import { open } from "../../src/node.ts";
import { dropPaths } from "./explorer-drop.ts";
import { escapeNextAt, letEscapeWait } from "./escape-at-once.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const pets = fileURLToPath(new URL("../../assets/networks/pets.onnx", import.meta.url));
const hostile = "<img src=x onerror=alert(1)>.png";
const perClass = 30;
const utf8 = new TextEncoder();

describe.skipIf(withoutBrowser)("a folder in the explorer", () => {
  let explorer: OpenExplorer;
  const folder = mkdtempSync(join(tmpdir(), "limpid-folder-"));
  const options = () => explorer.page.locator('.judged [role="option"]');
  const summary = () => explorer.page.textContent(".folder .summary");
  const judged = (count: number) =>
    explorer.page.waitForFunction(
      (all) =>
        document.querySelector(".judged [aria-setsize]")?.getAttribute("aria-setsize") ===
          String(all) && document.querySelector(".folder .progress")?.textContent === "",
      count,
    );

  beforeAll(async () => {
    const size = { channels: 3, heightPx: 64, widthPx: 64 } as const;
    for (const name of ["Cat", "dog", "newt"])
      mkdirSync(join(folder, "animals", name), { recursive: true });
    for (let i = 0; i < perClass; i++) {
      for (const number of [2 * i, 2 * i + 1]) {
        const { picture, label } = petScene(3, number, [3, 64, 64]);
        const png = await encodePng(pictureOfFloats(picture, size, "range"));
        const isMisplaced = number < 2;
        const own = (label === 1) === isMisplaced ? "Cat" : "dog";
        writeFileSync(join(folder, "animals", own, number === 5 ? hostile : `${number}.png`), png);
        if (number === 7) writeFileSync(join(folder, "animals", "newt", "newt.png"), png);
      }
    }
    writeFileSync(join(folder, "animals", "dog", "broken.png"), "not a picture");
    explorer = await openExplorer();
    const { page } = explorer;
    await letEscapeWait(page);
    await page.goto(explorer.address);
    await page.waitForSelector(".stage .heat");
    await page.waitForSelector(".channel-grid");
  });
  afterAll(async () => {
    await explorer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("is judged, the worst first, with what folders' names say", async () => {
    const { page } = explorer;
    await page.getByRole("button", { name: "Folder", exact: true }).click();
    await page.waitForSelector(".folder");
    await page.setInputFiles("#folder-files", join(folder, "animals"));
    await judged(2 * perClass + 2);
    expect(await options().count()).toBeLessThan(30);
    expect(await options().nth(0).textContent()).toContain("broken.png");
    expect(await options().nth(1).getAttribute("class")).toContain("is-wrong");
    expect(await summary()).toMatch(/^\d+ \/ 60 right, \d/);
    expect(await summary()).toContain("1 could not be judged");
    expect(await page.textContent(".folder")).toContain("without: newt");
    await page.waitForFunction(
      () => document.querySelector<HTMLCanvasElement>(".row:nth-child(2) canvas")!.width > 1,
    );
    expect(await faultsOf(page)).toEqual([]);
  });

  test("numbers are the command's, and no name is more than text", async () => {
    const { page } = explorer;
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as JSON" }).click();
    const record = JSON.parse(readFileSync(await (await saved).path(), "utf8")) as {
      readonly pictures: readonly {
        readonly path: string;
        readonly predicted: string;
        readonly confidence?: number;
      }[];
    };
    expect(record.pictures).toHaveLength(2 * perClass + 2);
    const net = await open(pets);
    for (const { path, predicted, confidence } of record.pictures.slice(1, 5)) {
      const own = await net.explain(join(folder, path), { check: "off" });
      expect(predicted).toBe(own.label);
      expect(confidence).toBeCloseTo(own.probability!, 4);
    }
    await net.close();
  });

  test("a table that is chosen tells what is right, and what of it fits nothing", async () => {
    const { page } = explorer;
    const rightOf = async () => Number(/^(\d+) \//.exec((await summary())!)![1]);
    const before = await rightOf();
    const rows = [0, 1].map((number) => {
      const { label } = petScene(3, number, [3, 64, 64]);
      return `${number}.png;${label === 1 ? "dog" : "cat"}`;
    });
    const table = join(folder, "truth.csv");
    writeFileSync(table, ["file;class", ...rows, "nowhere.png;cat", ""].join("\r\n"));
    await page.setInputFiles("#folder-table", table);
    await page.waitForFunction(
      () => document.querySelector(".folder")?.textContent.includes("not here") === true,
    );
    await judged(2 * perClass + 2);
    expect(await page.textContent(".folder")).toContain('not here: "nowhere.png"');
    expect(await page.textContent(".folder")).toContain("of 2 pictures the table tells another");
    expect(await rightOf()).toBe(before + 2);
    expect(await faultsOf(page)).toEqual([]);
  });

  test("is filtered, sorted by the disagreement of two methods, and gone through by keyboard", async () => {
    const { page } = explorer;
    await page.selectOption("#judged-class", { label: "cat" });
    const cats = Number(await options().first().getAttribute("aria-setsize"));
    expect(cats).toBeGreaterThan(perClass - 3);
    expect(cats).toBeLessThan(2 * perClass);
    await page.selectOption("#judged-class", "");
    await page.getByRole("button", { name: "Compare two methods" }).click();
    await judged(2 * perClass + 2);
    expect(await page.inputValue("#judged-order")).toBe("disagreement");
    expect(await options().nth(1).textContent()).toContain("disagreement");
    await page.focus(".judged");
    await page.keyboard.press("End");
    await page.waitForSelector(`#judged-${2 * perClass + 1}[aria-selected=true]`);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    const path = await page.textContent("#judged-1 .path");
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      (name) =>
        document.querySelector(".dialog") === null &&
        document.querySelector(".stage .photo")?.getAttribute("aria-label") === name,
      path!.split("/").at(-1)!,
    );
    await page.waitForSelector(".stage .heat");
  });

  test("a folder that is stopped keeps what is done, and the next answer is right", async () => {
    const { page } = explorer;
    await page.getByRole("button", { name: "Folder", exact: true }).click();
    await escapeNextAt(page, "judged");
    await page.setInputFiles("#folder-files", join(folder, "animals"));
    await page.waitForSelector('.judged [role="option"]');
    await page.waitForFunction(
      () => document.querySelector(".folder .progress")?.textContent === "",
    );
    expect(await page.locator(".folder").count()).toBe(1);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelector(".folder") === null);
    await page.locator("body").press("2");
    await page.waitForFunction(
      () =>
        document.querySelector(".answers [aria-pressed=true] .label")?.textContent !== undefined,
    );
  });

  test("a table that is dropped with photos, in a folder or an archive, is what is judged by", async () => {
    const { page } = explorer;
    const dropped = join(folder, "dropped");
    mkdirSync(join(dropped, "photos"), { recursive: true });
    const photos = [0, 1, 2, 3].map((number) => `${number}.png`);
    const bytes = new Map<string, Uint8Array>();
    for (const name of photos) {
      const own = ["Cat", "dog"].find((each) => existsSync(join(folder, "animals", each, name)))!;
      bytes.set(`photos/${name}`, readFileSync(join(folder, "animals", own, name)));
    }
    const rows = photos.map((name, i) => `"photos/${name}";${i % 2 === 0 ? "cat" : "dog"}`);
    bytes.set("labels.csv", utf8.encode(`\uFEFFfile;class\r\n${rows.join("\r\n")}\r\n`));
    for (const [name, data] of bytes) writeFileSync(join(dropped, name), data);
    writeFileSync(join(folder, "packed.zip"), zipSync(Object.fromEntries(bytes)));
    for (const [path, table] of [
      ["dropped", "dropped/labels.csv"],
      ["packed.zip", "packed/labels.csv"],
    ] as const) {
      await dropPaths(page, [join(folder, path)]);
      await page.waitForFunction(
        (name) => document.querySelector(".taken-truth")?.textContent.includes(name) === true,
        table,
      );
      await page.getByRole("button", { name: "Folder", exact: true }).click();
      await page.getByRole("button", { name: "Judge the dropped pictures" }).click();
      await judged(4);
      expect(await summary()).toMatch(/^\d \/ 4 right/);
      expect(await page.locator(".folder ul.hint").count()).toBe(0);
      await page.keyboard.press("Escape");
    }
    await page.getByRole("button", { name: "Forget" }).click();
    await page.getByRole("button", { name: "Folder", exact: true }).click();
    await page.getByRole("button", { name: "Judge the dropped pictures" }).click();
    await judged(4);
    expect(await summary()).toContain("of none of which the class is known");
    await page.keyboard.press("Escape");
    // A table that comes later is of the pictures that are there; a list of names is not.
    await dropPaths(page, [join(dropped, "labels.csv")]);
    await page.waitForSelector(".taken-truth");
    expect(await page.textContent(".open-model")).toBe("pets.onnx");
    const names = join(folder, "0 names.csv");
    writeFileSync(names, "0,puss\n1,hound\n");
    await dropPaths(page, [names]);
    await page.waitForSelector(".taken-names");
    await page.waitForFunction(() =>
      [...document.querySelectorAll(".answers .label")].some((one) => one.textContent === "hound"),
    );
    expect(await page.locator(".taken-truth").count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Forget" }).click();
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
