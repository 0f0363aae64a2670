/** @file Scripts of the atlas are read once, however many ask at once; that of the views again where it was missing. */
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import type { AtlasIndex } from "../../src/atlas/site/site-data.ts";
import { AtlasData, type AtlasViews } from "./atlas-data.ts";
import type { FoundUnit } from "./search.ts";

class Element extends EventTarget {
  src = "";
  href = "";
  remove(): void {}
}

let read: string[];
/** What a script does that is there; others are missing. */
let scripts: Record<string, () => void>;
let atlas: AtlasData;

beforeEach(() => {
  [read, scripts] = [[], {}];
  atlas = new AtlasData({ layers: [] } as unknown as AtlasIndex);
  const append = async (element: Element) => {
    const file = element.src || element.href;
    read.push(file);
    await Promise.resolve();
    scripts[file]?.();
    element.dispatchEvent(new Event(file in scripts ? "load" : "error"));
  };
  vi.stubGlobal("document", {
    createElement: () => new Element(),
    querySelector: () => null,
    head: { append },
  });
});
afterAll(() => vi.unstubAllGlobals());

const found: readonly FoundUnit[] = [];
const views = { labelled: () => found } as unknown as AtlasViews;
const settings = {} as Parameters<NonNullable<Awaited<ReturnType<AtlasData["labelled"]>>>>[1];
const timesRead = (file: string) => read.filter((each) => each === file).length;

test("views and labels are read once by all who ask meanwhile and later", async () => {
  scripts["./atlas-views.js"] = () => atlas.giveViews(views);
  scripts["./atlas-search.js"] = () => atlas.giveLabels({ names: [], layers: [] });
  const [one, other, find] = await Promise.all([atlas.views(), atlas.views(), atlas.labelled()]);
  expect([one, other]).toEqual([views, views]);
  expect(find?.("", settings)).toBe(found);
  await atlas.labelled();
  expect(read.toSorted()).toEqual(["./atlas-search.js", "./atlas-views.css", "./atlas-views.js"]);
});

test("views that are missing are read again, as their reader asks for them", async () => {
  await expect(atlas.views()).rejects.toThrow("atlas-views.js");
  scripts["./atlas-views.js"] = () => atlas.giveViews(views);
  expect(await atlas.views()).toBe(views);
  expect(timesRead("./atlas-views.js")).toBe(2);
});

test("labels that are missing are not read again: the search does without", async () => {
  scripts["./atlas-views.js"] = () => atlas.giveViews(views);
  expect(await atlas.labelled()).toBeUndefined();
  expect(await atlas.labelled()).toBeUndefined();
  expect(timesRead("./atlas-search.js")).toBe(1);
});
