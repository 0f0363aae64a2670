/** @file Class activation maps of boxes lie on the maps that feed the head, also where the methods are called by themselves. */
import { expect, test } from "vitest";
import { detectorKinds } from "../../../test/detector-graphs.ts";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { headScales } from "../../network/head-scales.ts";
import { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { explainedOn } from "../../scores/picture-target.ts";
import { eigenCam } from "./eigen-cam.ts";
import { layerCam } from "./layer-cam.ts";

test("class activation maps of a box lie on the maps that feed the head by themselves", async () => {
  const design = { seed: 3, sidePx: 64, scales: 3 };
  const dims = [1, 3, 64, 64];
  const random = randomStream("picture", 1);
  const numbers = Array.from({ length: 3 * 64 * 64 }, () => random.normal());
  const picture = tensorOf("float32", dims, numbers);
  const { graph } = detectorKinds["two joined branches a scale"]!(design);
  const model = new Model(graph, createReferenceRuntime());
  const target = { kind: "box", box: 0, confidence: 0.1 } as const;
  const { model: box } = await explainedOn(model, target, picture);
  const scales = headScales(await model.whole(picture.dims));
  expect(scales).toHaveLength(3);
  const [usual] = await layerCam(box, picture, { targets: [0] });
  const [asked] = await layerCam(box, picture, { targets: [0], layers: scales });
  expect(usual!.data).toEqual(asked!.data);
  expect(usual!.data.some((value) => value > 0)).toBe(true);
  const [one] = await eigenCam(box, picture, { targets: [0] });
  expect(one!.layer).toBe(scales.at(-1));
});
