/** @file Golden pictures of the sheets of one picture's activations. */
import { test } from "vitest";
import { channelSheet, enlargedChannels } from "../../src/activations/channel-sheet.ts";
import type { Scaling } from "../../src/activations/scaling.ts";
import { layerStatistics, lumaOf } from "../../src/activations/layer-statistics.ts";
import { tensor, type Tensor } from "../../src/graph/tensor.ts";
import { expectGolden } from "../golden-picture.ts";
import { channelMaps, drawn, scene } from "./inputs.ts";

const photo = scene(32);

function mapsOf(name: string, values: Tensor) {
  return { name, values, statistics: layerStatistics(values, lumaOf(photo)) };
}

const relu = mapsOf("conv2/relu", channelMaps(20, 14, 14, [3, 17]));

test.each<Scaling>(["layer", "channel"])(
  "a layer of 20 channels in the scale of each %s",
  async (scaling) => {
    const sheet = channelSheet(relu, scaling, "ouzel.jpg");
    await expectGolden(`activations-${scaling}-scale`, drawn(sheet));
  },
);

test("a layer of small maps with negative numbers", async () => {
  const { data, dims } = channelMaps(32, 4, 4);
  const signed = tensor(
    "float32",
    dims,
    (data as Float32Array).map((value) => value - 0.6),
  );
  await expectGolden(
    "activations-signed",
    drawn(channelSheet(mapsOf("conv5", signed), "layer", "ouzel.jpg")),
  );
});

test("the numbers of a dense layer", async () => {
  const values = Float32Array.from({ length: 10 }, (_, i) => Math.max(0, 5 * Math.sin(3 * i)));
  const sheet = channelSheet(mapsOf("fc", tensor("float32", [10], values)), "layer", "ouzel.jpg");
  await expectGolden("activations-dense", drawn(sheet));
});

test("single channels enlarged, one of them dead", async () => {
  const sheet = enlargedChannels(relu, [2, 3], { photo });
  await expectGolden("activations-enlarged", drawn(sheet));
});
