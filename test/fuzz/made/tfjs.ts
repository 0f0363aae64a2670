/** @file Models of TensorFlow.js of the corpus: model.json of drawn networks and of kinds that people have. */
import { sample } from "fast-check";
import { built, drawnModel, saved } from "../../tfjs/drawn-models.ts";
import { graphModels, savedGraph } from "../../tfjs/graph-models.ts";
import { savedFiles, type SaveOptions } from "../../tfjs/saved-model.ts";
import { imageProject } from "../../tfjs/teachable-machine.ts";

/** No file of the corpus is longer. */
const mostBytes = 5000;

const drawnCount = 8;

/** model.json alone; the reader makes weights of whatever size it asks for. */
async function drawnModels(): Promise<Readonly<Record<string, Uint8Array>>> {
  const found: Record<string, Uint8Array> = {};
  for (const drawn of sample(drawnModel, { seed: 1, numRuns: 100 })) {
    const count = Object.keys(found).length;
    if (count === drawnCount) break;
    const model = built(drawn);
    const { topology, weights } = await saved(model);
    model.dispose();
    const options: SaveOptions = count % 2 === 0 ? {} : { shardBytes: 100, quantize: "uint8" };
    const json = savedFiles(topology, weights, options).get("model.json")!;
    if (json.length <= mostBytes) found[`drawn-${count}.json`] = json;
  }
  return found;
}

export async function tfjsFiles(): Promise<Readonly<Record<string, Uint8Array>>> {
  const graphs = graphModels.map((model, i) => {
    const { topology, weights } = savedGraph(model);
    const ints = weights.filter(({ dtype }) => dtype === "int32");
    const more = {
      signature: model.signature,
      // What the reader puts into the files of weights.
      ints: Object.fromEntries(ints.map(({ name, values }) => [name, values])),
    };
    const options: SaveOptions = i === 0 ? { more, packed: "model" } : { more };
    const json = savedFiles(topology, weights, options).get("model.json")!;
    return [i === 0 ? `graph-${i}.json.gz` : `graph-${i}.json`, json] as const;
  });
  const project = (await imageProject(3)).get("model.json")!;
  return { ...(await drawnModels()), ...Object.fromEntries(graphs), "project.json": project };
}
