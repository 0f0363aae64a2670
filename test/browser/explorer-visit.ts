/** @file A visit of the explorer on a screen of some size: what visitors do there, and what they wait for. */
import { expect } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";

export interface Screen {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** One part of the page is seen at a time. */
  readonly isNarrow: boolean;
}

export const desktop: Screen = { name: "a desktop", width: 1360, height: 900, isNarrow: false };
export const phone: Screen = { name: "a phone", width: 390, height: 844, isNarrow: true };

/** As a finger needs, in pixels. */
const leastTarget = 44;

export class Visit {
  readonly explorer: OpenExplorer;
  readonly #screen: Screen;

  private constructor(explorer: OpenExplorer, screen: Screen) {
    this.explorer = explorer;
    this.#screen = screen;
  }

  /** With a camera that shows drawn frames. */
  static async begin(screen: Screen, args: readonly string[] = []): Promise<Visit> {
    const camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];
    return new Visit(await openExplorer({ ...screen, args: [...camera, ...args] }), screen);
  }

  get page() {
    return this.explorer.page;
  }

  text(selector: string): Promise<string | null> {
    return this.page.textContent(selector);
  }

  /** There, though it may lie in a part that is not seen. */
  async until(selector: string): Promise<void> {
    await this.page.waitForSelector(selector, { state: "attached" });
  }

  async untilText(selector: string, part: string): Promise<void> {
    await this.page.waitForFunction(
      ([place, words]) => document.querySelector(place)?.textContent?.includes(words) === true,
      [selector, part] as const,
    );
  }

  async untilCount(selector: string, count: number): Promise<void> {
    await this.page.waitForFunction(
      ([place, wanted]) => document.querySelectorAll(place).length === wanted,
      [selector, count] as const,
    );
  }

  async idle(): Promise<void> {
    await this.page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
  }

  /** The page from its beginning, until the first map and the channels are there. */
  async first(hash = ""): Promise<void> {
    await this.page.goto("about:blank");
    await this.page.goto(`${this.explorer.address}${hash}`);
    await this.until(".stage .heat");
    await this.until('.channel-grid [role="gridcell"]');
  }

  /** Brings a part of the page up where only one is seen. */
  async part(name: "layers" | "picture" | "units"): Promise<void> {
    if (this.#screen.isNarrow) await this.page.click(`.sections [data-section="${name}"]`);
  }

  async button(name: string): Promise<void> {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  /** Goes on by Tab until the place has the focus. */
  async tabTo(selector: string): Promise<void> {
    for (let i = 0; i < 120; i++) {
      await this.page.keyboard.press("Tab");
      const isThere = await this.page.evaluate(
        (place) => document.activeElement?.matches(place) === true,
        selector,
      );
      if (isThere) return;
    }
    throw new Error(`Tab leads nowhere near ${selector}`);
  }

  /** Nothing keeps people out, and nothing has to be scrolled to the side; a finger meets what it has to. */
  async expectWell(): Promise<void> {
    expect(await faultsOf(this.page)).toEqual([]);
    const beyond = await this.page.evaluate(
      () => document.documentElement.scrollWidth - innerWidth,
    );
    expect(beyond).toBeLessThanOrEqual(0);
    if (!this.#screen.isNarrow) return;
    expect(await this.page.evaluate(smallTargets, leastTarget)).toEqual([]);
  }
}

/** What is seen and takes a finger, but is smaller than it has to be. */
function smallTargets(least: number): readonly string[] {
  const targets = [
    ...document.querySelectorAll<HTMLElement>("button, select, summary, .page input"),
  ];
  return targets.flatMap((target) => {
    const { width, height } = target.getBoundingClientRect();
    const isSeen = target.checkVisibility() && width > 1;
    if (!isSeen || (Math.ceil(width) >= least && Math.ceil(height) >= least)) return [];
    return [`${target.outerHTML.slice(0, 80)}: ${width.toFixed(0)} × ${height.toFixed(0)}`];
  });
}
