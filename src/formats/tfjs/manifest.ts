/** @file The manifest of weights in a model.json: which there are, how they are stored, and in which files. */
import * as v from "valibot";
import { elementCount, formatShape, mostAxes } from "../../graph/tensor.ts";
import { shownJson } from "../../wording/read-json.ts";
import { badTfjs } from "./bad-tfjs.ts";

const storedTypes = [
  "float32",
  "int32",
  "bool",
  "string",
  "complex64",
  "uint8",
  "uint16",
  "float16",
] as const;

/** Element types that TensorFlow.js stores. */
export type StoredType = (typeof storedTypes)[number];

/** How numbers were made smaller to be stored: `scale * q + min`, or halves. */
type Quantization =
  | { readonly dtype: "uint8" | "uint16"; readonly scale: number; readonly min: number }
  | { readonly dtype: "float16" };

/** A weight as the manifest tells of it. */
export interface WeightEntry {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dtype: StoredType;
  readonly quantization?: Quantization;
}

/** Files that are one when they are put together in their order, and the weights that follow each other there. */
export interface WeightGroup {
  readonly paths: readonly string[];
  readonly weights: readonly WeightEntry[];
}

const mostWeights = 100_000;
const mostFiles = 10_000;

const finite = v.pipe(v.number(), v.finite());

const entrySchema = v.object({
  name: v.string(),
  shape: v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  dtype: v.picklist(storedTypes),
  quantization: v.optional(
    v.variant("dtype", [
      v.object({ dtype: v.picklist(["uint8", "uint16"]), scale: finite, min: finite }),
      v.object({ dtype: v.literal("float16") }),
    ]),
  ),
});

const groupSchema = v.object({ paths: v.array(v.string()), weights: v.array(v.unknown()) });

/** The groups of a manifest. Throws `bad-file`. */
export function groupsOf(manifest: unknown): readonly WeightGroup[] {
  const groups = v.safeParse(v.array(groupSchema), manifest);
  if (!groups.success) {
    throw badTfjs(
      `"weightsManifest" must be a list of groups with "paths" and "weights", got ${shownJson(manifest)}`,
    );
  }
  const counts = groups.output.map(({ weights, paths }) => [weights.length, paths.length] as const);
  if (total(counts.map(([weights]) => weights)) > mostWeights) {
    throw badTfjs(`a manifest must have at most ${mostWeights} weights, got more`);
  }
  if (total(counts.map(([, paths]) => paths)) > mostFiles) {
    throw badTfjs(`a manifest must have at most ${mostFiles} files, got more`);
  }
  return groups.output.map(({ paths, weights }) => ({ paths, weights: weights.map(entryOf) }));
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function entryOf(value: unknown): WeightEntry {
  const read = v.safeParse(entrySchema, value);
  if (!read.success) {
    throw badTfjs(
      `a weight must have a name, a shape, a dtype (${storedTypes.join(", ")}) and a known quantization, if any, got ${shownJson(value)}`,
    );
  }
  const { name, shape, dtype, quantization } = read.output;
  if (shape.length > mostAxes || !Number.isSafeInteger(elementCount(shape) * 8)) {
    throw badTfjs(
      `weight "${name}" must have a shape that fits in memory, got ${formatShape(shape)}`,
    );
  }
  if (quantization && dtype !== "float32" && (dtype !== "int32" || !("scale" in quantization))) {
    throw badTfjs(
      `weight "${name}" must be floats to be stored as ${quantization.dtype}, got ${dtype}`,
    );
  }
  return { name, dims: shape, dtype, ...(quantization ? { quantization } : {}) };
}
