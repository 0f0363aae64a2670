/** @file Networks of the catalog that are chosen in the page: fetched from a mirror by its server, stopped, refused, kept. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { servePage, type ServedPage } from "../../src/explore/page-server.ts";
import { catalogNetworks } from "../../src/fetch/catalog-networks.ts";
import type { CatalogItem } from "../../src/fetch/catalog.ts";
import { locate } from "../../src/fetch/locate.ts";
import { faultsOf } from "./explorer.ts";
import { launchChromium, withoutBrowser } from "./page.ts";

const config = fileURLToPath(new URL("../../web/vite.config.ts", import.meta.url));
const network = readFileSync(new URL("../../assets/networks/pets.onnx", import.meta.url));
const sha256 = createHash("sha256").update(network).digest("hex");

/** A catalog whose networks are the drawn one, and one whose mirror has another file in its place. */
function item(path: string): CatalogItem {
  const file = { path, bytes: network.length, sha256, preprocessing: "torchvision" } as const;
  const licence = "none";
  return {
    kind: "model",
    description: "drawn cats and dogs",
    licence,
    files: [{ ...file, url: "" }],
  };
}

/** How much a slow mirror sends before it waits for ever. */
const sentBytes = 2 ** 14;

describe.skipIf(withoutBrowser)("networks that are chosen by name", () => {
  const folder = mkdtempSync(join(tmpdir(), "limpid-named-"));
  let browser: Browser;
  let page: Page;
  let served: ServedPage;
  let problems: string[];
  /** What the mirror was asked for. */
  const asked: string[] = [];
  let hung = 0;

  const mirror = createServer((request, response) => {
    const path = request.url!;
    asked.push(path);
    const bytes = path.includes("other") ? Buffer.alloc(network.length, 1) : network;
    response.setHeader("Content-Length", bytes.length);
    if (!path.includes("slow")) return void response.end(bytes);
    hung += 1;
    response.on("close", () => (hung -= 1));
    response.write(bytes.subarray(0, sentBytes));
  });

  beforeAll(async () => {
    await build({ configFile: config, logLevel: "error", build: { outDir: join(folder, "page") } });
    browser = await launchChromium(["--headless=new", "--no-sandbox"]);
    await new Promise<void>((resolve) => {
      mirror.listen(0, "127.0.0.1", resolve);
    });
  });
  afterAll(async () => {
    await browser.close();
    mirror.closeAllConnections();
    mirror.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    await page.close();
    await served.close();
    rmSync(join(folder, "cache"), { recursive: true, force: true });
  });

  const isDone = () =>
    page.waitForFunction(
      () =>
        document.querySelector(".stage .heat") !== null &&
        document.querySelector(".work")?.textContent === "",
    );

  /** The page of a server whose catalog lies in the mirror. */
  const open = async ({
    size = [1360, 900],
    base = "",
  }: { size?: [number, number]; base?: string } = {}) => {
    const { port } = mirror.address() as AddressInfo;
    const names = ["drawn", "slow", "other", "again"];
    const items = Object.fromEntries(
      names.map((name) => {
        const path = `weights/${name}.onnx`;
        const url = base === "" ? `http://127.0.0.1:${port}/${path}` : `${base}/${path}`;
        return [name, { ...item(path), files: [{ ...item(path).files[0]!, url }] } as CatalogItem];
      }),
    );
    const places = { cache: join(folder, "cache") };
    served = await servePage({
      folder: join(folder, "page"),
      handed: [],
      named: {
        items: catalogNetworks(items),
        locate: (name, { signal, onDownload, onNote }) =>
          locate(name, {
            items,
            places,
            signal,
            onDownload,
            ...(onNote ? { onNote } : {}),
            waitMs: 1,
            silenceMs: 20_000,
          }),
      },
      port: 0,
    });
    page = await browser.newPage({ viewport: { width: size[0], height: size[1] } });
    problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (["warning", "error"].includes(message.type())) problems.push(message.text());
    });
    page.on("request", (request) => {
      const isOwn = [served.address, "data:", "blob:"].some((start) =>
        request.url().startsWith(start),
      );
      if (!isOwn) problems.push(`asked for ${request.url()}`);
    });
    await page.goto(served.address);
    await isDone();
  };

  const errorText = () => page.locator(".notices .error").first().textContent();
  const openList = async () => {
    await page.locator(".networks select").selectOption({ label: "Pretrained networks …" });
    await page.locator(".catalog button").first().waitFor();
  };
  const choose = async (name: string) => {
    await openList();
    await page.locator(".catalog button", { hasText: name }).first().focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog").waitFor({ state: "detached" });
  };
  const opened = async (name: string) => {
    const open = page.locator(".open-model");
    await expect.poll(() => open.textContent(), { timeout: 10_000 }).toBe(`${name}.onnx`);
    await isDone();
  };

  test.each<[number, number]>([
    [1360, 900],
    [390, 844],
  ])(
    "one is fetched, opened with what the catalog knows, and kept, at %i x %i",
    async (...size) => {
      await open({ size });
      await openList();
      expect(await faultsOf(page)).toEqual([]);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
      await page.keyboard.press("Escape");
      await page.locator("dialog").waitFor({ state: "detached" });
      await choose("drawn");
      await opened("drawn");
      await page.locator(".recipe summary").click();
      const recipe = await page.locator(".recipe pre").first().textContent();
      expect(recipe).toMatch(/^limpid attribute drawn /);
      expect(existsSync(join(folder, "cache", "weights", "drawn.onnx"))).toBe(true);
      expect(await page.locator(".preparation").count()).toBe(0);
      // By its digest the browser has it, whatever its name, without asking anybody.
      const before = asked.length;
      await choose("again");
      await opened("again");
      expect(asked.slice(before)).toEqual([]);
      expect(await page.locator("[role=alert]:visible").count()).toBe(0);
      expect(problems).toEqual([]);
    },
  );

  test("Esc stops it and the mirror's line with it; what was open stays, and the next is fetched", async () => {
    await open();
    const before = await page.locator(".open-model").textContent();
    await choose("slow");
    await page.locator(".work-line", { hasText: "Fetches the network" }).waitFor();
    await expect.poll(() => hung).toBe(1);
    await page.keyboard.press("Escape");
    await expect.poll(() => hung).toBe(0);
    await isDone();
    expect(await page.locator(".open-model").textContent()).toBe(before);
    await choose("drawn");
    await opened("drawn");
    expect(problems).toEqual([]);
  });

  test("another file in its place is refused, and so is a network that is not there", async () => {
    await open();
    await choose("other");
    const refused = await errorText();
    expect(refused).toMatch(/SHA-256/);
    expect(refused).not.toMatch(/--\w/);
    await isDone();
    await page.close();
    await served.close();
    await open({ base: "http://127.0.0.1:9" });
    await choose("drawn");
    expect(await errorText()).toMatch(/127\.0\.0\.1:9/);
    await isDone();
    expect(await page.locator(".stage .heat").count()).toBe(1);
  });

  test("without room in the browser it opens all the same, and a note says so", async () => {
    await open();
    const session = await page.context().newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", {
      origin: served.address.replace(/\/$/, ""),
      quotaSize: 1,
    });
    await choose("drawn");
    await opened("drawn");
    expect(await page.locator(".foot").textContent()).toContain("no more room");
    expect(problems).toEqual([]);
  });

  test("a host that fetches nothing says how they are had", async () => {
    served = await servePage({ folder: join(folder, "page"), handed: [], port: 0 });
    page = await browser.newPage();
    await page.goto(served.address);
    await isDone();
    await page.locator(".networks select").selectOption({ label: "Pretrained networks …" });
    const list = page.locator(".catalog");
    await list.locator("li").first().waitFor();
    expect(await list.locator("button").count()).toBe(0);
    expect(await list.locator("code").textContent()).toBe("npx limpid explore vgg16");
    const names = await list.locator("strong").allTextContents();
    expect(names).toEqual(catalogNetworks().map(({ name }) => name));
    expect(await faultsOf(page)).toEqual([]);
  });
});
