/** @file An address that is shared: what of it is to be dropped is said, and once it is there the page goes where it leads. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGoldenFile } from "../goldens/load.ts";
import { dropPaths } from "./explorer-drop.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

describe.skipIf(withoutBrowser)("a shared address", () => {
  let explorer: OpenExplorer;
  const folder = mkdtempSync(join(tmpdir(), "limpid-shared-"));
  const at = (name: string) => join(folder, name);
  const photo = async (name: string, step: number) => {
    const data = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * step) % 256);
    const raw = { width: 64, height: 64, channels: 3 } as const;
    await sharp(data, { raw }).png().toFile(at(name));
  };
  const idle = (model: string) =>
    explorer.page.waitForFunction(
      (name) =>
        document.querySelector(".open-model")?.textContent === name &&
        document.querySelector(".work")?.textContent === "" &&
        document.querySelector(".stage .heat") !== null,
      model,
    );
  const notice = () => explorer.page.textContent(".files-notice .shared");

  beforeAll(async () => {
    explorer = await openExplorer();
    for (const name of ["resnet.onnx", "densenet.onnx"]) {
      writeFileSync(at(name), readGoldenFile(name));
    }
    await photo("a & b.png", 37);
    await photo("other.png", 11);
  });
  afterAll(async () => {
    await explorer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("says what is missing and what is another, and leads there once it is dropped", async () => {
    const { page } = explorer;
    await page.goto(explorer.address);
    await idle("pets.onnx");
    await dropPaths(page, [at("resnet.onnx"), at("a & b.png")]);
    await idle("resnet.onnx");
    await page.locator(".spine li button").nth(1).click();
    await page.selectOption("#method", "layer-cam");
    await page.keyboard.press("2");
    await page.waitForFunction(
      () =>
        /layer=.*method=layer-cam.*target=/.test(location.hash) &&
        document.querySelector(".work")?.textContent === "",
    );
    const shared = page.url();
    const heading = await page.textContent(".sentence");
    const [, model] = /model=(\w{64})/.exec(shared)!;
    const [, picture] = /picture=(\w{64})/.exec(shared)!;

    await page.goto("about:blank");
    await page.goto(shared);
    await idle("pets.onnx");
    const wanted = `To see what this address shows, drop the network “resnet.onnx” (${model!.slice(0, 8)})`;
    expect(await notice()).toBe(`${wanted} and the picture “a & b.png” (${picture!.slice(0, 8)}).`);
    expect(page.url()).toBe(shared);
    expect(await faultsOf(page)).toEqual([]);

    await dropPaths(page, [at("densenet.onnx"), at("other.png")]);
    await idle("densenet.onnx");
    expect(await notice()).toMatch(/“densenet.onnx” \(\w{8}\) is another network/);
    expect(await notice()).toMatch(/“other.png” \(\w{8}\) is another picture/);

    await dropPaths(page, [at("resnet.onnx")]);
    await idle("resnet.onnx");
    expect(await notice()).toMatch(/^To see what this address shows, drop the picture “a & b.png”/);
    await dropPaths(page, [at("a & b.png")]);
    await page.waitForFunction(() => !document.querySelector(".files-notice"));
    await idle("resnet.onnx");
    expect(page.url()).toBe(shared);
    expect(await page.textContent(".sentence")).toBe(heading);
  });

  const settled = async (hash: string) => {
    const { page } = explorer;
    await page.goto("about:blank");
    await page.goto(`${explorer.address}#${hash}`);
    await page.waitForFunction(
      () =>
        document.querySelector(".work")?.textContent === "" &&
        document.querySelector(".stage .heat") !== null &&
        document.querySelector(".channel-grid [role=gridcell]") !== null,
    );
  };

  test.each([
    ["layer=conv2&channel=99999", "in “pets.onnx”: channel “99999”."],
    ["layer=conv2&channel=-1", "channel “-1”."],
    ["channel=99999", "channel “99999”."],
    ["layer=nowhere", "layer “nowhere”."],
    ["layer=nowhere&channel=3", "layer “nowhere”, channel “3”."],
    ["method=__proto__", "method “__proto__”."],
    ["method=rise&settings=__proto__%3D1", "setting “__proto__=1”."],
    ["method=rise&settings=samples%3D-4", "setting “samples=-4”."],
    ["target=%3Cb%3Eno", "target “<b>no”."],
    ["target=99", "target “99”."],
    ["region=box_9_9_9_9", "part of the picture “box_9_9_9_9”."],
    ["region=box_0.1_0.1_0.5_0.5", "part of the picture “box_0.1_0.1_0.5_0.5”."],
    [
      "foo=%3Cb%3E&set-steps=-4",
      "entry of the address “foo=<b>”, entry of the address “set-steps=-4”.",
    ],
    ["target=1&target=0", "entry of the address “target=0”."],
    ["preprocess=nonsense", "preparation “nonsense”."],
    ["layer=%E2%80%AEtac&method=x", "layer “\\u202etac”, method “x”."],
    ["picture=drawn:99999999999999999999", "“drawn:99999999999999999999” was a picture"],
    ["model=nonsense", "drop the network “nonsense”"],
  ])("that holds nonsense is told in words, and all else is shown: %s", async (hash, words) => {
    const { page } = explorer;
    await settled(hash);
    await page.locator(".notices", { hasText: words }).waitFor();
    const said = await page.textContent(".notices");
    expect(said).not.toMatch(/destructure|undefined|is not a function|internal|\[object/);
    expect(await page.locator(".notices .error:not(.files-notice)").count()).toBe(0);
    expect(await page.locator(".channel-turner").count()).toBe(0);
    if (!said!.includes("drop") && !said!.includes("was a picture")) {
      await page.getByRole("button", { name: "Forget" }).click();
      expect(await page.locator(".notices > *").count()).toBe(0);
      expect(new URL(page.url()).hash).not.toMatch(/nonsense|nowhere|99|__proto__|box_9|-4|no$/);
    }
    await page.locator(".spine li button").first().click();
    await page.locator("#method").selectOption("gradient");
    await page.locator(".answers li button").first().click();
    await page.waitForSelector(".stage .heat");
    await page.waitForSelector(".channel-grid [role=gridcell]");
    expect(await faultsOf(page)).toEqual([]);
  });

  /** What the page shows and says once it has come to rest. */
  const shown = async () => {
    const { page } = explorer;
    await page.waitForFunction(
      () =>
        document.querySelector(".work")?.textContent === "" &&
        document.querySelector(".stage .heat") !== null &&
        document.querySelector(".channel-grid [role=gridcell]") !== null,
    );
    const text = (selector: string) =>
      page.locator(selector).evaluateAll((all) => all.map((each) => each.textContent).join());
    return {
      hash: new URL(page.url()).hash,
      network: await text(".open-model"),
      method: await page.inputValue("#method"),
      explained: await text(".score"),
      layer: await text(".units h2"),
      answers: await text(".answers .label"),
      channel: await page
        .locator("section.unit")
        .getAttribute("aria-label", { timeout: 1 })
        .catch(() => ""),
      notices: await text(".notices"),
    };
  };
  const follow = async (hash: string) => {
    const { page } = explorer;
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
  };
  /** Past the moment in which the page hears of it. */
  const untilShown = async (wanted: Awaited<ReturnType<typeof shown>>) =>
    expect.poll(shown, { timeout: 15_000 }).toEqual(wanted);

  const addresses = [
    "model=pets&method=gradient&picture=drawn:3",
    "model=mnist&method=gradient&target=3&picture=drawn:4",
    "layer=conv2&channel=5",
    "model=mnist&layer=conv1&channel=2&method=layer-cam&target=1+minus+7",
    "method=rise&settings=samples%3D40&picture=drawn:2",
    "model=shapes-segment&target=1&region=box_0.1_0.1_0.9_0.9",
    "layer=nowhere&method=x&foo=1",
    "model=mnist&picture=camera",
    "",
  ];

  test("an address that is typed, or that Back leads to, shows what it shows on opening", async () => {
    const { page } = explorer;
    const wanted = new Map<string, Awaited<ReturnType<typeof shown>>>();
    for (const hash of addresses) {
      await page.goto("about:blank");
      await page.goto(`${explorer.address}#${hash}`);
      wanted.set(hash, await shown());
    }
    await page.goto("about:blank");
    await page.goto(`${explorer.address}#model=mnist&layer=conv1&method=gradient`);
    await shown();
    for (const hash of addresses) {
      await follow(hash);
      await untilShown(wanted.get(hash)!);
    }
    for (const hash of addresses.toReversed().slice(1)) {
      await page.goBack();
      // What was left out stands in no address any more.
      const isLeftOut = hash.includes("nowhere");
      await untilShown({ ...wanted.get(hash)!, ...(isLeftOut ? { notices: "" } : {}) });
    }
    await page.goForward();
    await untilShown(wanted.get(addresses[1]!)!);
    await page.selectOption("#method", "grad-cam");
    await page.waitForFunction(() => location.hash.includes("method=grad-cam"));
    expect((await shown()).explained, "what the page notes itself leads nowhere").toContain("3");
  });

  test("what an address names that is not in hand is told, and what is open stays", async () => {
    const { page } = explorer;
    await page.goto("about:blank");
    await page.goto(explorer.address);
    await idle("pets.onnx");
    await dropPaths(page, [at("resnet.onnx"), at("a & b.png")]);
    await idle("resnet.onnx");
    const own = await shown();
    const [digest] = /(?<=model=)\w{64}/.exec(own.hash)!;
    await follow(`model=${"0".repeat(64)}&modelName=far.onnx&picture=drawn:2`);
    await page.locator(".files-notice .shared").waitFor();
    expect(await notice()).toMatch(/^To see what this address shows, drop the network “far.onnx”/);
    expect(await page.textContent(".open-model")).toBe("resnet.onnx");
    await page.getByRole("button", { name: "Forget" }).click();
    await untilShown(own);
    await follow(`${own.hash.slice(1)}&method=gradient`);
    await page.waitForFunction(
      () => document.querySelector<HTMLSelectElement>("#method")?.value === "gradient",
    );
    await idle("resnet.onnx");
    expect(await page.locator(".files-notice").count()).toBe(0);
    await follow(`model=${digest}&picture=${"0".repeat(64)}&pictureName=far.png`);
    await page.locator(".files-notice .shared").waitFor();
    expect(await notice()).toMatch(/^To see what this address shows, drop the picture “far.png”/);
    expect(await page.textContent(".open-model")).toBe("resnet.onnx");
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
