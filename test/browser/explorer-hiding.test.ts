/** @file The brush that hides, in Chromium: whatever the network answers, what is listed moves, or the brush says why not. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../../src/graph/builder.ts";
import { drop, fileOf } from "./explorer-files.ts";
import { openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

/** The means of the three colours, as values. */
function threeMeans() {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 24, 24]);
  const means = b.op("Flatten", [b.op("GlobalAveragePool", [b.op("Exp", [x])])]);
  b.output(b.op("Exp", [means], {}, "means"));
  return fileOf("means.onnx", encodeOnnx(b.build()).bytes);
}

describe.skipIf(withoutBrowser)("hiding parts of the picture", () => {
  let explorer: OpenExplorer;
  const brush = () => explorer.page.getByRole("button", { name: "Hide by brush" });
  const opened = async (hash: string) => {
    await explorer.page.goto("about:blank");
    await explorer.page.goto(`${explorer.address}#${hash}`);
    await explorer.page.waitForSelector(".channel-grid [role=gridcell]");
  };
  /** Paints all of the picture grey. */
  const hideAll = async () => {
    const { page } = explorer;
    await brush().click();
    await page.getByLabel("Width of the brush").fill("50");
    const box = (await page.locator(".brush").boundingBox())!;
    await page.mouse.move(box.x + 2, box.y + 2);
    await page.mouse.down();
    for (let row = 0; row <= 8; row++) {
      const y = box.y + 2 + ((box.height - 4) * row) / 8;
      await page.mouse.move(row % 2 ? box.x + 2 : box.x + box.width - 2, y, { steps: 6 });
    }
    await page.mouse.up();
  };
  const answers = () => explorer.page.locator(".answers .number").allTextContents();

  beforeAll(async () => {
    explorer = await openExplorer();
  });
  afterAll(() => explorer.close());

  test("classes have other probabilities", async () => {
    await opened("model=pets");
    await hideAll();
    await explorer.page.waitForFunction(() =>
      document.querySelector(".answers .number")?.textContent?.includes("→"),
    );
    for (const answer of await answers()) expect(answer).toMatch(/^\S.* → \S/);
  });

  test("boxes of a detector are not found where nothing is left to be seen", async () => {
    await opened("model=shapes-detect");
    const before = await answers();
    await hideAll();
    await explorer.page.waitForFunction(() =>
      document.querySelector(".answers .number")?.textContent?.includes("→"),
    );
    await explorer.page.waitForFunction(
      (count) =>
        [...document.querySelectorAll(".answers .number")].filter((each) =>
          each.textContent?.endsWith("→ not found"),
        ).length === count,
      before.length,
    );
    await explorer.page.getByRole("button", { name: "Show all again" }).click();
    expect(await answers()).toEqual(before);
  });

  test("values move", async () => {
    await opened("model=pets");
    await drop(explorer.page, [threeMeans()]);
    await explorer.page.waitForFunction(
      () => document.querySelector(".open-model")?.textContent === "means.onnx",
    );
    await explorer.page.waitForSelector(".answers p");
    await hideAll();
    await explorer.page.waitForFunction(() =>
      /^\S+, \S+, \S+ → \S+, \S+, \S+$/.test(
        document.querySelector(".answers p")?.textContent ?? "",
      ),
    );
  });

  test("of a network that answers at every place the brush says why it is of no use", async () => {
    await opened("model=shapes-segment");
    expect(await brush().isDisabled()).toBe(true);
    expect(await brush().getAttribute("title")).toMatch(/answers at every place/);
  });

  test("says nothing on the console", () => {
    expect(explorer.problems).toEqual([]);
  });
});
