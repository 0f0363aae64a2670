/** @file The example that the README begins with is right: the network knows its stripes, the map shows where they are. */
import { describe, expect, test } from "vitest";
import { balls, classes, sidePx, stripesNetwork, stripesPicture } from "../scripts/stripes.ts";
import { gradCam } from "../src/attribution/cam/grad-cam.ts";
import { tensor, type Tensor } from "../src/graph/tensor.ts";
import type { Picture } from "../src/image/picture.ts";
import { preprocess, preprocessings } from "../src/image/preprocess.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";

const model = new Model(stripesNetwork(), createNodeRuntime());

function inputOf(picture: Picture): Tensor {
  const size = { channels: 3, heightPx: sidePx, widthPx: sidePx } as const;
  const { dims, data } = preprocess(picture, preprocessings.unit, size);
  return tensor("float32", dims, data);
}

describe("the example", () => {
  test.each(classes.map(({ label }, i) => [label, i] as const))("knows %s", async (_, target) => {
    for (const [x, y, radius] of [
      [48, 48, 40],
      [30, 60, 22],
      [70, 25, 15],
    ] as const) {
      const ball = { ...balls[0]!, x, y, radius, angle: classes[target]!.angle };
      const [map] = await gradCam(model, inputOf(stripesPicture([ball])), { targets: "top" });
      expect(map!.target).toBe(target);
    }
  });

  test.each(balls.map((ball, i) => [classes[i + 1]!.label, i + 1, ball] as const))(
    "shows %s on their ball",
    async (_, target, ball) => {
      const [map] = await gradCam(model, inputOf(stripesPicture()), { targets: [target] });
      const [height, width] = map!.dims as [number, number];
      const peak = map!.data.indexOf(Math.max(...map!.data));
      const x = ((peak % width) + 0.5) * (sidePx / width);
      const y = (Math.floor(peak / width) + 0.5) * (sidePx / height);
      expect(Math.hypot(x - ball.x, y - ball.y)).toBeLessThan(ball.radius);
    },
  );

  test("the large ball decides", async () => {
    const [map] = await gradCam(model, inputOf(stripesPicture()), { targets: "top" });
    expect(classes[map!.target]!.label).toBe("falling stripes");
  });
});
