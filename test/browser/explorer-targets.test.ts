/** @file What is explained in the explorer, in Chromium: a difference, a channel, a part of the picture. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../../src/graph/builder.ts";
import { drop, fileOf } from "./explorer-files.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

/** Two classes without names, and beside them one number. */
function twoHeads() {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 24, 24]);
  const waves = (dims: readonly number[]) =>
    b.constant(
      Array.from({ length: dims.reduce((all, one) => all * one, 1) }, (_, i) => Math.sin(i)),
      dims,
    );
  const features = b.op("Relu", [b.op("Conv", [x, waves([6, 3, 3, 3])])], {}, "features");
  const pooled = b.op("Flatten", [b.op("GlobalAveragePool", [features])]);
  const logits = b.op("Gemm", [pooled, waves([6, 2])], {}, "logits");
  b.output(b.op("Softmax", [logits], { axis: 1 }, "gender"));
  b.output(b.op("Gemm", [pooled, waves([6, 1])], {}, "age"));
  return fileOf("twoheads.onnx", encodeOnnx(b.build()).bytes);
}

describe.skipIf(withoutBrowser)("targets in the explorer", () => {
  let explorer: OpenExplorer;
  const page = () => explorer.page;
  const heading = (start: string) =>
    explorer.page.waitForFunction(
      (wanted) => document.querySelector(".score strong")?.textContent.startsWith(wanted) === true,
      start,
    );
  const first = async (hash: string) => {
    await explorer.page.goto("about:blank");
    await explorer.page.goto(`${explorer.address}${hash}`);
    await explorer.page.waitForSelector(".channel-grid [role=gridcell]");
    await explorer.page.click(".target summary");
  };

  beforeAll(async () => {
    explorer = await openExplorer();
  });
  afterAll(() => explorer.close());

  test("one class against another by name, and a channel of the layer", async () => {
    const { page } = explorer;
    await first("");
    await page.getByLabel("Kind").selectOption("difference");
    await page.getByLabel("For", { exact: true }).fill("dog");
    const explain = page.getByRole("button", { name: "Explain this" });
    expect(await explain.isDisabled()).toBe(true);
    await page.getByLabel("And not for").fill("cat");
    await explain.click();
    await heading("dog minus cat");
    expect(new URL(page.url()).hash).toContain("target=1+minus+0");
    expect(await faultsOf(page)).toEqual([]);
    await page.getByLabel("Kind").selectOption("unit");
    await explain.click();
    await heading("layer pool4, channel 0");
  });

  test("whatever the command reads as a target, and what it does not is refused with a reason", async () => {
    await first("");
    await drop(page(), [twoHeads()]);
    await heading("class ");
    const ask = async (typed: string) => {
      await page().getByLabel("For", { exact: true }).fill(typed);
      await page().getByRole("button", { name: "Explain this" }).click();
    };
    const shown = await page().locator(".answers .label").allTextContents();
    expect(shown.toSorted()).toEqual(["class 0", "class 1"]);
    for (const name of shown) {
      await ask(name);
      await heading(name);
    }
    await ask("age");
    await heading('the value "age"');
    await ask("gender:1");
    await heading("class 1");
    await ask("age:0");
    await heading('the value "age"');
    await page().click(".recipe summary");
    expect(await page().locator(".recipe pre").first().textContent()).toContain("--target age:0");
    for (const [typed, reason] of [
      ["99", "must be a whole number from 0 to 1, got 99"],
      ["wolf", 'must be class numbers, a label or top, got "wolf"'],
      ["1,0", "must be given one target, got 2"],
    ] as const) {
      await ask(typed);
      await page().waitForFunction(
        (wanted) => document.querySelector(".error")?.textContent.includes(wanted) === true,
        reason,
      );
      // What was explained before is shown still, and named.
      await heading('the value "age"');
      expect(new URL(page().url()).hash).toContain("target=age%3A0");
    }
    expect(await page().textContent(".target form")).toContain("another output as OUTPUT:NUMBER");
  });

  test("a part of the picture, drawn on it or in numbers, of a segmenter", async () => {
    const { page } = explorer;
    await first("#model=shapes-segment");
    await page.getByRole("button", { name: "Mark it on the picture" }).click();
    const box = (await page.locator(".region").boundingBox())!;
    const at = (share: number) => [box.x + share * box.width, box.y + share * box.height] as const;
    await page.mouse.move(...at(0.2));
    await page.mouse.down();
    await page.mouse.move(...at(0.4));
    await page.mouse.move(...at(0.7));
    await page.mouse.up();
    await page.waitForFunction(
      () => document.querySelector(".score strong")?.textContent.includes(" in the box ") === true,
    );
    expect(await page.getByLabel("Left %").inputValue()).toBe("20");
    expect(await faultsOf(page)).toEqual([]);
    const before = await page.textContent(".score strong");
    await page.getByLabel("Right %").fill("50");
    await page.getByLabel("Right %").press("Enter");
    await page.waitForFunction((last) => {
      const now = document.querySelector(".score strong")?.textContent;
      return now !== last && now?.includes(" in the box ") === true;
    }, before);
    expect(await page.locator(".recipe pre").first().textContent()).toMatch(
      /--box \d+,\d+,\d+,\d+/,
    );
    await page.getByRole("button", { name: "All of it again" }).click();
    await page.waitForFunction(
      () => document.querySelector(".score strong")?.textContent.includes("found") === true,
    );
  });

  const byBrush = () => page().getByRole("button", { name: "Paint it by brush" });
  const stroke = async (...shares: readonly (readonly [number, number])[]) => {
    const box = (await page().locator(".brush").boundingBox())!;
    const [first, ...others] = shares.map(
      ([x, y]) => [box.x + x * box.width, box.y + y * box.height] as const,
    );
    await page().mouse.move(...first!);
    await page().mouse.down();
    for (const to of others) await page().mouse.move(...to);
    await page().mouse.up();
  };
  const share = async () => {
    const said = (await page().textContent(".score"))!;
    return Number(/over ([\d.]+) % of the picture/.exec(said)?.[1] ?? Number.NaN);
  };
  const isOther = (before: string | null) =>
    page().waitForFunction((last) => {
      const now = document.querySelector(".score")?.textContent;
      return now !== undefined && now !== last && now.includes("of the picture");
    }, before);

  test("a part that is painted, of a channel; the address holds it, and the recipe reads it of a file", async () => {
    await first("#layer=conv4");
    await page().locator(".target", { hasText: "answers for all of it at once" }).waitFor();
    await page().getByLabel("Kind").selectOption("unit");
    await page().getByRole("button", { name: "Explain this" }).click();
    await heading("layer conv4, channel 0");
    await byBrush().click();
    const before = await page().textContent(".score");
    await stroke([0.2, 0.3], [0.3, 0.35], [0.5, 0.3]);
    await isOther(before);
    await heading("layer conv4, channel 0, mean in the mask");
    expect(await faultsOf(page())).toEqual([]);
    const painted = await share();
    expect(painted).toBeGreaterThan(3);
    expect(painted).toBeLessThan(20);
    // More is added, and taken off by the eraser.
    let last = await page().textContent(".score");
    await stroke([0.7, 0.7], [0.8, 0.7]);
    await isOther(last);
    const more = await share();
    expect(more).toBeGreaterThan(painted);
    last = await page().textContent(".score");
    await page().getByRole("button", { name: "Erase" }).click();
    await page().getByLabel("Width of the brush").fill("10");
    await stroke([0.7, 0.7], [0.8, 0.7]);
    await isOther(last);
    expect(await share()).toBe(painted);
    // Whoever opens the address sees the same.
    const [words, hash] = [await page().textContent(".score"), new URL(page().url()).hash];
    expect(hash).toMatch(/region=painted_56x56_[\da-z.]+/);
    await first(hash);
    await heading("layer conv4, channel 0, mean in the mask");
    expect(await page().textContent(".score")).toBe(words);
    await page().click(".recipe summary");
    const line = await page().locator(".recipe pre").first().textContent();
    const file = /--mask (\S+)/.exec(line!)![1]!;
    const [download] = await Promise.all([
      page().waitForEvent("download"),
      page().getByRole("button", { name: "Save the painted part" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(file);
    // Of a class of this network there is no part, nor is one painted any more.
    await byBrush().click();
    await page().waitForSelector(".brush");
    await page().getByLabel("Kind").selectOption("class");
    await page().getByLabel("For", { exact: true }).fill("dog");
    await page().getByRole("button", { name: "Explain this" }).click();
    await heading("dog");
    expect(page().url()).not.toContain("region");
    expect(await page().locator(".brush").count()).toBe(0);
  });

  test("an address that names a part of what lies nowhere shows what there is, and marks no part", async () => {
    for (const region of ["box_0.1_0.1_0.5_0.5", "painted_2x2_1.1.2"]) {
      await first(`#target=1&region=${region}`);
      await heading("dog");
      expect(await page().locator(".error").count()).toBe(0);
      expect(await page().textContent(".files-notice .unknown")).toContain(`“${region}`);
      expect(await page().locator(".brush, .region").count()).toBe(0);
      await page().locator(".target", { hasText: "answers for all of it at once" }).waitFor();
    }
  });

  test("a part is painted by keys alone, of a detector the box there is explained", async () => {
    await first("#model=shapes-detect");
    await byBrush().focus();
    await page().keyboard.press("Enter");
    await page().locator(".brush").focus();
    // To the second box, with steps as wide as the brush.
    const [across, down] = await page().evaluate(() => {
      const { x, y, width, height } = document
        .querySelectorAll<SVGRectElement>(".boxes g rect:not(.under)")[1]!
        .getBBox();
      const side = document.querySelector<SVGSVGElement>(".boxes")!.viewBox.baseVal.width;
      const steps = (at: number) => Math.round(((at / side - 0.5) * 56) / 3);
      return [steps(x + width / 2), steps(y + height / 2)] as const;
    });
    const go = async (key: string, times: number) => {
      for (let i = 0; i < times; i++) await page().keyboard.press(key);
    };
    await go(across < 0 ? "ArrowLeft" : "ArrowRight", Math.abs(across));
    await go(down < 0 ? "ArrowUp" : "ArrowDown", Math.abs(down));
    const before = await page().textContent(".score");
    await page().keyboard.press("Space");
    await page().waitForFunction(() => location.hash.includes("region=painted"));
    await page().waitForFunction((last) => {
      const now = document.querySelector(".score")?.textContent;
      return now !== undefined && now !== last && now.includes("in the mask");
    }, before);
    await page().locator(".brush").focus();
    await page().keyboard.press("Delete");
    await page().waitForFunction(() => !location.hash.includes("region"));
    await page().waitForFunction(
      (last) => document.querySelector(".score")?.textContent === last,
      before,
    );
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
