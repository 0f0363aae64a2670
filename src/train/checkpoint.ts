/** @file Checkpoints: a training state as safetensors bytes and back, every number exactly as it was. */
import * as v from "valibot";
import { LimpidError } from "../errors.ts";
import { checksumOf, isAsWritten } from "../formats/checksum.ts";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.ts";
import { readJson, shownJson } from "../wording/read-json.ts";
import type { Tensors } from "../runtime/runtime.ts";
import type { BestEpoch, TrainingState } from "./state.ts";

const format = "limpid-training-1";
const bestPrefix = "best/";

const index = v.pipe(v.number(), v.integer(), v.minValue(0));

const scoreSchema = v.object({
  loss: v.number(),
  accuracy: v.number(),
  examples: index,
  quality: v.exactOptional(v.number()),
});

/** What of a state is no tensor, in the order in which it is written. */
const factsSchema = v.object({
  kind: v.object({
    seed: v.number(),
    batchSize: index,
    batchesPerEpoch: index,
    optimizer: v.string(),
    loss: v.string(),
  }),
  batch: index,
  sums: v.object({
    loss: v.number(),
    correct: v.pipe(v.number(), v.minValue(0)),
    examples: index,
    seconds: v.number(),
    stepSeconds: v.number(),
  }),
  history: v.array(
    v.object({
      epoch: index,
      rate: v.number(),
      training: scoreSchema,
      heldOut: scoreSchema,
      seconds: v.number(),
      stepSeconds: v.number(),
    }),
  ),
  best: v.nullable(v.object({ epoch: index, score: scoreSchema })),
});

/** What of a state is no tensor. */
type Facts = Omit<TrainingState, "tensors" | "best"> & {
  readonly best: Omit<BestEpoch, "tensors"> | null;
};

/**
 * A safetensors file with the state's tensors by their names, those of the best epoch behind `best/`, and
 * the rest as JSON in its metadata.
 */
export function encodeCheckpoint(state: TrainingState): Uint8Array {
  const { tensors, best, ...rest } = state;
  const facts: Facts = { ...rest, best: best ? { epoch: best.epoch, score: best.score } : null };
  const kept = Object.entries(best?.tensors ?? {});
  const named = Object.fromEntries(kept.map(([name, value]) => [`${bestPrefix}${name}`, value]));
  const all = { ...tensors, ...named };
  const text = JSON.stringify(facts);
  return encodeSafetensors(all, { format, state: text, checksum: checksumOf(all, text) });
}

/** The state of a checkpoint. Throws `bad-file` for bytes that are none, and for changed ones. */
export function decodeCheckpoint(bytes: Uint8Array): TrainingState {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata["format"] !== format) {
    throw new LimpidError(
      "bad-file",
      `checkpoint: the file must say format "${format}", got ${shownJson(metadata["format"])}. choose a checkpoint of limpid train.`,
    );
  }
  const text = metadata["state"] ?? "";
  const { best, ...rest } = parseFacts(text);
  if (!isAsWritten(metadata["checksum"], tensors, text)) {
    throw new LimpidError(
      "bad-file",
      "checkpoint: the file must be as it was written, got a wrong checksum. choose an earlier checkpoint.",
    );
  }
  const of = (isBest: boolean): Tensors =>
    Object.fromEntries(
      Object.entries(tensors)
        .filter(([name]) => name.startsWith(bestPrefix) === isBest)
        .map(([name, value]) => [isBest ? name.slice(bestPrefix.length) : name, value]),
    );
  return { ...rest, tensors: of(false), best: best ? { ...best, tensors: of(true) } : undefined };
}

function parseFacts(text: string): Facts {
  const read = readJson(text);
  if ("value" in read && v.is(factsSchema, read.value)) return read.value;
  throw new LimpidError(
    "bad-file",
    `checkpoint: the file must hold a training state, got ${JSON.stringify(text.slice(0, 40))}. choose an earlier checkpoint.`,
  );
}
