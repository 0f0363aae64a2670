/** @file A report whose every word comes from a hostile model, in Chromium: no script but the page's own, no request out of its folder. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobPlatform } from "../../src/app/job-platform.ts";
import { nodePlatform } from "../../src/node/platform.ts";
import { reportPage } from "../../src/report/page.ts";
import type { StudyRecord } from "../../src/report/record.ts";
import type { ChartDescription, MadeFigure } from "../../src/report/section.ts";
import { writeFigure } from "../../src/study/figure-files.ts";
import { writeReport } from "../../src/study/report-folder.ts";
import { writeExampleStudy } from "../example-study.ts";
import { misled, nothingMisled } from "./letters.ts";
import { launchChromium, withoutBrowser } from "./page.ts";

/** A server that nobody may ask; it counts who does. */
let hits = 0;
const server = createServer((_, response) => {
  hits += 1;
  response.end();
}).listen(0, "127.0.0.1");
await once(server, "listening");
const outside = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;

const hostile = [
  "</script><script>RAN()</script>",
  '" onload="RAN()" onfocus="RAN()" autofocus tabindex="1',
  "' onmouseover='RAN()",
  "javascript:RAN()",
  `<img src="${outside}" onerror="RAN()">`,
  '<svg onload="RAN()"><script>RAN()</script></svg>',
  `<foreignObject><iframe src="${outside}"></iframe></foreignObject>`,
  `</style><style>@import url(${outside});body{background:url(${outside})}</style>`,
  `url(${outside})`,
  `<base href="${outside}"><meta http-equiv="refresh" content="0;url=${outside}">`,
  `]]><a xlink:href="javascript:RAN()">`,
  "\u202e\u001b[31m&lt;script&gt;RAN()&lt;/script&gt;",
];

/** Before numbers, behind them and within: whatever turns would move them. */
const turning = ["3: חתול 2 ", "قطة (5) ", "a: שם, 7 "];

/** One after the other, whatever the text was. */
let turn = 0;
let words: readonly string[] = hostile;
const evil = (text: string) => `${words[turn++ % words.length]!}${text}`;

/** What names files, or one of a few things. */
const fixed = new Set(["file", "id", "kind", "enlarge", "study", "floats", "versions"]);

/** The record with all its words from the model. */
function spoiled<T>(value: T, key = ""): T {
  if (fixed.has(key)) return value;
  if (typeof value === "string") return evil(value) as T;
  if (Array.isArray(value)) return value.map((each) => spoiled(each as unknown)) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [name, spoiled(each, name)]);
  return Object.fromEntries(entries) as T;
}

function hostileChart(kind: "lines" | "bars" | "confusion"): ChartDescription {
  const described = { title: evil("title"), alt: evil("alt") };
  const classes = words.slice(0, 6);
  const confusion = classes.map((_, i) => classes.map((__, k) => i + k));
  if (kind === "confusion") return { ...described, kind, classes, confusion };
  const points = words.map((x, y) => ({ x, y }));
  const series = [
    { label: evil("a"), points },
    { label: evil("b"), points },
  ];
  return { ...described, kind, x: evil("x"), y: evil("y"), series };
}

/** A page about a study whose every word begins so; returns its address. */
async function writeStudyOf(begun: readonly string[], folder: string): Promise<string> {
  words = begun;
  const record = await writeExampleStudy(folder);
  const made: MadeFigure = {
    id: "hostile",
    title: "",
    cells: [],
    columns: 1,
    charts: (["lines", "bars", "confusion"] as const).map(hostileChart),
    floats: [],
    sees: "",
    recipe: "",
    seed: null,
    warnings: ["w"],
  };
  const figure = { ...(await writeFigure(nodePlatform, folder, made)), seconds: 1 };
  const [part] = record.parts;
  const [section] = part!.sections;
  const sections = [{ ...section!, figures: [...section!.figures, figure] }];
  const whole = spoiled<StudyRecord>({ ...record, parts: [{ ...part!, sections }] });
  return writeReport(jobPlatform(nodePlatform), folder, whole);
}

describe.skipIf(withoutBrowser)("a hostile report in Chromium, from disk", () => {
  let folder: string;
  let address: string;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "limpid-hostile-"));
    address = await writeStudyOf(hostile, folder);
    browser = await launchChromium(["--headless=new", "--no-sandbox", "--no-first-run"]);
  });
  afterAll(async () => {
    await browser?.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** How often a script of the model's ran, and what is in the page. */
  async function opened(path: string) {
    const page = await browser.newPage();
    await page.addInitScript(() => {
      const world = globalThis as unknown as { ran: number; RAN(): void };
      world.ran = 0;
      world.RAN = () => void (world.ran += 1);
    });
    await page.goto(pathToFileURL(path).href, { waitUntil: "load" });
    const links = await page.evaluate(() =>
      [...document.querySelectorAll("[href], [src]")].map(
        (element) => element.getAttribute("href") ?? element.getAttribute("src")!,
      ),
    );
    // What waits for the reader: each word is hovered, each field focused.
    await page.evaluate(() => {
      for (const element of document.querySelectorAll("*"))
        for (const name of ["mouseover", "focus", "load", "error", "click"])
          if (!(element instanceof HTMLAnchorElement) || name !== "click")
            element.dispatchEvent(new Event(name));
    });
    await page.waitForTimeout(200);
    const found = await page.evaluate(() => ({
      ran: (globalThis as unknown as { ran: number }).ran,
      scripts: document.querySelectorAll("script").length,
      handlers: [...document.querySelectorAll("*")].flatMap((element) =>
        element.getAttributeNames().filter((name) => name.startsWith("on")),
      ),
      dialogs: document.querySelectorAll("dialog").length,
    }));
    await page.close();
    return { ...found, links, hits };
  }

  test("the page runs its own script alone, and asks for nothing outside", async () => {
    const { links, ...found } = await opened(address);
    expect(found).toEqual({ ran: 0, scripts: 1, handlers: [], dialogs: 1, hits: 0 });
    const odd = links.filter((link) => !/^(#|data:,$|(pictures|charts|data)\/[\w.-]+$)/.test(link));
    expect(odd).toEqual([]);
  });

  test("a chart that is opened by itself runs nothing", async () => {
    const charts = readdirSync(join(folder, "charts"));
    expect(charts.length).toBeGreaterThan(3);
    const nothing = { ran: 0, scripts: 0, handlers: [], links: [], dialogs: 0, hits: 0 };
    for (const chart of charts)
      expect(await opened(join(folder, "charts", chart))).toEqual(nothing);
  });

  test("names from right to left move nothing that stands beside them, in the page and in its charts", async () => {
    const own = mkdtempSync(join(tmpdir(), "limpid-turning-"));
    const page = await browser.newPage();
    await page.goto(pathToFileURL(await writeStudyOf(turning, own)).href);
    expect(await misled(page)).toEqual(nothingMisled);
    await page.locator(".cell a").first().click();
    expect(await page.locator("dialog p").textContent()).toContain("\u2068");
    expect(await misled(page)).toEqual(nothingMisled);
    await page.close();
    rmSync(own, { recursive: true, force: true });
  });

  test("even what stands in the page as it is runs nothing and fetches nothing", async () => {
    const record = await writeExampleStudy(folder);
    const chart = `<svg xmlns="http://www.w3.org/2000/svg"><script>RAN()</script>${hostile.slice(4).join("")}</svg><script>RAN()</script><img src="${outside}" onerror="RAN()"><iframe src="${outside}"></iframe><link rel="stylesheet" href="${outside}"><form action="${outside}"></form>`;
    const path = join(folder, "raw.html");
    writeFileSync(path, await reportPage(record, () => chart.replaceAll(/<meta[^>]*>/g, "")));
    expect(await opened(path)).toMatchObject({ ran: 0, hits: 0 });
  });
});
