import { expect, test } from "vitest";
import { nodePlatform } from "../node/platform.ts";
import { contactSheet } from "../drawing/contact-sheet.ts";
import { colorize, scaleFor } from "../image/colormap.ts";
import { heatmapSheet } from "../drawing/heatmap-sheet.ts";
import { paint } from "../drawing/marks.ts";
import { picture, plane, type Picture } from "../image/picture.ts";
import { drawSheet, type SheetLayout } from "../drawing/sheet.ts";
import { expectGolden } from "../../test/golden-picture.ts";
import { decodePicture } from "../node/codecs.ts";
import { renderSheet } from "./render-sheet.ts";
import { loadTypefaces } from "../node/typefaces.ts";

/** A disc before a slope from dark blue to light green. */
function scene(side: number): Picture {
  const data = new Uint8Array(3 * side * side);
  for (let i = 0; i < side * side; i++) {
    const [x, y] = [(i % side) / side, Math.floor(i / side) / side];
    const isDisc = Math.hypot(x - 0.4, y - 0.45) < 0.22;
    data.set(isDisc ? [214, 120, 40] : [30 + 60 * x, 60 + 150 * y, 120 + 40 * x], 3 * i);
  }
  return picture(side, side, 3, data);
}

/** A hill over the disc and a hollow at the lower right. */
function hills(side: number) {
  const data = Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [((i % side) + 0.5) / side, (Math.floor(i / side) + 0.5) / side];
    const hill = Math.exp(-((x - 0.4) ** 2 + (y - 0.45) ** 2) / 0.03);
    return 1.5 * hill - 0.9 * Math.exp(-((x - 0.85) ** 2 + (y - 0.8) ** 2) / 0.02);
  });
  return plane(side, side, data);
}

/** One pixel a unit, which keeps the files small. */
function drawn(layout: SheetLayout): Picture {
  return paint(drawSheet(layout, loadTypefaces()), 1);
}

test("the heatmap figure", async () => {
  const photo = scene(32);
  const common = { photo, title: "Grad-CAM", unit: "weighted activation", warnings: [] };
  const positive = hills(7).data.map((value) => Math.max(value, 0));
  const layout = heatmapSheet({
    title: "Grad-CAM",
    subtitle: "which places of a layer speak for the class  ·  layer inception_5b/output",
    entries: [
      {
        ...common,
        map: plane(7, 7, positive),
        signed: false,
        heading: "water ouzel",
        note: "class 20  ·  probability 0.9995  ·  logit 20.5",
      },
      {
        ...common,
        map: hills(14),
        signed: true,
        heading:
          "Дрозд, Κότσυφας, Fässchen und ein Name, der über die ganze Breite des Bogens nicht passt, so lang ist er",
        note: "class 16  ·  probability 1.2e−5  ·  logit −3.25",
        warnings: [
          "every place speaks against the class (from −0.9), and negative numbers are cut off: try --signed",
        ],
      },
    ],
  });
  await expectGolden("heatmap-figure", drawn(layout));
});

test("the contact sheet", async () => {
  const maps = Array.from({ length: 19 }, (_, k) =>
    plane(
      6,
      6,
      Float32Array.from({ length: 36 }, (_, i) => (k === 5 ? 0 : ((7 * i + 3 * k * i) % 11) / 2)),
    ),
  );
  const scale = scaleFor(
    maps.flatMap((map) => [...map.data]),
    { signed: false },
  );
  const cells = maps.map((map, k) =>
    k === 5
      ? { title: `channel ${k}`, empty: "dead", captions: ["0 everywhere"] }
      : { title: `channel ${k}`, picture: colorize(map, scale), captions: ["0 to 5"] },
  );
  const layout = contactSheet({
    title: "conv2d_3",
    subtitle: "19 channels of 6 × 6; one scale for the layer; 1 channel is dead for this picture",
    bar: { scale, unit: "activation" },
    cells,
    columns: 8,
    cellWidthPx: 64,
    footer: "Made by limpid.",
  });
  await expectGolden("contact-sheet", drawn(layout));
});

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
  const layout = contactSheet({ title: "twice", cells: [{ picture: scene(20), title: "a" }] });
  expect(await renderSheet(nodePlatform, layout)).toEqual(await renderSheet(nodePlatform, layout));
});
