/** @file Stories of visitors, each of which has to end well and quietly on a screen of any size. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  drop,
  hasTeachable,
  inTwoParts,
  kerasFile,
  photo,
  shippedFile,
  teachableFile,
} from "./explorer-files.ts";
import { untilKept } from "./explorer.ts";
import { Visit, type Screen } from "./explorer-visit.ts";
import { withoutBrowser } from "./page.ts";

export function tellStories(screen: Screen): void {
  describe.skipIf(withoutBrowser)(`the explorer on ${screen.name}`, () => {
    let visit: Visit;
    beforeAll(async () => {
      visit = await Visit.begin(screen);
    });
    afterAll(() => visit.explorer.close());
    const tell = (title: string, story: (visit: Visit) => Promise<void>) =>
      test(title, () => story(visit));

    tell("opens with a network and a picture that is explained already", opens);
    tell("makes a channel's picture, and stops at once", makesPicture);
    tell("explains by another method, and on another layer", explainsOtherwise);
    tell("compares two maps in one scale, and hides parts by the brush", compares);
    tell("tells its story in nine steps, in German too", tellsStory);
    tell("opens a model that is dropped with photos, and says what is wrong with a file", opensOwn);
    tell("opens a network of Keras", opensKeras);
    tell("opens a network whose numbers lie in a file of their own", opensParts);
    test.skipIf(!hasTeachable)(
      `opens what Teachable Machine gives${hasTeachable ? "" : " (skipped: LIMPID_MIRROR has none)"}`,
      () => opensTeachable(visit),
    );
    tell("an address leads others to the same view", followsAddress);
    tell("looks through the camera", looksThroughCamera);
    tell("is there again where the network is gone", isThereOffline);

    test("says nothing on the console and asks nobody else", () => {
      expect(visit.explorer.problems).toEqual([]);
    });
  });
}

async function opens(visit: Visit): Promise<void> {
  await visit.first();
  expect(await visit.text(".answers li:first-child .label")).toBe("dog");
  expect(await visit.text(".sentence")).toMatch(/^maximum /);
  expect(await visit.page.locator(".spine li").count()).toBe(10);
  expect(await visit.page.locator('.channel-grid [role="gridcell"]').count()).toBe(96);
  for (const part of ["layers", "units", "picture"] as const) {
    await visit.part(part);
    await visit.expectWell();
  }
}

async function makesPicture(visit: Visit): Promise<void> {
  const { page } = visit;
  await visit.part("units");
  await page.click('.channel-grid [data-channel="5"]');
  await visit.until(".details .histogram");
  expect(await page.locator(".kernels canvas").count()).toBeGreaterThan(3);
  await page.click(".unit .primary");
  await visit.until(".unit .excites");
  await page.keyboard.press("Escape");
  await visit.idle();
  expect(await page.locator(".unit progress").getAttribute("value")).not.toBe("64");
  await page.click(".unit .primary");
  await page.waitForFunction(
    () => document.querySelector<HTMLProgressElement>(".unit progress")?.value === 64,
  );
  await visit.until(".unit .facts");
  expect(new URL(page.url()).hash).toContain("channel=5");
  await visit.expectWell();
}

async function explainsOtherwise(visit: Visit): Promise<void> {
  const { page } = visit;
  await visit.part("picture");
  await page.selectOption("#method", "gradient");
  await visit.untilText(".color-bar .unit", "per");
  await page.selectOption("#method", "grad-cam");
  await visit.part("layers");
  await page.fill("#search", "conv1");
  await page.click(".spine li button");
  await visit.untilText(".units h2 small", "conv1");
  await visit.untilText(".score", "Layer conv1");
  await visit.part("layers");
  await page.fill("#search", "");
  await visit.idle();
}

async function compares(visit: Visit): Promise<void> {
  const { page } = visit;
  await visit.first();
  await visit.button("Compare");
  await page.click(".answers li:nth-child(2) button");
  await visit.untilText(".score strong", "cat");
  await visit.button("Compare");
  await visit.until(".compare > .color-bar");
  expect(await page.locator(".compare figure").count()).toBe(2);
  await visit.expectWell();
  await visit.button("Hide by brush");
  await page.locator(".brush").scrollIntoViewIfNeeded();
  const box = (await page.locator(".brush").boundingBox())!;
  const at = (share: number) => [box.x + share * box.width, box.y + share * box.height] as const;
  await page.mouse.move(...at(0.3));
  await page.mouse.down();
  for (let share = 0.3; share < 0.7; share += 0.05) await page.mouse.move(...at(share));
  await page.mouse.up();
  await visit.untilText(".answers .number", "→");
}

async function tellsStory(visit: Visit): Promise<void> {
  await visit.first();
  await visit.button("Deutsch");
  await visit.button("Geführte Geschichte");
  for (let step = 1; step < 9; step++) {
    expect(await visit.text(".story h2")).toBe(`${step} / 9`);
    await visit.button("Weiter");
  }
  await visit.untilCount(".answers li", 10);
  await visit.expectWell();
  await visit.button("Frei erkunden");
  await visit.button("English");
}

async function opensOwn(visit: Visit): Promise<void> {
  const { page } = visit;
  await visit.first();
  const broken = { name: "broken.onnx", mimeType: "", buffer: Buffer.from("not a model at all") };
  await page.setInputFiles("#model-files", broken);
  await visit.untilText(".error", "broken.onnx");
  await visit.idle();
  expect(await visit.text(".open-model"), "what was open stays").toBe("pets.onnx");
  await visit.until(".stage .heat");
  await visit.expectWell();
  const photos = [await photo("one.png", 1), await photo("two.png", 2)];
  await drop(page, [...photos, { ...shippedFile("pets.onnx"), name: "mine.onnx" }]);
  await visit.untilText(".open-model", "mine.onnx");
  await visit.until(".stage .heat");
  await visit.untilCount(".error", 0);
  expect(new URL(page.url()).hash).toContain("one.png");
  await page.selectOption("#photos", { index: 1 });
  await page.waitForFunction(() => location.hash.includes("two.png"));
  await visit.idle();
  await visit.expectWell();
}

async function opensKeras(visit: Visit): Promise<void> {
  await visit.first();
  await visit.page.setInputFiles("#model-files", await kerasFile());
  await visit.untilText(".open-model", "small.keras");
  await visit.untilCount(".answers li", 3);
  await visit.until(".stage .heat");
  await visit.idle();
}

async function opensParts(visit: Visit): Promise<void> {
  const [network, ...numbers] = await inTwoParts();
  await visit.first();
  await drop(visit.page, [...numbers, network!]);
  await visit.untilText(".open-model", "faces.onnx");
  await visit.until(".stage .heat");
  await visit.idle();
  expect(await visit.page.locator(".answers li").count()).toBe(2);
}

async function opensTeachable(visit: Visit): Promise<void> {
  await visit.first();
  await drop(visit.page, [teachableFile()]);
  await visit.untilText(".open-model", "converted_tfjs.zip");
  await visit.until(".stage .heat");
  await visit.idle();
}

async function followsAddress(visit: Visit): Promise<void> {
  await visit.first("#model=mnist&method=gradient&target=3&picture=drawn:4");
  expect(await visit.text(".open-model")).toBe("mnist.onnx");
  expect(await visit.text(".score")).toContain("class 3");
}

async function looksThroughCamera(visit: Visit): Promise<void> {
  const { page } = visit;
  await visit.first();
  await page.locator(".doors").getByRole("button", { name: "Camera" }).click();
  await page.waitForFunction(() => location.hash.includes("camera"));
  await page.locator(".doors").getByRole("button", { name: "Stop" }).click();
  await visit.idle();
}

async function isThereOffline(visit: Visit): Promise<void> {
  const { page } = visit;
  await visit.first();
  await untilKept(page);
  await page.context().setOffline(true);
  visit.explorer.refuse(() => true);
  await visit.first();
  expect(await visit.text(".answers li:first-child .label")).toBe("dog");
  // What nobody had asked for yet is there as well.
  await page.selectOption("#method", "eigen-cam");
  await visit.idle();
  expect(await visit.text(".recipe")).toContain("eigen-cam");
  expect(await page.locator(".error").count()).toBe(0);
}
