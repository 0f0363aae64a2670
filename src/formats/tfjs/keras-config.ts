/** @file The configuration of a Keras model within the topology of a layers model. */
import * as v from "valibot";
import { readJson, shownJson } from "../../wording/read-json.ts";
import { badTfjs } from "./bad-tfjs.ts";
import type { JsonObject } from "./model-json.ts";

/** A configuration, and of which Keras it is. */
export interface FoundConfig {
  /** `{class_name, config}`. */
  readonly config: unknown;
  /** As the file has it: `2.4.0`, `3.8.0`, `tfjs-layers 1.3.1`; "" if it does not say. */
  readonly version: string;
}

/** Converted models have it as `model_config`, those that TensorFlow.js saved are it themselves. Throws `bad-file`. */
export function kerasConfigOf(topology: JsonObject): FoundConfig {
  const own = topology["model_config"] ?? topology;
  const told = topology["keras_version"];
  const version = v.is(v.string(), told) ? told : "";
  if (typeof own !== "string") return { config: own, version };
  const read = readJson(own);
  if ("fault" in read) {
    throw badTfjs(`"model_config" must be JSON, got ${shownJson(own)}`);
  }
  return { config: read.value, version };
}
