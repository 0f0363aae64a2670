/** @file The map of a layer's units as a file. */
import * as v from "valibot";
import { LimpidError } from "../../errors.ts";
import { checksumOf, isAsWritten } from "../../formats/checksum.ts";
import { decodeSafetensors, encodeSafetensors } from "../../formats/safetensors.ts";
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
  const checksum = checksumOf(tensors);
  const why = "of" in places ? { why: JSON.stringify(places) } : {};
  return encodeSafetensors(tensors, { format, checksum, ...why });
}

/** Throws `bad-file` for bytes that are no such part of `units` units. */
export function decodeMap(bytes: Uint8Array, part: string, units: number): UnitMap {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const isWhole = metadata["format"] === format && isAsWritten(metadata["checksum"], tensors);
  const { numbers, cosines, places } = tensors;
  const each = numbers?.dims[1] ?? 0;
  const isNear =
    numbers?.type === "int32" &&
    cosines?.type === "float32" &&
    numbers.data.length === units * each &&
    cosines.data.length === units * each;
  const why = whyNot(metadata["why"]);
  const isPlaced = places?.type === "float32" && places.data.length === 2 * units;
  if (isWhole && isNear && (isPlaced || why)) {
    const near = {
      each,
      numbers: numbers.data as Int32Array,
      cosines: cosines.data as Float32Array,
    };
    return { near, places: isPlaced ? (places.data as Float32Array) : why! };
  }
  throw new LimpidError(
    "bad-file",
    `atlas: "${part}" must hold the map of ${units} units as it was written, got something else. remove it to make it again.`,
  );
}

function whyNot(text = ""): NoMap | undefined {
  const read = readJson(text);
  const found = "fault" in read ? undefined : v.safeParse(noMap, read.value);
  return found?.success === true ? found.output : undefined;
}
