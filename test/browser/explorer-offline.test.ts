/** @file The explorer whose network goes at a drawn moment between the first map and the last file that is kept. */
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomStream } from "../../src/random.ts";
import { kerasFile } from "./explorer-files.ts";
import { openExplorer, untilKept, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

/** Buttons whose panes come when they are asked for, and what the page calls them. */
const panes = [
  ["Keys", "Keys"],
  ["Guided story", "Guided story"],
  ["Folder", "A folder of pictures"],
  ["Train a network", "Train a network"],
] as const;

/** What keeps the page for later asks for it first. */
const keeper = "/service-worker.js";

/** Never kept by these names: the page is kept behind what it needs. */
const apart = ["/index.html", keeper];

function keptFiles(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const store = await caches.open("limpid explorer");
    return (await store.keys()).map(({ url }) => new URL(url).pathname);
  });
}

describe.skipIf(withoutBrowser)("the explorer without network", () => {
  let explorer: OpenExplorer;
  /** What is asked for from the first map on. */
  let asked = new Set<string>();
  /** How many files that are in a visit that nothing cuts. */
  let all = 0;
  const idle = (page: Page) =>
    page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
  const shown = async (page: Page) => {
    await page.waitForSelector(".stage .heat");
    await page.waitForSelector('.channel-grid [role="gridcell"]');
  };

  /** A first visit, from whose first map on so many more files are answered, and none after. */
  const visit = async (answered: number) => {
    const context = await explorer.page.context().browser()!.newContext();
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    let isKeeping = false;
    let isCut = false;
    asked = new Set();
    explorer.refuse((path) => {
      isKeeping ||= path.startsWith(keeper);
      if (isKeeping) asked.add(path);
      isCut ||= asked.size > answered;
      return isCut;
    });
    await page.goto(explorer.address);
    await shown(page);
    return { context, page, problems };
  };
  const cut = async (context: BrowserContext) => {
    explorer.refuse(() => true);
    await context.setOffline(true);
  };
  /** How much went wrong; every word of it is the page's own, and what was shown is still there. */
  const expectWell = async (page: Page) => {
    await idle(page);
    expect(await page.locator(".stage .heat").count()).toBe(1);
    expect(await page.textContent(".open-model")).toBe("pets.onnx");
    const alerts = await page.locator("[role=alert]").allTextContents();
    for (const said of alerts) {
      expect(said).toMatch(/^(The network|The part of the page for) “[^”]+” could not be fetched/);
      expect(said).toContain("once you are online");
      expect(said).not.toMatch(/https?:|import|fetch /i);
    }
    return alerts.length;
  };

  beforeAll(async () => {
    explorer = await openExplorer();
    const { context, page } = await visit(Number.POSITIVE_INFINITY);
    await untilKept(page);
    all = asked.size;
    await context.close();
  });
  afterAll(() => explorer.close());

  test("is there again after one visit, and says which network is not", async () => {
    const { context, page, problems } = await visit(Number.POSITIVE_INFINITY);
    await untilKept(page);
    expect((await keptFiles(page)).filter((name) => apart.includes(name))).toEqual([]);
    await cut(context);
    await page.reload();
    await shown(page);
    await page.getByRole("button", { name: "Deutsch" }).click();
    await page.locator(".networks select").selectOption("mnist");
    await page.waitForSelector('[data-trouble="missingCode"]');
    await idle(page);
    expect(await page.textContent(".notices [role=alert]")).toMatch(
      /^Das Netz „mnist“ ließ sich nicht holen: .* sobald du online bist/,
    );
    expect(await page.textContent(".open-model")).toBe("pets.onnx");
    explorer.refuse(() => false);
    await context.setOffline(false);
    await page.locator(".networks select").selectOption("mnist");
    await page.waitForFunction(
      () => document.querySelector(".open-model")?.textContent === "mnist.onnx",
    );
    await shown(page);
    expect(await page.locator("[role=alert]").count()).toBe(0);
    expect(problems).toEqual([]);
    await context.close();
  });

  const random = randomStream("explorer-offline");
  const shares = [0, 0.38, random.uniform(), random.uniform()];

  test.each(shares)("goes on where it is cut after %d of what is kept", async (share) => {
    const answered = Math.floor(share * all);
    const { context, page, problems } = await visit(answered);
    await expect.poll(() => asked.size).toBeGreaterThan(answered);
    await cut(context);
    await page.selectOption("#method", "eigen-cam");
    let missed = await expectWell(page);
    const isMade = (await page.textContent(".recipe"))!.includes("eigen-cam");
    expect(await page.inputValue("#method")).toBe(isMade ? "eigen-cam" : "grad-cam");
    for (const [name, said] of panes) {
      await page.getByRole("button", { name, exact: true }).first().click();
      await page.waitForSelector(
        `dialog, .story, [data-trouble="missingCode"]:has-text("${said}")`,
      );
      missed += await expectWell(page);
      await closeAll(page);
    }
    await page.getByRole("button", { name: "Graph", exact: true }).click();
    missed += await expectWell(page);
    await closeAll(page);
    await page.setInputFiles("#model-files", await kerasFile());
    await page.waitForFunction(
      () =>
        document.querySelector(".open-model")?.textContent === "small.keras" ||
        document.querySelector('[data-trouble="missingCode"]') !== null,
    );
    await page.locator(".networks select").selectOption("pets");
    await idle(page);
    expect(problems).toEqual([]);
    // Before there is what keeps it, the browser has its own words.
    if (share === 0) expect(missed).toBeGreaterThan(3);
    else {
      await page.reload();
      await page.waitForFunction(
        () =>
          document.querySelector(".stage .heat") !== null ||
          document.body.textContent.includes("Limpid is not here"),
      );
    }
    explorer.refuse(() => false);
    await context.setOffline(false);
    await page.goto(explorer.address);
    await page.reload();
    await shown(page);
    await page.selectOption("#method", "eigen-cam");
    await page.waitForFunction(() =>
      document.querySelector(".recipe")?.textContent?.includes("eigen-cam"),
    );
    await context.close();
  });
});

/** Dialogs, the story and what went wrong. */
async function closeAll(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const dialog of document.querySelectorAll("dialog")) dialog.close();
    document.querySelector<HTMLElement>(".error > button")?.click();
  });
  const story = page.getByRole("button", { name: "Explore freely" });
  if ((await story.count()) > 0) await story.click();
}
