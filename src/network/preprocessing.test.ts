import { expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { preprocessings } from "../image/preprocess.ts";
import { parsePreprocessing } from "./preprocessing.ts";

test("what JSON.stringify writes is read back", () => {
  for (const how of Object.values(preprocessings)) {
    expect(parsePreprocessing(JSON.stringify(how), "model.json")).toEqual(how);
  }
});

test("fields left out are those of unit", () => {
  expect(parsePreprocessing('{"size": 64, "mean": 0.5, "resize": "pad"}', "mine.json")).toEqual({
    ...preprocessings.unit,
    name: "mine.json",
    size: [64, 64],
    mean: [0.5],
    resize: "pad",
  });
});

test.each([
  ["size: 64", "the text must be JSON, got other text."],
  ["[1, 2]", "the text must be a JSON object, got [1,2]."],
  [
    '{"means": [0]}',
    'fields must be name, resize, cropShare, border, corner, filter, size, channels, scale, mean, std, layout, got "means".',
  ],
  ['{"resize": "fill"}', '"resize" must be one of crop, stretch, pad, got "fill".'],
  ['{"size": [224]}', '"size" must be a positive whole number or [height, width], got [224].'],
  ['{"size": -3}', '"size" must be a positive whole number or [height, width], got -3.'],
  ['{"cropShare": 1.2}', '"cropShare" must be a number over 0 and up to 1, got 1.2.'],
  [
    '{"filter": "lanczos"}',
    '"filter" must be one of nearest, box, bilinear, bicubic, got "lanczos".',
  ],
  ['{"border": 256}', '"border" must be a whole number from 0 to 255, got 256.'],
  ['{"scale": 0}', '"scale" must be a number other than 0, got 0.'],
  ['{"mean": [1, 2]}', '"mean" must be one or three numbers, got [1,2].'],
  ['{"std": [1, 0, 1]}', '"std" must be one or three numbers over 0, got [1,0,1].'],
  ['{"mean": ["a"]}', '"mean" must be one or three numbers, got ["a"].'],
  ['{"name": 3}', '"name" must be a text, got 3.'],
  [
    '{"channels": "grey", "mean": [1, 2, 3]}',
    '"mean" must be one number where channels is grey, got 3.',
  ],
])("refuses %s", (text, message) => {
  const parse = () => parsePreprocessing(text, "mine.json");
  expect(parse).toThrow(LimpidError);
  expect(parse).toThrow(`preprocess: "mine.json": ${message}`);
});
