/** @file Layers models that TensorFlow.js saves compute what it does itself, and bear its names. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { built, drawnModel, saved } from "../../../test/tfjs/drawn-models.ts";
import { expectAs } from "../../../test/tfjs/expect-as.ts";
import { artifactsOf, pictures, predict } from "../../../test/tfjs/oracle.ts";
import { savedFiles, sourceOf } from "../../../test/tfjs/saved-model.ts";
import { openTfjs } from "./open.ts";

test("drawn models compute what TensorFlow.js computes", async () => {
  let count = 0;
  const how = fc.record({
    quantize: fc.constantFrom(undefined, undefined, "uint8", "uint16", "float16"),
    shardBytes: fc.integer({ min: 50, max: 500 }),
  });
  await fc.assert(
    fc.asyncProperty(drawnModel, how, async (drawn, { quantize, shardBytes }) => {
      const model = built(drawn);
      const { topology, weights } = await saved(model);
      model.dispose();
      const files = savedFiles(topology, weights, { shardBytes, ...(quantize && { quantize }) });
      const given = [pictures(2, drawn.picture)];
      const wanted = await predict(artifactsOf(files), given);
      const graph = await openTfjs(sourceOf(files));
      await expectAs(graph, given, wanted, ++count % 6 === 0 ? "node" : "plain");
      for (const layer of namesOf(topology)) {
        expect(graph.nodes.flatMap(({ outputs }) => outputs)).toContain(layer);
      }
    }),
    { numRuns: 150 },
  );
});

interface Configured {
  readonly class_name: string;
  readonly config: { readonly name: string; readonly layers?: readonly Configured[] };
}

/** Names of the layers that compute, those of nested models too. */
function namesOf(topology: unknown): readonly string[] {
  const { class_name: className, config } = topology as Configured;
  if (config.layers) return config.layers.flatMap(namesOf);
  return className === "InputLayer" ? [] : [config.name];
}
