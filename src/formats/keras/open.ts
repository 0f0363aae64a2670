/** @file Opens the files of Keras: .h5 of all generations, .keras archives and their folders. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import type { Graph } from "../../graph/graph.ts";
import { readJson } from "../../wording/read-json.ts";
import type { FolderSource } from "../folder-source.ts";
import type { Hdf5Group } from "../hdf5/group.ts";
import { openHdf5 } from "../hdf5/open.ts";
import type { ByteSource } from "../source.ts";
import { knownArchitecture } from "./architectures/known-architecture.ts";
import { badModel } from "./bad-model.ts";
import { graphOfKeras } from "./keras-graph.ts";
import { isObject } from "./layer-config.ts";
import { archiveWeights, hdf5Weights } from "./open-weights.ts";

/** The longest text that is read as JSON. */
const mostBytes = 2 ** 27;

/** The graph of an .h5 file. Throws `bad-file`, also for one that holds weights alone. */
export async function openKerasHdf5(source: ByteSource): Promise<Graph> {
  const root = await openHdf5(source);
  const config = await root.text("model_config");
  if (config === undefined) return openWeightsAlone(root);
  const version = await root.text("keras_version");
  const facts = version === undefined ? {} : { version };
  return graphOfKeras(jsonOf(config, "model_config"), await hdf5Weights(root), facts);
}

/** The graph of weights alone, if all their layers are those of a network that is known. Throws `bad-file` for others. */
async function openWeightsAlone(root: Hdf5Group): Promise<Graph> {
  const store = await hdf5Weights(root);
  const known = await knownArchitecture(await root.names(), store);
  if (known) {
    const assumed = `The file holds weights alone; their layers are those of ${known.name}, so that is the network.`;
    return graphOfKeras(known.config, store, { version: "2", assumed });
  }
  throw badModel(
    "the file must hold a model, got weights alone",
    "save the whole model with model.save",
  );
}

const configName = "config.json";
const metadataName = "metadata.json";

/** The graph of the files of a .keras archive. Throws `bad-file`. */
export async function openKerasArchive(folder: FolderSource): Promise<Graph> {
  const config = jsonOf(await textOf(folder, configName), configName);
  const told = folder.files.includes(metadataName)
    ? jsonOf(await textOf(folder, metadataName), metadataName)
    : undefined;
  const version = isObject(told) ? told["keras_version"] : undefined;
  const facts = { version: typeof version === "string" ? version : "3" };
  return graphOfKeras(config, await archiveWeights(folder), facts);
}

async function textOf(folder: FolderSource, name: string): Promise<string> {
  const file = await folder.file(name);
  if (file.size <= mostBytes) return getTextEncoding().decodeUtf8(await file.read(0, file.size));
  throw badModel(`${name} must have at most ${mostBytes} bytes, got ${file.size}`);
}

function jsonOf(text: string, name: string): unknown {
  const read = readJson(text);
  if ("value" in read) return read.value;
  throw badModel(`${name} must be JSON, got ${read.fault}`, "check that the download is complete");
}
