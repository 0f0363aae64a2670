/** @file Two networks on one picture in the explorer, in Chromium: before and after rounding, and strangers. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { metadataKeys } from "../../src/graph/metadata.ts";
import { tensor, toFloat32 } from "../../src/graph/tensor.ts";
import { openModel } from "../../src/node/open-model.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { phone, Visit } from "./explorer-visit.ts";
import { withoutBrowser } from "./page.ts";

const mnist = fileURLToPath(new URL("../../assets/networks/mnist.onnx", import.meta.url));

/** The network for digits with weights of few levels, as quantising leaves them. */
async function rounded(): Promise<Buffer> {
  const graph = await openModel(mnist);
  const initializers = [...graph.initializers].map(([name, stored]) => {
    if (stored.dims.length < 2 || !stored.type.startsWith("float")) return [name, stored] as const;
    const values = toFloat32(stored);
    const step = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 7;
    const levels = values.map((value) => Math.round(value / step) * step);
    return [name, tensor("float32", stored.dims, levels)] as const;
  });
  return Buffer.from(encodeOnnx({ ...graph, initializers: new Map(initializers) }).bytes);
}

/** A network of the page whose classes have other names. */
async function named(network: string, ...names: readonly string[]) {
  const graph = await openModel(mnist.replace("mnist", network));
  const metadata = new Map([...graph.metadata, [metadataKeys.classes, JSON.stringify(names)]]);
  return { name: "mine.onnx", buffer: Buffer.from(encodeOnnx({ ...graph, metadata }).bytes) };
}

describe.skipIf(withoutBrowser)("two networks in the explorer", () => {
  let explorer: OpenExplorer;
  const until = (selector: string) => explorer.page.waitForSelector(selector);
  const idle = () =>
    explorer.page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
  const first = async (hash: string) => {
    await explorer.page.goto("about:blank");
    await explorer.page.goto(`${explorer.address}${hash}`);
    await until(".channel-grid");
  };

  beforeAll(async () => {
    explorer = await openExplorer();
  });
  afterAll(() => explorer.close());

  test("shows maps, answers and channels of both, and their differences", async () => {
    const { page } = explorer;
    await first("#model=mnist&picture=drawn:4");
    const file = { name: "rounded.onnx", mimeType: "", buffer: await rounded() };
    await page.setInputFiles("#second-files", file);
    await until(".both-answers");
    await until(".second .sprite");
    await page.waitForFunction(() => document.querySelectorAll(".second figure").length === 5);
    const differences = await page.locator(".both-answers td:last-child").allInnerTexts();
    expect(differences).toHaveLength(8);
    expect(await page.textContent(".both-answers caption")).toBe("The network's answer 8 of 10");
    expect(await page.locator(".second .color-bar p").count()).toBe(2);
    expect(differences.some((text) => /^[+−]\d/.test(text))).toBe(true);
    expect(await page.locator(".changes button").count()).toBe(6);
    expect(await faultsOf(page)).toEqual([]);
  });

  test("follows another class, another layer and another picture", async () => {
    const { page } = explorer;
    await page.click(".answers li:nth-child(2) button");
    await page.waitForFunction(() => {
      const wanted = document.querySelector(".answers li:nth-child(2) .label")!.textContent;
      const told = [...document.querySelectorAll(".second figcaption")].slice(0, 2);
      return told.length === 2 && told.every((one) => one.textContent.includes(wanted));
    });
    await page.locator(".spine li").first().getByRole("button").click();
    await page.waitForFunction(() => {
      const names = [...document.querySelectorAll(".second h3")].map((node) => node.textContent);
      return names.some((name) => name?.includes("conv1"));
    });
    await idle();
    const before = await page.locator(".both-answers tbody").innerText();
    await page.setInputFiles("#picture-files", {
      name: "white.bmp",
      mimeType: "",
      buffer: whiteBmp(28),
    });
    await page.waitForFunction((text) => {
      const shown = document.querySelector<HTMLElement>(".both-answers tbody")?.innerText;
      return shown !== undefined && shown !== text;
    }, before);
  });

  test("strangers are compared as far as they can be, and said where they cannot", async () => {
    const { page } = explorer;
    await page.getByLabel("A network of the page").selectOption("pets");
    await until(".second figcaption");
    await page.waitForFunction(
      () => document.querySelector(".second")?.textContent?.includes("pets.onnx") === true,
    );
    await idle();
    expect(await page.textContent(".second")).toContain("Nothing says which classes");
    await page.waitForFunction(() => document.querySelectorAll(".second .photo").length === 2);
    // The white picture of before, not one that the page draws for cats and dogs.
    const colours = await page.evaluate(() => {
      const photo = document.querySelectorAll<HTMLCanvasElement>(".second .photo")[1]!;
      const { data } = photo.getContext("2d")!.getImageData(0, 0, photo.width, photo.height);
      return [...new Set(data)];
    });
    expect(colours).toEqual([255]);
    expect(await page.locator(".error").count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Close the second" }).click();
    await page.waitForFunction(() => document.querySelectorAll(".second figure").length === 0);
  });

  const second = async (file: { readonly name: string; readonly buffer: Buffer }) => {
    const { page } = explorer;
    await page.setInputFiles("#second-files", { ...file, mimeType: "" });
    await page.waitForFunction(() => document.querySelectorAll(".second .photo").length >= 2);
    await until(".second .sprite");
    await idle();
  };
  const differences = () => explorer.page.getByText("the second map less the first").count();

  test("of a class that the second surely has not no difference is drawn, in words", async () => {
    const { page } = explorer;
    await first("#model=pets");
    await second(await named("pets", "Katze", "Hund"));
    const [own, answer] = await page.locator(".second figcaption").allInnerTexts();
    expect(own).toMatch(/pets\.onnx\s+dog/);
    expect(answer).toMatch(/mine\.onnx\s+Hund/);
    expect(await page.textContent(".second .lacking")).toBe(
      "“mine.onnx” has nothing that is surely the same as “dog”, so its map explains what it answers itself: “Hund”. No difference of the two maps is drawn.",
    );
    expect(await differences()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    await second(await named("pets", "Dog", "DOG"));
    expect(await page.locator(".second .lacking").count(), "a dog, but not which").toBe(1);
    expect(await differences()).toBe(0);
    await second(await named("pets", "Cat", "Dog"));
    expect(await page.locator(".second .lacking").count()).toBe(0);
    expect(await page.locator(".second figcaption").nth(1).innerText()).toMatch(/Dog/);
    expect(await differences()).toBe(1);
  });

  test("a network beside itself differs nowhere, though two classes have one name", async () => {
    const { page } = explorer;
    const twins = ["crane", "one", "two", "crane", "four", "Cardigan", "cardigan", "7", "8", "9"];
    const file = await named("mnist", ...twins);
    await first("");
    await page.setInputFiles("#model-files", { ...file, mimeType: "" });
    await page.waitForFunction(() => document.querySelectorAll(".answers li").length === 10);
    await until(".channel-grid [role=gridcell]");
    await idle();
    await second(file);
    for (let number = 1; number <= 10; number++) {
      await page.click(`.answers li:nth-child(${number}) button`);
      await page.waitForFunction((n) => {
        const [a, b] = [...document.querySelectorAll(".second figcaption")].map((each) =>
          each.textContent.replace(/^\d: mine.onnx/, ""),
        );
        const wanted = document.querySelector(`.answers li:nth-child(${n}) .label`)!.textContent;
        return a === b && a !== undefined && a.includes(wanted);
      }, number);
      await idle();
      await page.waitForFunction(
        () => document.querySelectorAll(".second .cells:first-of-type figure").length >= 3,
      );
      expect(await page.locator(".second .lacking").count()).toBe(0);
    }
    const texts = await page.locator(".both-answers td:last-child").allInnerTexts();
    expect(new Set(texts)).toEqual(new Set(["0"]));
    expect(await page.textContent(".both-answers caption")).toContain("8 of 10");
  });

  test("of a channel, or on a layer, that the second has not no difference is drawn, in words", async () => {
    const { page } = explorer;
    await first("#model=pets&target=conv4:20&method=gradient");
    await page.locator(".second summary").click();
    await page.getByLabel("A network of the page").selectOption("mnist");
    await until(".second .lacking");
    await idle();
    expect(await page.textContent(".second .lacking")).toContain("conv4");
    expect(await differences()).toBe(0);
    expect(await page.locator(".error").count()).toBe(0);
    await first("#model=pets&layer=conv4&method=grad-cam");
    await page.locator(".second summary").click();
    await page.getByLabel("A network of the page").selectOption("mnist");
    await until(".second .lacking");
    await idle();
    expect(await page.textContent(".second .lacking")).toMatch(
      /“mnist.onnx” has no layer “conv4” that a map can lie on, so its map lies on “\w+”/,
    );
    expect(await differences()).toBe(0);
    expect(await page.locator(".error").count()).toBe(0);
    await page.getByRole("button", { name: "Close the second" }).click();
  });

  test("a second network asks whether to compare it with the first", async () => {
    const { page } = explorer;
    await first("");
    const open = async (name: string, buffer: Buffer) => {
      await page.setInputFiles("#model-files", { name, mimeType: "", buffer });
      await page.waitForFunction(
        (wanted) => document.querySelector(".open-model")?.textContent === wanted,
        name,
      );
      await until(".channel-grid [role=gridcell]");
      await idle();
    };
    await open("mine.onnx", readFileSync(mnist));
    expect(await page.locator(".former").count()).toBe(0);
    await open("other.onnx", await rounded());
    expect(await page.textContent(".former strong")).toBe("mine.onnx");
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Compare both" }).click();
    await until(".both-answers");
    await idle();
    expect(await page.locator(".both-answers thead th").nth(1).textContent()).toBe("mine.onnx");
    expect(await page.textContent(".open-model")).toBe("other.onnx");
    await open("third.onnx", readFileSync(mnist));
    await page.getByRole("button", { name: "Just replace" }).click();
    await page.waitForFunction(() => document.querySelector(".former") === null);
    await idle();
    const differences = await page.locator(".both-answers td:last-child").allInnerTexts();
    expect(new Set(differences)).toEqual(new Set(["0"]));
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});

describe.skipIf(withoutBrowser)("two networks on a phone", () => {
  let visit: Visit;
  beforeAll(async () => {
    visit = await Visit.begin(phone);
    await visit.first("#model=mnist&picture=drawn:4");
  });
  afterAll(() => visit.explorer.close());
  const place = () =>
    visit.page.evaluate(() => {
      const strip = document.querySelector(".swiped")!;
      const pressed = [...document.querySelectorAll(".one-of")[0]!.children].findIndex(
        (button) => button.ariaPressed === "true",
      );
      return [Math.round(strip.scrollLeft / strip.clientWidth), pressed];
    });

  test("show one map at a time in one place, by a touch of its name or a swipe", async () => {
    const { page } = visit;
    const file = { name: "rounded.onnx", mimeType: "", buffer: await rounded() };
    await page.setInputFiles("#second-files", file);
    await visit.untilCount(".second figure", 5);
    await visit.idle();
    await page.locator(".swiped").first().scrollIntoViewIfNeeded();
    const strip = page.locator(".swiped").first();
    const { width } = (await strip.boundingBox())!;
    expect(width).toBeGreaterThan(340);
    expect(await place()).toEqual([0, 0]);
    await page.getByRole("button", { name: "difference" }).click();
    await expect.poll(place).toEqual([2, 2]);
    await strip.evaluate((element) => element.scrollTo({ left: element.clientWidth }));
    await expect.poll(place).toEqual([1, 1]);
    await strip.focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(place).toEqual([0, 0]);
    await visit.expectWell();
  });

  test("see the picture of the first, also where the page would draw another for the second", async () => {
    const { page } = visit;
    await page.getByLabel("A network of the page").selectOption("pets");
    await visit.untilText(".second", "Nothing says which classes");
    await visit.untilCount(".second .photo", 2);
    const isGrey = await page.evaluate(() => {
      const photo = document.querySelectorAll<HTMLCanvasElement>(".second .photo")[1]!;
      const { data } = photo.getContext("2d")!.getImageData(0, 0, photo.width, photo.height);
      return data.every((byte, i) => i % 4 === 3 || byte === data[i - (i % 4)]);
    });
    expect(isGrey, "a digit, no coloured face").toBe(true);
    await visit.expectWell();
  });

  test("says of one network beside itself that nothing changed, and keeps both apart by name", async () => {
    const { page } = visit;
    await page.getByLabel("A network of the page").selectOption("mnist");
    await visit.untilText(".second", "The largest number of every channel is the same in both");
    const names = await page.locator(".one-of").first().getByRole("button").allInnerTexts();
    expect(names).toEqual(["1: mnist.onnx", "2: mnist.onnx", "difference"]);
    expect(visit.explorer.problems).toEqual([]);
  });
});

/** A picture file of one colour. */
function whiteBmp(side: number): Buffer {
  const row = Math.ceil((3 * side) / 4) * 4;
  const header = Buffer.alloc(54);
  header.write("BM");
  header.writeUInt32LE(54 + row * side, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(side, 18);
  header.writeInt32LE(side, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, Buffer.alloc(row * side, 255)]);
}
