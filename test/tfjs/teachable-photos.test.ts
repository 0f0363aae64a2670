/** @file Teachable Machine's network says of photos what TensorFlow.js says. Needs the material that LIMPID_MIRROR points at. */
import { describe, test } from "vitest";
import { expectSame, filesIn, isMissing, realModel, reason, toldIn } from "./real-models.ts";

const photos = isMissing ? [] : filesIn("photos").slice(0, 5);

describe.skipIf(isMissing)(
  `Teachable Machine (${isMissing ? reason : "from LIMPID_MIRROR"})`,
  () => {
    test.each(photos)("%s", async (path) => {
      const model = await realModel("teachable-machine");
      await expectSame(model, path, toldIn(model.graph));
    });
  },
);
