/** @file model.json, in which TensorFlow.js keeps what a model is and where its weights lie; told by its content. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import * as v from "valibot";
import { readJson, shownJson } from "../../wording/read-json.ts";
import type { ByteSource } from "../source.ts";
import { badTfjs } from "./bad-tfjs.ts";
import { expanded } from "./expanded.ts";
import { groupsOf, type WeightGroup } from "./manifest.ts";

/** An object of JSON, by its keys. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What a model.json says. */
export interface ModelJson {
  /** "layers": the configuration of a Keras model; "graph": nodes of TensorFlow. */
  readonly kind: "layers" | "graph";
  readonly topology: JsonObject;
  /** The manifest's, in its order. */
  readonly groups: readonly WeightGroup[];
  /** All of the file, for what makers add. */
  readonly whole: JsonObject;
}

/** The longest text that is read as JSON. */
const mostBytes = 2 ** 27;

const objectSchema = v.record(v.string(), v.unknown());

/** What a model.json says, which may be packed by gzip. Throws `bad-file`. */
export async function readModelJson(source: ByteSource): Promise<ModelJson> {
  const file = await expanded(source, mostBytes);
  if (file.size > mostBytes) {
    throw badTfjs(`model.json must have at most ${mostBytes} bytes, got ${file.size}`);
  }
  const text = getTextEncoding().decodeUtf8(await file.read(0, file.size));
  const read = readJson(text.replace(/^\ufeff/, ""));
  if ("fault" in read) throw badTfjs(`model.json must be JSON, got ${read.fault}`, complete);
  const whole = v.safeParse(objectSchema, read.value);
  if (!whole.success) throw badTfjs(`model.json must be an object, got ${shownJson(read.value)}`);
  return modelOf(whole.output);
}

const complete = "check that the download is complete";

function modelOf(whole: JsonObject): ModelJson {
  const topology = v.safeParse(objectSchema, whole["modelTopology"]);
  if (!topology.success && whole["class_name"] !== undefined) {
    throw badTfjs(
      "model.json must hold a model with its weights, got the configuration of a Keras model alone",
      "save the whole model as .keras or .h5",
    );
  }
  if (!topology.success) {
    const got = Object.keys(whole).slice(0, 8).join(", ") || "nothing";
    throw badTfjs(
      `model.json must hold "modelTopology", got ${shownJson(got)}`,
      "give the model.json that TensorFlow.js saved",
    );
  }
  const kind = kindOf(topology.output);
  if (whole["weightsManifest"] === undefined) {
    throw badTfjs(
      'model.json must hold "weightsManifest", got a model without weights',
      "save the model with its weights",
    );
  }
  return { kind, topology: topology.output, groups: groupsOf(whole["weightsManifest"]), whole };
}

/** By what the topology holds: "format" is often missing, and other keys are as they should be where it is not. */
function kindOf(topology: JsonObject): ModelJson["kind"] {
  if (Array.isArray(topology["node"])) return "graph";
  if (topology["model_config"] !== undefined || topology["class_name"] !== undefined) {
    return "layers";
  }
  const got = Object.keys(topology).slice(0, 8).join(", ");
  throw badTfjs(
    `"modelTopology" must hold layers ("model_config" or "class_name") or a graph ("node"), got ${shownJson(got)}`,
  );
}
