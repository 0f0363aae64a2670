/** @file Layers models that leave the sides of pictures open compute what TensorFlow.js does at every size. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { built, drawnModel, saved } from "../../../test/tfjs/drawn-models.ts";
import { expectAs } from "../../../test/tfjs/expect-as.ts";
import { artifactsOf, pictures, predict } from "../../../test/tfjs/oracle.ts";
import { savedFiles, sourceOf } from "../../../test/tfjs/saved-model.ts";
import { openTfjs } from "./open.ts";

/** These have weights or targets of one size; TensorFlow.js itself takes no open sides at Cropping2D. */
const sized = new Set(["cropping", "permute", "prelu", "reshape", "rows"]);

const open = drawnModel
  .filter(({ head, steps }) => head !== "dense" && !steps.some(({ kind }) => sized.has(kind)))
  .filter(({ steps }) => steps.length > 1);

test("drawn models of open sides compute what TensorFlow.js computes", async () => {
  await fc.assert(
    fc.asyncProperty(open, async (drawn) => {
      const model = built(drawn);
      const { topology, weights } = await saved(model);
      model.dispose();
      const [height, width, channels] = drawn.picture;
      const fixed = JSON.stringify([null, height, width, channels]);
      const text = JSON.stringify(topology).replaceAll(fixed, `[null,null,null,${channels}]`);
      const files = savedFiles(JSON.parse(text), weights);
      const graph = await openTfjs(sourceOf(files));
      expect(graph.inputs[0]!.dims).toEqual(["N", channels, "H", "W"]);
      for (const sides of [
        [height, width],
        [13, 10],
      ] as const) {
        const given = [pictures(2, [...sides, channels])];
        await expectAs(graph, given, await predict(artifactsOf(files), given), "plain");
      }
    }),
    { numRuns: 60 },
  );
});
