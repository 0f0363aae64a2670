import { expect, test } from "vitest";
import { nodePlatform } from "../node/platform.ts";
import { contactSheet } from "../drawing/contact-sheet.ts";
import { picture } from "../image/picture.ts";
import { decodePicture } from "../node/codecs.ts";
import { renderSheet } from "./render-sheet.ts";

test("a sheet is two pixels a unit, and one if it were too large", async () => {
  const of = async (cellWidthPx: number) => {
    const rows = [{ cells: [{ picture: picture(1, 1, 1, Uint8Array.of(9)) }] }];
    const file = await renderSheet(nodePlatform, { rows, cellWidthPx, cellHeightPx: cellWidthPx });
    return (await decodePicture(file, "sheet")).widthPx;
  };
  expect(await of(400)).toBe(2 * (400 + 60));
  expect(await of(5000)).toBe(5000 + 60);
});

test("the same sheet gives the same bytes", async () => {
  const layout = contactSheet({
    title: "twice",
    cells: [{ picture: picture(2, 1, 1, Uint8Array.of(9, 200)), title: "a" }],
  });
  expect(await renderSheet(nodePlatform, layout)).toEqual(await renderSheet(nodePlatform, layout));
});
