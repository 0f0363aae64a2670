import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { cutFooter, dimmed } from "../drawing/cut-photo.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { picture } from "../image/picture.ts";
import { preprocessings } from "../image/preprocess.ts";
import { crop } from "../image/raster.ts";
import { resizePicture } from "../image/resize.ts";
import { Model } from "../network/model.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { framedText, seenCell, seenNotes, seenPhoto } from "./seen-photo.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

const sidePx = 16;
const b = new GraphBuilder();
b.output(b.op("Flatten", [b.op("GlobalAveragePool", [b.input("x", [1, 3, sidePx, sidePx])])]));
const network = {
  model: new Model(b.build(), runtime),
  preprocessing: { ...preprocessings.unit, resize: "crop", cropShare: 1 },
  labels: [],
  source: { kind: "network", what: "", origin: "" },
} as const;

function photoOf(widthPx: number, heightPx: number) {
  const data = Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, i) => (i * 37) % 251);
  return picture(widthPx, heightPx, 3, data);
}

test("a photo that is seen whole is shown as it is, without a word", () => {
  const seen = seenPhoto(network, photoOf(32, 32));
  const cell = seenCell(seen, { alt: "a photo", enlarge: "smooth" });
  expect(cell).toEqual({ alt: "a photo", enlarge: "smooth", picture: seen.photo });
  expect(seenNotes(seen)).toEqual([]);
  expect(framedText("What one sees.", [cell])).toBe("What one sees.");
});

test("of one that is cropped all is shown, the rest dimmed, with what is seen in its place", () => {
  const sides = fc.integer({ min: sidePx + 4, max: 60 });
  fc.assert(
    fc.property(sides, sides, fc.constantFrom(1, 3), (across, down, times) => {
      fc.pre(Math.abs(across - down) > 8);
      const seen = seenPhoto(network, photoOf(across, down));
      const { whole, part } = seen.cut!;
      const map = resizePicture(seen.photo, times * sidePx, times * sidePx, "nearest");
      const cell = seenCell(seen, { alt: "a map", enlarge: "smooth", picture: map });
      const shown = cell.picture as typeof map;
      expect([shown.widthPx, shown.heightPx]).toEqual([
        times * whole.widthPx,
        times * whole.heightPx,
      ]);
      const inside = {
        left: times * part.left,
        top: times * part.top,
        widthPx: map.widthPx,
        heightPx: map.heightPx,
      };
      expect(crop(shown, inside)).toEqual(map);
      const corner = dimmed(whole).data.subarray(0, 3);
      if (times === 1 && part.left + part.top > 3) {
        expect(shown.data.subarray(0, 3)).toEqual(corner);
      }
      const { ofWidthPx, ofHeightPx } = cell.seen!;
      expect([ofWidthPx, ofHeightPx]).toEqual([across, down]);
      expect(seenNotes(seen)[0]).toContain(`of ${across} x ${down} pixels`);
      expect(framedText("One sees.", [cell])).toBe(`One sees. ${cutFooter}`);
    }),
    { numRuns: 30 },
  );
});
