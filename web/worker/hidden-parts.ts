/** @file What the network answers where parts of the picture are hidden. */
import { tensor } from "../../src/graph/tensor.ts";
import { areValues } from "../../src/network/head.ts";
import { overlapOf } from "../../src/network/detection/suppression.ts";
import type { ClassAnswer, HiddenAnswers, HideRequest } from "../protocol.ts";
import { boxesOf, classesOf, numbersOf } from "./answers.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";

/** A box that overlaps another of its class by this share of both together is the same object: as in the VOC challenge (Everingham et al. 2010). */
const sameObject = 0.5;

/** Hidden places show each channel's mean over the picture, as occlusion's do. All classes or numbers, in their order; of a detector what became of each box. */
export async function hiddenParts(
  desk: Desk,
  { inside, width, height, boxes }: HideRequest,
  { signal }: CallContext,
): Promise<HiddenAnswers> {
  const { input } = desk.looked.source;
  const [, channels, rows, columns] = input.dims as readonly [number, number, number, number];
  const data = Float32Array.from(input.data as Float32Array);
  const places = rows * columns;
  for (let c = 0; c < channels; c++) {
    const own = data.subarray(c * places, (c + 1) * places);
    const mean = own.reduce((sum, value) => sum + value, 0) / places;
    for (let i = 0; i < places; i++) {
      const y = Math.floor((Math.floor(i / columns) * height) / rows);
      const x = Math.floor(((i % columns) * width) / columns);
      if (inside[y * width + x] === 1) own[i] = mean;
    }
  }
  const hidden = tensor("float32", input.dims, data);
  if (boxes) {
    const found = await boxesOf(desk.open, hidden, signal);
    return boxes.map((box) => foundAgain(box, found));
  }
  const asks = areValues(desk.open.model.head.kind) ? numbersOf : classesOf;
  return asks(desk.open, hidden, signal);
}

/** The surest box of the same class at the same place. */
function foundAgain(
  { class: own, box }: NonNullable<HideRequest["boxes"]>[number],
  found: readonly ClassAnswer[],
): ClassAnswer | undefined {
  const same = found.filter((other) => other.class === own && other.box);
  return same.find((other) => overlapOf(box, other.box!) >= sameObject);
}
