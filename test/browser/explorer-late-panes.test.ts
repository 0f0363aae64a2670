/** @file Panes of the explorer whose code does not come at first: each is there once it is asked for again. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const press = (name: string) => (page: Page) =>
  page.getByRole("button", { name, exact: true }).first().click();
const click = (place: string) => (page: Page) => page.click(place);
const choose = (place: string, value: string) => async (page: Page) => {
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
  });
  await page.locator(place).selectOption(value);
};

/** The file of each, how it is asked for, and where it is then. */
const panes: readonly (readonly [
  file: string,
  ask: (page: Page) => Promise<void>,
  place: string,
])[] = [
  ["help-dialog", press("Keys"), "dialog .help"],
  ["story-pane", press("Guided story"), ".story"],
  ["folder-dialog", press("Folder"), "dialog .folder"],
  ["catalog-dialog", choose(".networks select", "…"), "dialog"],
  ["train-pane", click("#train"), "dialog .train-pane"],
  ["step-pane", click("#steps"), "dialog .step-pane"],
  ["layer-graph", press("Graph"), ".graph-frame"],
  ["alter-panel", click("#alter"), ".alter-panel"],
  ["trust-pane", click("#trust"), ".trust .gain"],
  ["both-networks", choose(".second select", "cats-dogs"), ".second .cells"],
  ["download-list", click(".downloads > button"), ".downloads [role=menu]"],
];

describe.skipIf(withoutBrowser)("a pane that comes late", () => {
  let explorer: OpenExplorer;
  let page: Page;
  const idle = () =>
    page.waitForFunction(() => document.querySelector(".work")?.textContent === "");

  beforeAll(async () => {
    explorer = await openExplorer();
    const browser = explorer.page.context().browser()!;
    // A service worker would have kept all of them.
    page = await (await browser.newContext({ serviceWorkers: "block" })).newPage();
    await page.goto(`${explorer.address}#channel=0`);
    await page.waitForSelector("#steps");
    await idle();
  });
  afterAll(() => explorer.close());

  test.each(panes)("%s is there once it is asked for again", async (file, ask, place) => {
    explorer.refuse((path) => path.includes(`/${file}-`));
    await ask(page);
    await page.waitForSelector('.notices [data-trouble="missingCode"]');
    await idle();
    expect(await page.locator(place).count()).toBe(0);
    explorer.refuse(() => false);
    await ask(page);
    await page.waitForSelector(place);
    await page.waitForSelector('.notices [data-trouble="missingCode"]', { state: "detached" });
    expect(await page.evaluate(emptyStyles)).toEqual([]);
    await page.evaluate(() => {
      for (const dialog of document.querySelectorAll("dialog")) dialog.close();
    });
    await idle();
  });

  test("what asks a second network is there once it is asked for again", async () => {
    await page.reload();
    await page.waitForSelector("#steps");
    await idle();
    const ask = choose(".second select", "mnist");
    explorer.refuse((path) => path.includes("/second-follower-"));
    await ask(page);
    await page.waitForSelector('.notices [data-trouble="missingCode"]');
    await idle();
    expect(await page.getByRole("button", { name: "Close the second" }).count()).toBe(0);
    explorer.refuse(() => false);
    await ask(page);
    await page.waitForSelector(".second .cells");
    await page.waitForSelector('.notices [data-trouble="missingCode"]', { state: "detached" });
    await idle();
  });
});

/** In the page: styles without rules, as those are that did not come. */
function emptyStyles(): readonly string[] {
  const isEmpty = ({ sheet }: HTMLLinkElement) => {
    try {
      return !sheet?.cssRules.length;
    } catch {
      // Of what did not come no rules may be read.
      return true;
    }
  };
  const links = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")];
  return links.filter(isEmpty).map(({ href }) => href);
}
