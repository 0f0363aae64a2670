/** @file The atlas's site in Chromium: from disk and from a host, by keyboard and by thumb, with names that break pages. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { isolatedText } from "../../src/wording/isolated-text.ts";
import { shownText } from "../../src/wording/shown-text.ts";
import { largeAtlas } from "./large-atlas.ts";
import { atlasFolder, colourOf, layerNames } from "./atlas-folder.ts";
import {
  atlasInBrowser,
  colourIn,
  diskAddress,
  go,
  openTab,
  place,
  serveAtlas,
  until,
} from "./atlas-site.ts";
import { faultsOf } from "./explorer.ts";
import { misled, nothingMisled } from "./letters.ts";
import { withoutBrowser } from "./page.ts";

const phone = { width: 390, height: 844 } as const;

describe.skipIf(withoutBrowser)("the atlas's site", () => {
  const site = atlasInBrowser();
  const { fromDisk } = site;
  const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent?.trim());

  const looks = [
    { width: 1440, height: 900, scheme: "light", locale: "en" },
    { ...phone, scheme: "dark", locale: "de" },
  ] as const;
  for (const look of looks) {
    test(`shows every page from disk, ${look.scheme}, ${look.width} px wide`, async () => {
      const tab = await fromDisk(look);
      const { page } = tab;
      const pages = [
        ["#/", ".by-depth svg"],
        [`#/${site.atlas.folders[0]}`, ".contact-sheet li"],
        [`#/${site.atlas.folders[2]}?view=map`, ".map-frame canvas"],
        [`#/${site.atlas.folders[1]}?view=map`, ".no-map"],
        [`#/${site.atlas.folders[2]}?view=cells`, ".cell-atlas canvas"],
        [`#/${site.atlas.folders[3]}?view=cells`, ".no-map"],
        [`#/${site.atlas.folders[1]}/3`, ".tops li"],
        [`#/${site.atlas.folders[0]}/1`, ".missing"],
        [`#/${site.atlas.folders[3]}/2`, ".missing"],
        ["#class/1", ".tiles li"],
        ["#/nowhere", "h1"],
      ] as const;
      for (const [hash, selector] of pages) {
        await go(tab, hash, selector);
        expect(await faultsOf(page)).toEqual([]);
        expect(await misled(page)).toEqual(nothingMisled);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wider).toBeLessThanOrEqual(0);
      }
      expect(tab.problems).toEqual([]);
      await tab.close();
    });
  }

  test("shows names as they are", async () => {
    const tab = await fromDisk();
    const { page } = tab;
    await go(tab, "#/", ".layers li");
    expect(await page.locator(".layers .name").allTextContents()).toEqual(
      layerNames.map(shownText),
    );
    expect(await page.textContent("h1")).toBe("<i>net</i>.onnx");
    await page.click(".layers li:nth-child(2) a");
    await page.waitForSelector(".contact-sheet li");
    expect(await page.textContent("h1")).toBe(shownText(layerNames[1]));
    expect(await page.title()).toContain(isolatedText(shownText(layerNames[1])));
    await page.click('[data-unit="4"]');
    await page.waitForSelector(".tops li");
    expect(await page.locator(".tops .photo").first().textContent()).toBe("cat <1>.jpg");
    expect(await page.locator(".links .of-layer h3").allTextContents()).toEqual([
      layerNames[0],
      "not/in 'it' not in this atlas",
      layerNames[2],
    ]);
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  test("shows each unit's own icon and patches, whatever sheet they lie on", async () => {
    const tab = await fromDisk();
    const { page } = tab;
    const units = [
      [0, 17],
      [1, 4],
      [2, 0],
      [2, 255],
      [2, 256],
      [2, 299],
    ] as const;
    for (const [layer, unit] of units) {
      await go(tab, `#/${site.atlas.folders[layer]}/${unit}`, ".tops li");
      await page.waitForLoadState("networkidle");
      expect(await colourIn(page, ".made .cell")).toEqual(colourOf(layer, unit));
      expect(await colourIn(page, ".tops li:nth-child(6) .cell")).toEqual(colourOf(layer, unit, 5));
    }
    await go(tab, `#/${site.atlas.folders[2]}`, '[data-unit="299"]');
    await page.hover('[data-unit="290"]');
    await page.waitForSelector(".glance .patches");
    await page.waitForLoadState("networkidle");
    expect(await colourIn(page, ".glance > .cell")).toEqual(colourOf(2, 290));
    expect(await colourIn(page, ".glance .patches .cell:nth-child(9)")).toEqual(
      colourOf(2, 290, 8),
    );
    await tab.close();
  });

  test("is walked through by keyboard alone", async () => {
    const tab = await fromDisk();
    const { page } = tab;
    const [first, second] = site.atlas.folders;
    await go(tab, "#/", ".layers li");
    await page.locator(".layers a").first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await until(page, `#/${first}`);
    await page.waitForFunction(() => document.activeElement?.matches('[data-unit="0"]'));
    const columns = await page.evaluate(
      () =>
        getComputedStyle(document.querySelector(".contact-sheet")!).gridTemplateColumns.split(" ")
          .length,
    );
    for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowRight"])
      await page.keyboard.press(key);
    // The last key is drawn after it is pressed.
    await expect.poll(() => focused(page)).toBe(String(columns + 1));
    await expect.poll(() => page.textContent(".glance strong")).toBe(`Unit ${columns + 1}`);
    await expect.poll(() => page.locator('.contact-sheet [tabindex="0"]').count()).toBe(1);
    await page.keyboard.press("Enter");
    await until(page, `#/${first}/${columns + 1}`);
    await page.waitForFunction(() => document.activeElement?.matches("h1"));
    await page.keyboard.press("ArrowRight");
    await until(page, `#/${first}/${columns + 2}`);
    await page.keyboard.press("Escape");
    await until(page, `#/${first}`);
    await page.waitForSelector(`[data-unit="${columns + 2}"]:focus`);
    for (const key of ["]", "]", "["]) await page.keyboard.press(key);
    await until(page, `#/${second}`);
    await page.keyboard.press("Escape");
    await until(page, "#/");
    await page.waitForFunction(
      (folder) => (document.activeElement as HTMLElement | null)?.dataset["layer"] === folder,
      second!,
    );
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    expect(place(page)).toBe("#/");
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  test("finds layers, units and classes", async () => {
    const tab = await fromDisk();
    const { page } = tab;
    const third = site.atlas.folders[2];
    await go(tab, "#/", ".layers li");
    await page.keyboard.press("/");
    await page.keyboard.type("4a 35");
    await page.waitForSelector('[role="option"]');
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await until(page, `#/${third}/35`);
    await page.keyboard.press("Control+f");
    await page.keyboard.type("gold");
    await page.keyboard.press("Enter");
    await until(page, "#class/1");
    await page.waitForSelector(".tiles li");
    // The strongest of the last layers first: units name a class the more the larger their number is.
    expect(await page.textContent(".of-layer:nth-child(2) .tiles li strong")).toBe("299");
    await page.keyboard.press("/");
    await page.keyboard.type("no such thing");
    await page.waitForSelector(".found.none");
    await page.keyboard.press("Escape");
    expect(place(page)).toBe("#class/1");
    await page.fill("#search", "img src");
    await page.click('[role="option"]');
    await until(page, `#/${site.atlas.folders[1]}`);
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  test("finds units by what is known of them, which is loaded only then", async () => {
    const host = await serveAtlas(site.atlas);
    const tab = await openTab(site.browser, host.address, host.address, { locale: "de" });
    const { page } = tab;
    await page.goto(tab.address);
    await page.waitForSelector(".layers li");
    expect(host.sent.has("atlas-search.js")).toBe(false);
    await page.keyboard.press("/");
    await page.keyboard.type("tabby");
    await page.waitForSelector('[role="option"]');
    expect(await page.locator('[role="option"]').allTextContents()).toEqual([
      "Einheit256 inception_4a/outputFotos meist aus <i>tabby</i> cat 9/9",
      `Einheit7 ${layerNames[0]}Fotos meist aus <i>tabby</i> cat 6/9`,
    ]);
    expect(await faultsOf(page)).toEqual([]);
    await page.fill("#search", "shark white");
    await page.waitForFunction(() => document.querySelectorAll('[role="option"]').length === 2);
    expect(await page.textContent('[role="option"]:nth-child(1)')).toContain("Klasse");
    await page.click('[role="option"]:nth-child(2)');
    await until(page, `#/${site.atlas.folders[2]}/12`);
    expect(tab.problems).toEqual([]);
    await tab.close();
    host.close();
  });

  test("orders a layer's units, and keeps the order in the address", async () => {
    const tab = await fromDisk();
    const { page } = tab;
    const [folder] = site.atlas.folders;
    await go(tab, `#/${folder}`, ".contact-sheet li");
    await page.selectOption(".order select", "zeros");
    await until(page, `#/${folder}?order=zeros`);
    await page.waitForFunction(
      () => document.querySelector<HTMLElement>("[data-unit]")?.dataset["unit"] === "2",
    );
    await page.click('[data-unit="5"]');
    await page.waitForSelector(".tops");
    await page.keyboard.press("Escape");
    await until(page, `#/${folder}?order=zeros`);
    await tab.close();
  });

  test("draws figures by depth, and tells them as a table", async () => {
    const tab = await fromDisk(phone);
    const { page } = tab;
    await go(tab, "#/", ".by-depth svg");
    expect(await page.locator(".legend .figure").allTextContents()).toEqual([
      "Zeros",
      "Channels in use",
      "Classes told",
      "Dead",
    ]);
    await page.click(".as-table summary");
    await page.waitForSelector(".as-table td");
    // One of 40 units is dead.
    expect(await page.locator(".as-table tbody tr:first-child td").allTextContents()).toEqual([
      "20 %",
      "50 %",
      "60 %",
      "3 %",
    ]);
    expect(await page.getAttribute(".by-depth .chart svg", "aria-label")).toContain("Dead: 3 %");
    expect(await faultsOf(page)).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider).toBeLessThanOrEqual(0);
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  test("its first view is under 300 kB, from any path of a static host", async () => {
    const host = await serveAtlas(site.atlas);
    const tab = await openTab(site.browser, host.address, host.address);
    const { page } = tab;
    await page.goto(tab.address);
    await page.waitForSelector(".by-depth svg");
    await page.waitForLoadState("networkidle");
    const sent = [...host.sent];
    const bytes = sent.reduce((sum, [, each]) => sum + each, 0);
    expect(bytes).toBeLessThan(300e3);
    expect(sent.filter(([name]) => /units\.js|icons/.test(name))).toEqual([]);
    // What is the page's own leaves room for a network of a thousand classes and a screen full of strips.
    const own = sent.filter(([name]) => /^(index\.html|atlas\.(js|css)|)$/.test(name));
    expect(own.length).toBe(3);
    expect(own.reduce((sum, [, each]) => sum + each, 0)).toBeLessThan(150e3);
    await page.click(".layers li:nth-child(4) a");
    await page.waitForSelector(".contact-sheet li");
    expect(tab.problems).toEqual([]);
    await tab.close();
    host.close();
  });

  test("its first view is under 300 kB also of 6,000 units with pictures that do not compress", async () => {
    const large = await largeAtlas();
    const host = await serveAtlas(large);
    const tab = await openTab(site.browser, host.address, host.address);
    const { page } = tab;
    await page.goto(tab.address);
    await page.waitForSelector(".strip img");
    await page.waitForLoadState("networkidle");
    expect(await page.textContent(".lead")).toContain("6,000 units");
    expect([...host.sent.values()].reduce((sum, each) => sum + each, 0)).toBeLessThan(300e3);
    expect([...host.sent.keys()].some((name) => name.endsWith(".jpg"))).toBe(true);
    expect(tab.problems).toEqual([]);
    await tab.close();
    host.close();
    large.remove();
  });

  test("shows the layer of the classes first, and calls its units by their names", async () => {
    const own = await atlasFolder({ classLayer: 1 });
    const tab = await openTab(site.browser, diskAddress(own), "file://");
    const { page } = tab;
    await go(tab, "#/", ".layers li");
    expect(await page.locator("section > h2").allTextContents()).toEqual(
      expect.arrayContaining(["Classes", "Layers"]),
    );
    expect(await page.locator(".layers .place").allTextContents()).toEqual(["2", "1", "3", "4"]);
    await page.focus(".layers .row");
    await page.keyboard.press("ArrowDown");
    expect(await page.evaluate(() => document.activeElement!.getAttribute("data-layer"))).toBe(
      own.folders[0],
    );
    await go(tab, `#/${own.folders[1]}`, ".contact-sheet li");
    const retriever = `Unit 1, <b>golden</b> "retriever"`;
    expect(await page.getAttribute('[data-unit="1"]', "title")).toBe(`<b>golden</b> "retriever"`);
    expect(await faultsOf(page)).toEqual([]);
    await go(tab, `#/${own.folders[1]}/1`, ".unit-page");
    expect(await page.textContent("h1")).toBe(retriever);
    await go(tab, `#/${own.folders[1]}/4`, ".unit-page");
    expect(await page.textContent("h1")).toBe("Unit 4");
    await go(tab, "#class/1", ".of-class");
    expect(decodeURI((await page.getAttribute(".of-class", "href"))!)).toBe(
      `#/${own.folders[1]}/1`,
    );
    expect(await faultsOf(page)).toEqual([]);
    expect(tab.problems).toEqual([]);
    await tab.close();
    own.remove();
  });

  test("says what it lacks: photos, a layer's file, the index", async () => {
    const bare = await atlasFolder({ hasPhotos: false });
    const tab = await openTab(site.browser, diskAddress(bare), "file://", phone);
    const { page } = tab;
    await go(tab, "#/", ".layers li");
    expect(await page.textContent(".hint")).toContain("Made without photos");
    expect(await page.locator(".by-depth").count()).toBe(0);
    await go(tab, `#/${bare.folders[0]}?view=map`, ".no-map");
    expect(await page.textContent(".no-map")).toContain("made without photos");
    await go(tab, `#/${bare.folders[0]}/2`, ".missing");
    expect(await page.textContent(".missing")).toMatch(
      /^Silent: what was made does not excite it\. Its picture/,
    );
    expect(await page.locator(".tops, .histogram").count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    expect(tab.problems).toEqual([]);
    rmSync(join(bare.path, bare.folders[1]!, "units.js"));
    await go(tab, `#/${bare.folders[1]}`, ".missing");
    expect(await page.textContent(".missing")).toContain("units.js could not be read");
    rmSync(join(bare.path, "atlas-index.js"));
    await page.goto("about:blank");
    await page.goto(tab.address);
    await page.waitForFunction(() => document.body.textContent?.includes("atlas-index.js"));
    await tab.close();
    bare.remove();
  });
});
