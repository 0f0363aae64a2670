/** @file Drops on the explorer's page: files and folders from this machine's disk, as a hand would. */
import type { Page } from "playwright-core";

/** Drops paths of files and folders in the middle of the page, once it has said that it takes them. */
export async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { width, height } = page.viewportSize()!;
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  const send = (type: "dragEnter" | "dragOver" | "drop") =>
    session.send("Input.dispatchDragEvent", { type, x: width / 2, y: height / 2, data });
  await send("dragEnter");
  await send("dragOver");
  await page.waitForSelector(".drop");
  await send("dragOver");
  await send("drop");
  await page.waitForSelector(".drop", { state: "detached" });
  await session.detach();
}
