/** @file Networks described in JSON files. */
import * as v from "valibot";
import { LimpidError } from "../errors.ts";
import { describedNetwork, type NetworkDescription } from "./described-network.ts";
import type { NetworkAnswers, TrainableNetwork } from "./trainable-network.ts";
import { readJson, shownJson } from "../wording/read-json.ts";

/** A file's form; what its layers hold is checked when they are built. */
const fileSchema = v.object({
  layers: v.array(v.unknown()),
  input: v.optional(v.unknown()),
  scales: v.exactOptional(v.array(v.array(v.unknown()))),
});

/** What a described network is for. */
export interface FileNetwork {
  /** [C, H, W] of a picture. */
  readonly dims: NetworkDescription["input"];
  readonly answers: NetworkAnswers;
  /** Of the data. */
  readonly classes: number;
}

/**
 * The network of a JSON text: a list of layers, or an object with `layers` and, if pictures must have one
 * size, `input` [C, H, W]; a detector's `scales` are lists of layers too. `where` is for messages. Throws `bad-file` for other text, `bad-option` for layers
 * that cannot be built and for an `input` that is not the data's.
 */
export function parseNetwork(
  text: string,
  where: string,
  { dims, answers, classes }: FileNetwork,
  seed: number,
): TrainableNetwork {
  const read = readJson(text);
  if ("fault" in read) {
    throw new LimpidError(
      "bad-file",
      `network: "${where}" must be JSON, got ${read.fault}. write a list of layers.`,
    );
  }
  const { value } = read;
  const { success, output } = v.safeParse(
    fileSchema,
    Array.isArray(value) ? { layers: value } : value,
  );
  if (!success) {
    throw new LimpidError(
      "bad-file",
      `network: "${where}" must hold a list of layers, or an object with "layers", got neither.`,
    );
  }
  const { layers, input, scales } = output;
  if ((scales !== undefined) !== (answers === "boxes")) {
    const [wanted, got] = scales ? ["no scales", "scales"] : ["scales", "none"];
    throw new LimpidError(
      "bad-option",
      `network: "${where}" must have ${wanted} for a network that tells ${answers}, got ${got}.`,
    );
  }
  if (input !== undefined && JSON.stringify(input) !== JSON.stringify(dims)) {
    throw new LimpidError(
      "bad-option",
      `network: the input of "${where}" must be the data's [${dims.join(", ")}], got ${shownJson(input)}. leave it out.`,
    );
  }
  const description = { input: dims, layers };
  if (scales) return describedNetwork({ ...description, scales, objectClasses: classes }, seed);
  return describedNetwork(answers === "places" ? { ...description, answers } : description, seed);
}
