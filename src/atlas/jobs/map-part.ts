/** @file The map of a layer's units as a file. */
import * as v from "valibot";
import { decodePart, encodePart } from "./part-file.ts";
import { tensor } from "../../graph/tensor.ts";
import { readJson } from "../../wording/read-json.ts";
import type { NoMap, UnitMap } from "../maps/unit-map.ts";

const format = "limpid-atlas-map-1";

const noMap = v.strictObject({
  of: v.picklist(["photos", "units"]),
  has: v.number(),
  needs: v.number(),
});

export function encodeMap({ near, places }: UnitMap, units: number): Uint8Array {
  const { each, numbers, cosines } = near;
  const tensors = {
    numbers: tensor("int32", [units, each], numbers),
    cosines: tensor("float32", [units, each], cosines),
    ...("of" in places ? {} : { places: tensor("float32", [units, 2], places) }),
  };
  const why = "of" in places ? { why: JSON.stringify(places) } : {};
  return encodePart(format, tensors, why);
}

/** Throws `bad-file` for bytes that are no such part of `units` units. */
export function decodeMap(bytes: Uint8Array, part: string, units: number): UnitMap {
  const wanted = { format, part, holds: `the map of ${units} units` };
  return decodePart(bytes, wanted, ({ numbers, cosines, places }, texts) => {
    const each = numbers?.dims[1] ?? 0;
    const isNear =
      numbers?.type === "int32" &&
      cosines?.type === "float32" &&
      numbers.data.length === units * each &&
      cosines.data.length === units * each;
    const why = whyNot(texts["why"]);
    const isPlaced = places?.type === "float32" && places.data.length === 2 * units;
    if (!isNear || (!isPlaced && !why)) return undefined;
    const near = {
      each,
      numbers: numbers.data as Int32Array,
      cosines: cosines.data as Float32Array,
    };
    return { near, places: isPlaced ? (places.data as Float32Array) : why! };
  });
}

function whyNot(text = ""): NoMap | undefined {
  const read = readJson(text);
  const found = "fault" in read ? undefined : v.safeParse(noMap, read.value);
  return found?.success === true ? found.output : undefined;
}
