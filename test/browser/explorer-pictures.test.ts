/** @file Golden pictures of the explorer: twelve states that visitors meet, in light and in dark. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, test } from "vitest";
import { petScene } from "../../src/drawn/pets.ts";
import { pictureOfFloats } from "../../src/image/float-picture.ts";
import { decodePicture, encodePng } from "../../src/node/codecs.ts";
import { expectGoldenLook } from "../golden-picture.ts";
import { desktop, phone, Visit, type Screen } from "./explorer-visit.ts";
import { withoutBrowser } from "./page.ts";

/** A state, how a visitor comes to it, and what of it is another on every machine. */
interface State {
  readonly name: string;
  reach(visit: Visit): Promise<void>;
  readonly varies?: readonly string[];
}

const wide: Screen = { ...desktop, width: 1200, height: 760 };

const states: readonly State[] = [
  { name: "first-visit", reach: (visit) => visit.first() },
  {
    name: "graph",
    reach: async (visit) => {
      await visit.first("#model=shapes-segment&picture=drawn:3");
      await visit.button("Graph");
      await visit.until(".graph-frame svg");
    },
  },
  {
    name: "boxes",
    reach: async (visit) => {
      await visit.first("#model=shapes-detect&picture=drawn:2");
      await visit.until(".boxes rect");
    },
  },
  {
    name: "outline",
    reach: async (visit) => {
      await visit.first("#model=shapes-segment&picture=drawn:2");
      await visit.until(".outline");
    },
  },
  {
    name: "compare",
    reach: async (visit) => {
      await visit.first();
      await visit.button("Compare");
      await visit.page.click(".answers li:nth-child(2) button");
      await visit.untilText(".score strong", "cat");
      await visit.button("Compare");
      await visit.until(".compare > .color-bar");
      await visit.page.locator(".compare").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "unit",
    reach: async (visit) => {
      await visit.first("#layer=conv3");
      await visit.page.click('.channel-grid [data-channel="9"]');
      await visit.until(".details .histogram");
      await visit.page.click(".unit .primary");
      await visit.until(".unit .excites");
      await visit.idle();
    },
  },
  {
    name: "steps",
    reach: async (visit) => {
      await visit.first("#layer=conv1");
      await visit.page.click('.channel-grid [data-channel="3"]');
      await visit.page.click("#steps");
      await visit.until(".step-reads");
    },
  },
  {
    name: "training",
    varies: [".training-curve", ".confusions", ".timeline", ".past"],
    reach: async (visit) => {
      const { page } = visit;
      await visit.first();
      await page.click("#train");
      await page.waitForFunction(
        () => document.querySelectorAll(".training-curve circle").length > 0,
      );
      await page.keyboard.press("Escape");
      await page.waitForFunction(
        () => document.querySelector(".train-doors .primary")?.textContent === "Go on",
      );
      await page.fill(".timeline input", "0");
      await visit.until('.excited[data-epoch="0"]');
      await visit.idle();
    },
  },
  {
    name: "story",
    reach: async (visit) => {
      await visit.first();
      await visit.button("Guided story");
      for (let step = 1; step < 4; step++) await visit.button("Next");
      await visit.until(".unit .excites");
      await visit.idle();
      // How far it was scrolled on the way depends on whether the line of work stood below.
      const unit = visit.page.locator("section.unit");
      await unit.evaluate((section) => section.scrollIntoView({ block: "start" }));
    },
  },
  {
    name: "folder",
    reach: async (visit) => {
      const { page } = visit;
      const folder = await facesFolder();
      await visit.first();
      await visit.button("Folder");
      await page.setInputFiles("#folder-files", folder);
      await page.waitForFunction(
        () =>
          document.querySelector(".judged [aria-setsize]")?.getAttribute("aria-setsize") === "8",
      );
      await visit.untilText(".folder .summary", "right");
      await visit.idle();
      rmSync(dirname(folder), { recursive: true });
    },
  },
  {
    name: "error",
    reach: async (visit) => {
      await visit.first();
      await visit.page.setInputFiles("#model-files", {
        name: "holiday.onnx",
        mimeType: "",
        buffer: Buffer.from("not a model at all"),
      });
      await visit.untilText(".error", "holiday.onnx");
      await visit.until(".stage .heat");
      await visit.until('.channel-grid [role="gridcell"]');
    },
  },
];

const onPhone: readonly State[] = [
  {
    name: "phone",
    reach: async (visit) => {
      await visit.first();
      await visit.part("picture");
    },
  },
];

/** Eight drawn faces, of which one lies where it does not belong. */
async function facesFolder(): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), "limpid-pictures-")), "faces");
  mkdirSync(folder);
  const size = { channels: 3, heightPx: 64, widthPx: 64 } as const;
  for (const name of ["cat", "dog"]) mkdirSync(join(folder, name));
  for (let number = 0; number < 8; number++) {
    const { picture, label } = petScene(3, number, [3, 64, 64]);
    const png = await encodePng(pictureOfFloats(picture, size, "range"));
    const name = (label === 1) === number > 0 ? "dog" : "cat";
    writeFileSync(join(folder, name, `${number}.png`), png);
  }
  return folder;
}

for (const [screen, all] of [
  [wide, states],
  [phone, onPhone],
] as const) {
  describe.skipIf(withoutBrowser)(`the explorer as people see it on ${screen.name}`, () => {
    let visit: Visit;
    beforeAll(async () => {
      visit = await Visit.begin(screen, ["--hide-scrollbars", "--force-color-profile=srgb"]);
    });
    afterAll(() => visit.explorer.close());

    test.each(all.map((state) => [state.name, state] as const))("%s", async (name, state) => {
      const { page } = visit;
      await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
      await state.reach(visit);
      await settled(visit);
      for (const scheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
        await page.waitForFunction(
          (theme) => document.documentElement.dataset["theme"] === theme,
          scheme,
        );
        const shot = await page.screenshot({
          mask: (state.varies ?? []).map((selector) => page.locator(selector)),
          maskColor: "#808080",
        });
        const golden = `explorer-${name}-${scheme}`;
        await expectGoldenLook(golden, await decodePicture(shot, golden));
      }
    });
  });
}

/** Nothing is under way, all layers are measured, letters are there, nothing has the focus or the pointer. */
async function settled(visit: Visit): Promise<void> {
  const { page } = visit;
  await page.waitForFunction(
    () =>
      document.querySelectorAll(".spine li").length ===
      document.querySelectorAll(".spine .thumbnail canvas").length,
  );
  await visit.idle();
  // What it computes on is another on every machine.
  await page.addStyleTag({ content: ".processor { display: none; }" });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.mouse.move(0, 0);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
}
