/** @file What the atlas's site knows of a unit beside its picture, and a photo as a layer sees it. */
import { describe, expect, test } from "vitest";
import { belowNoise, colourOf, colourOfOther } from "./atlas-folder.ts";
import { atlasInBrowser, colourIn, go, until } from "./atlas-site.ts";
import { faultsOf } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const looks = [
  { width: 1440, height: 900, scheme: "light", locale: "en" },
  { width: 390, height: 844, scheme: "dark", locale: "de" },
] as const;

describe.skipIf(withoutBrowser)("what is known of a unit", () => {
  const site = atlasInBrowser();
  const { fromDisk } = site;

  test.each(looks)("is shown whole, $scheme, $width px wide", async (look) => {
    const tab = await fromDisk(look);
    const { page } = tab;
    const [first, second, third] = site.atlas.folders;
    for (const [hash, selector] of [
      [`#/${first}/5`, ".spoken li"],
      [`#/${third}/3`, ".opposite .missing"],
      [`#/${third}/4`, ".spoken .hint"],
      [`#/${first}?view=caricature`, ".both img"],
      [`#/${second}?view=caricature`, ".caricature-view .missing"],
    ] as const) {
      await go(tab, hash, selector);
      expect(await faultsOf(page)).toEqual([]);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wider).toBeLessThanOrEqual(0);
    }
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  test("whom noise excites more than its picture does says so, and no other", async () => {
    const tab = await fromDisk();
    const folder = site.atlas.folders[2]!;
    await go(tab, `#/${folder}/${belowNoise}`, ".made .missing");
    expect(await tab.page.textContent(".made .missing")).toMatch(/Mere noise.*on noise: 40\.5/);
    await go(tab, `#/${folder}/${belowNoise - 1}`, ".made .cell");
    expect(await tab.page.locator(".made .missing").count()).toBe(0);
    await tab.close();
  });

  test("each picture is the unit's own, whatever sheet it lies on", async () => {
    const tab = await fromDisk();
    const { page } = tab;
    for (const [layer, unit] of [
      [3, 19],
      [2, 0],
      [2, 7],
      [2, 8],
      [2, 299],
    ] as const) {
      await go(tab, `#/${site.atlas.folders[layer]}/${unit}`, ".diverse li");
      await page.waitForLoadState("networkidle");
      // The last layer's units have larger pictures than icons.
      const own = layer === 3 ? colourOfOther(3, unit, 0) : colourOf(layer, unit);
      expect(await colourIn(page, ".made .cell")).toEqual(own);
      const shift = layer === 3 ? 1 : 0;
      expect(await colourIn(page, ".opposite .cell")).toEqual(colourOfOther(layer, unit, shift));
      for (const number of [0, 1, 2])
        expect(await colourIn(page, `.diverse li:nth-child(${number + 1}) .cell`)).toEqual(
          colourOfOther(layer, unit, shift + 1 + number),
        );
    }
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  test("its classes are told with their errors, and over what", async () => {
    const tab = await fromDisk();
    const { page } = tab;
    await go(tab, `#/${site.atlas.folders[0]}/5`, ".spoken li");
    expect(await page.locator(".spoken h3").allTextContents()).toEqual([
      "Speaks for",
      "Speaks against",
    ]);
    expect(await page.locator(".spoken .number").allTextContents()).toEqual([
      "+0.1 ± 0.001",
      "+0.05 ± 0.001",
      "−0.5 ± 0.1",
    ]);
    expect(await page.textContent(".spoken .hint")).toContain(
      "Mean over 90 photos. Of the network's 3 classes 2 were looked at",
    );
    // Words stand before the bars, those without a link too.
    for (const text of ["Class 7", "tench"])
      expect(
        await page.getByText(text, { exact: true }).evaluate((element) => {
          const { left, top, height } = element.getBoundingClientRect();
          return element.contains(document.elementFromPoint(left + 3, top + height / 2));
        }),
      ).toBe(true);
    expect(await page.textContent(".diverse > .hint")).toContain("0.25 (mean cosine");
    await page.click(".spoken a");
    await until(page, "#class/1");
    await go(tab, `#/${site.atlas.folders[0]}/4`, ".spoken .hint");
    expect(await page.textContent(".spoken .hint")).toContain("no class for which it can be told");
    await tab.close();
  });

  test("leads to the photo as the layer sees it", async () => {
    const tab = await fromDisk();
    const { page } = tab;
    await go(tab, `#/${site.atlas.folders[2]}/5`, ".seen-photo img");
    await page.click(".seen-photo a");
    await until(page, `#/${site.atlas.folders[2]}?view=caricature`);
    await page.waitForSelector(".both img");
    await page.waitForLoadState("networkidle");
    expect(await colourIn(page, ".both figure:nth-child(1) img")).toEqual([200, 40, 40]);
    expect(await colourIn(page, ".both figure:nth-child(2) img")).toEqual([40, 200, 40]);
    expect(await page.textContent(".both")).toMatch(
      /my <cat>\.jpg.*cosine.*0\.83, noise has at most 0\.41/,
    );
    expect(tab.problems).toEqual([]);
    await tab.close();
  });
});
