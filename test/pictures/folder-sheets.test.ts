/** @file Golden pictures of the sheets of a folder's activations. */
import { test } from "vitest";
import { SetStatistics } from "../../src/activations/set-statistics.ts";
import { TopPatches } from "../../src/activations/top-patches.ts";
import { summarise } from "../../src/activations/picture-summary.ts";
import {
  patchSheets,
  strongestSheet,
  type SheetWork,
} from "../../src/app/activations/folder-sheets.ts";
import { tensor } from "../../src/graph/tensor.ts";
import { expectGolden } from "../golden-picture.ts";
import { channelMaps, drawn, scene } from "./inputs.ts";

const [channels, side, pictures, photoPx] = [9, 7, 12, 48];
const sizes = { channels, height: side, width: side };

/** Fields of 20 pixels a side around the places of a layer of 7 x 7, cut at the borders. */
const work: SheetWork = {
  channels: 3,
  fieldsOf: () => (place) => {
    const [left, right] = borders(place.x);
    const [top, bottom] = borders(place.y);
    return { left, top, widthPx: right - left, heightPx: bottom - top };
  },
  paths: Array.from({ length: pictures }, (_, i) => `photos/img-${100 + i}.jpg`),
  seenPicture: (number) => Promise.resolve({ photo: scene(photoPx, photoPx, number) }),
  signal: undefined,
  progress: { update: () => undefined },
};

function borders(at: number): readonly [number, number] {
  const centre = Math.round(((at + 0.5) * photoPx) / side);
  return [Math.max(centre - 10, 0), Math.min(centre + 10, photoPx)];
}

function layerOf(kept: number) {
  const tops = new TopPatches(sizes, kept);
  const statistics = new SetStatistics(sizes, pictures);
  for (let picture = 0; picture < pictures; picture++) {
    const { data } = channelMaps(channels, side, side, [4]);
    const values = (data as Float32Array).map(
      (value, i) => value * (1 + 0.5 * Math.sin(picture + i)),
    );
    const summary = summarise(tensor("float32", [1, channels, side, side], values), 0);
    tops.add(picture, summary);
    statistics.add(picture, summary);
  }
  const record = { name: "conv3/relu", sizes, tops, statistics, pooled: new Float32Array() };
  return { record, operator: "Relu" };
}

test("the patches that excite each channel most", async () => {
  const [sheet] = await patchSheets(work, [layerOf(4)]);
  await expectGolden("folder-patches", drawn(sheet!));
});

test("one channel with seven pictures, in two rows of pairs", async () => {
  await expectGolden("folder-channel", drawn(await strongestSheet(work, layerOf(7), 2)));
});

test("one channel that is dead", async () => {
  await expectGolden("folder-dead-channel", drawn(await strongestSheet(work, layerOf(7), 4)));
});
