/** @file Graph models that lie in files compute what TensorFlow.js makes of the same files. */
import { expect, test } from "vitest";
import { expectAs } from "../../../test/tfjs/expect-as.ts";
import { graphModels, savedGraph } from "../../../test/tfjs/graph-models.ts";
import { artifactsOf, execute, pictures } from "../../../test/tfjs/oracle.ts";
import { savedFiles, sourceOf, type SaveOptions } from "../../../test/tfjs/saved-model.ts";
import { metadataKeys } from "../../graph/metadata.ts";
import { openTfjs } from "./open.ts";

const ways: readonly SaveOptions[] = [
  {},
  { shardBytes: 50 },
  { quantize: "float16", shardBytes: 64 },
  { quantize: "uint8" },
  { quantize: "uint16", groupSize: 2 },
];

const cases = graphModels.flatMap((model) => ways.map((how) => ({ model, how })));

test.each(cases)("$model.name, saved with $how", async ({ model, how }) => {
  const { topology, weights } = savedGraph(model);
  const more = { format: "graph-model", signature: model.signature };
  const files = savedFiles(topology, weights, { ...how, more });
  const count = model.picture[2] === 3 && model.output === "float_segments" ? 1 : 3;
  const given = pictures(count, model.picture);
  const wanted = await execute(artifactsOf(files), { [model.input]: given }, model.output);
  const graph = await openTfjs(sourceOf(files));
  expect(graph.inputs.map(({ name }) => name)).toEqual([model.input]);
  expect(graph.outputs.map(({ name }) => name)).toEqual([model.output]);
  await expectAs(graph, [given], [wanted]);
  const notes = graph.metadata.get(metadataKeys.reading) ?? "";
  expect(notes.includes("are stored in fewer bits")).toBe(how.quantize !== undefined);
});

test("a graph model packed by gzip opens without saying so", async () => {
  const { topology, weights } = savedGraph(graphModels[0]!);
  const plain = await openTfjs(sourceOf(savedFiles(topology, weights)));
  const packed = await openTfjs(sourceOf(savedFiles(topology, weights, { packed: "all" })));
  expect(packed).toEqual(plain);
});
