import { expect, test } from "vitest";
import { interleaved, planar, scaleInto, scalePictures } from "./affine.ts";

const scaling = { order: [1, 0], gain: [2, 10], offset: [-1, 5] };

test("each channel of each picture has its own line, in the network's order", () => {
  // Two pictures of two channels with two places.
  const pictures = Float32Array.of(0, 0.5, 1, 0.25, 0, 0, 0.5, 0.5);
  expect([...scalePictures(pictures, 2, scaling)]).toEqual([1, -0.5, 5, 10, 0, 0, 5, 5]);
});

test("bytes that lie beside each other are scaled like floats that lie in planes", () => {
  const bytes = Uint8Array.of(0, 255, 102, 51);
  const target = new Float32Array(6);
  scaleInto(interleaved(bytes, 2), planar(target, 2, 2), 2, scaling, 255);
  expect([...target]).toEqual([0, 0, 1, Math.fround(-0.6), 5, 9]);
});
