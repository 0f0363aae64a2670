import { expect, test } from "vitest";
import { picture, plane, toGrey, toRgb } from "./picture.ts";

test("grey becomes three equal channels, and transparency is laid on white", () => {
  expect([...toRgb(picture(2, 1, 1, Uint8Array.of(7, 200))).data]).toEqual([
    7, 7, 7, 200, 200, 200,
  ]);
  const veiled = picture(3, 1, 4, Uint8Array.of(10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 200, 51));
  expect([...toRgb(veiled).data]).toEqual([10, 20, 30, 255, 255, 255, 204, 224, 244]);
});

test("luma weighs the colours as Rec. 601", () => {
  const colours = picture(4, 1, 3, Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9));
  expect([...toGrey(colours).data]).toEqual([76, 150, 29, 9]);
});

test("data that does not fill a picture is refused", () => {
  expect(() => picture(2, 2, 3, new Uint8Array(11))).toThrow(
    "picture: [2, 2, 3] must be positive and needs 12 elements, got 11.",
  );
  expect(() => plane(0, 2, new Float32Array(0))).toThrow("plane: [2, 0] must be positive");
});
