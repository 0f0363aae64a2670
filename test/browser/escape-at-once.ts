/** @file Esc in the very turn of the page in which something begins: a key from outside may come when it is done. */
import type { Page } from "playwright-core";
import type { CallName, FromWorker, Told, ToWorker } from "../../web/protocol.ts";

/** What the worker is asked or tells, at which Esc is pressed once. */
type Moment = CallName | Told["kind"];

/** In a page; undefined once Esc was pressed. */
declare let escapeAt: string | undefined;

/** In what is opened in a page from now on. */
export async function letEscapeWait(page: Page, first?: Moment): Promise<void> {
  await page.addInitScript((moment) => {
    Object.assign(globalThis, { escapeAt: moment });
    const Plain = Worker;
    const pressAt = (name: string): void => {
      if (name !== escapeAt) return;
      escapeAt = undefined;
      dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    };
    globalThis.Worker = class extends Plain {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        this.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
          if ("told" in data) pressAt(data.told.kind);
        });
      }

      override postMessage(message: ToWorker, given: never): void {
        super.postMessage(message, given);
        if ("call" in message) pressAt(message.call);
      }
    };
  }, first);
}

export function escapeNextAt(page: Page, moment: Moment): Promise<void> {
  return page.evaluate((next) => void (escapeAt = next), moment);
}
