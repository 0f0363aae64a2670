/** @file What is watched in the page and its worker while it is timed. */
import type { BrowserContext, Page } from "playwright-core";
import { rememberMemory } from "../../test/browser/wasm-memory.ts";
import { listening, rememberRuns } from "./ort-runs.ts";

/** A moment at which something was said to the worker, answered, or painted. */
export interface Moment {
  /** A call's name, "answer" of one, or the class of the canvas that was painted. */
  readonly what: string;
  /** As `performance.now`. */
  readonly atMs: number;
}

interface Watched {
  readonly moments: Moment[];
  /** Tasks that held up the main thread, in milliseconds. */
  readonly long: number[];
}

/** Runs in the page before its own code. */
function watch(): void {
  const own: Watched = { moments: [], long: [] };
  Object.assign(globalThis, { watched: own });
  const tell = (what: string) => own.moments.push({ what, atMs: performance.now() });
  const post = Worker.prototype.postMessage;
  const calls = new Map<number, string>();
  Worker.prototype.postMessage = function (this: Worker, message: { id: number; call?: string }) {
    if (message.call !== undefined) {
      calls.set(message.id, message.call);
      tell(message.call);
    }
    // eslint-disable-next-line prefer-rest-params -- of either of its forms
    post.apply(this, arguments as never);
  } as typeof post;
  const listen = Worker.prototype.addEventListener;
  Worker.prototype.addEventListener = function (this: Worker, name: string, heard: never) {
    if (name === "message") {
      listen.call(this, name, ((event: MessageEvent<{ id: number }>) => {
        if ("answer" in event.data) tell(`answer ${calls.get(event.data.id) ?? ""}`);
      }) as never);
    }
    listen.call(this, name, heard);
  } as typeof listen;
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (
    this: CanvasRenderingContext2D,
    ...given: unknown[]
  ) {
    (put as (...all: unknown[]) => void).apply(this, given);
    tell(this.canvas.className);
  } as typeof put;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) own.long.push(duration);
  }).observe({ type: "longtask", buffered: true });
}

/** A page of a context of its own that is watched from the beginning, and whose memory of WebAssembly can be told. */
export async function watchedPage(context: BrowserContext): Promise<Page> {
  // tsx gives functions their names by a helper that pages do not have.
  await context.addInitScript("globalThis.__name = (named) => named");
  await context.addInitScript(watch);
  await rememberMemory(context, listening);
  await rememberRuns(context);
  return context.newPage();
}

/** The longest that the main thread was held up, in milliseconds; 0 where no task took over 50. */
export async function longestTask(page: Page): Promise<number> {
  const long = await page.evaluate(
    () => (globalThis as unknown as { watched: Watched }).watched.long,
  );
  return long.reduce((most, one) => Math.max(most, one), 0);
}

/** The moments from now on until `done` is among them as often as is said. */
export async function momentsUntil(
  page: Page,
  act: () => Promise<unknown>,
  done: string,
  times = 1,
): Promise<readonly Moment[]> {
  await page.evaluate(() => {
    (globalThis as unknown as { watched: Watched }).watched.moments.length = 0;
  });
  await act();
  await page.evaluate(
    ([what, count]) => {
      const { watched } = globalThis as unknown as { watched: Watched };
      const isThere = () => watched.moments.filter((one) => one.what === what).length >= count;
      // Whoever looks at every frame has the browser paint every frame, beside what is measured.
      return new Promise<void>((resolve) => {
        const look = () => (isThere() ? resolve() : setTimeout(look, 50));
        look();
      });
    },
    [done, times] as const,
  );
  return page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.moments);
}

/** Milliseconds from the navigation to the first of a kind of moments; whoever waits for it may ask only twice a second. */
export async function firstMoment(page: Page, what: string): Promise<number> {
  const moments = await page.evaluate(
    () => (globalThis as unknown as { watched: Watched }).watched.moments,
  );
  return moments.find((moment) => moment.what === what)?.atMs ?? Number.NaN;
}

/** Milliseconds from the first `from` to the last `to`. */
export function between(moments: readonly Moment[], from: string, to: string): number {
  const start = moments.find(({ what }) => what === from);
  const end = moments.findLast(({ what }) => what === to);
  return start && end ? end.atMs - start.atMs : Number.NaN;
}

/** Nothing is computed, and nothing waits to be. */
export async function idle(page: Page): Promise<void> {
  for (let quiet = 0; quiet < 3; quiet++) {
    await page.waitForFunction(
      () => document.querySelector(".work")?.textContent === "",
      undefined,
      { timeout: 120_000 },
    );
    await page.waitForTimeout(250);
  }
}
