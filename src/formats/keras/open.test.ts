/** @file Files of Keras open as the models that were saved, whichever generation saved them. */
import * as fc from "fast-check";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { Choices, drawModel } from "../../../test/keras/drawn-models.ts";
import { computed } from "../../../test/keras/keras-configs.ts";
import { archive, archiveFiles, hdf5File } from "../../../test/keras/keras-files.ts";
import { counted } from "../../../test/keras/numbers.ts";
import { expectAlike, runGraph } from "../../../test/keras/run-keras.ts";
import { openGraph } from "../index.ts";
import { memorySource } from "../source.ts";

const drawn = fc.record({
  choices: fc.array(fc.nat(1000), { minLength: 40, maxLength: 100 }),
  dims: fc.constantFrom([5, 4, 3], [4, 2], [6]),
  kind: fc.constantFrom("keras 2.h5", "keras 3.h5", "it.keras"),
});

test("files hold the models that were drawn", async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async ({ choices, dims, kind }) => {
      const model = drawModel(new Choices(choices), dims, 2, "drawn", new Map());
      const isKeras3 = kind !== "keras 2.h5";
      const bytes = kind === "it.keras" ? await archive(model) : await hdf5File(model, isKeras3);
      const graph = await openGraph(memorySource(kind, bytes));
      const input = counted([2, ...dims], 3);
      const [got] = await runGraph(graph, [input]);
      expectAlike(got!, computed(model, [input], isKeras3)[0]!, kind);
    }),
    { numRuns: 30 },
  );
});

const small = drawModel(new Choices([0, 0, 7, 0, 0]), [6], 1, "small");

test("an archive that was unpacked opens as its folder", async () => {
  const files = await archiveFiles(small);
  const folder = {
    name: "small",
    files: Object.keys(files),
    file: async (path: string) => memorySource(path, files[path]!),
  };
  const graph = await openGraph(folder);
  expect(graph.name).toBe("small");
});

test("an archive that does not tell its version is one of Keras 3", async () => {
  const calls = [{ layer: hardSigmoid, inputs: [0] }];
  const inputs = [{ name: "x", dims: [3] }];
  const model = { name: "m", isSequential: true, inputs, calls, outputs: [1] };
  const { "metadata.json": _, ...files } = await archiveFiles(model);
  const graph = await openGraph(memorySource("m.keras", zipSync(files)));
  const input = counted([2, 3]);
  const [got] = await runGraph(graph, [input]);
  expectAlike(got!, computed(model, [input], true)[0]!, "m.keras");
});

const hardSigmoid = {
  name: "y",
  className: "Activation",
  config: { activation: "hard_sigmoid" },
  weights: {},
};

test("weights alone are told as such, and archives without a model", async () => {
  const { "config.json": config, "model.weights.h5": weights } = await archiveFiles(small);
  const open = (name: string, bytes: Uint8Array) => openGraph(memorySource(name, bytes));
  await expect(open("w.h5", weights!)).rejects.toThrow(
    '"w.h5": keras: the file must hold a model, got weights alone. save the whole model with model.save.',
  );
  const broken = zipSync({ "config.json": config!.slice(9), "model.weights.h5": weights! });
  await expect(open("b.keras", broken)).rejects.toThrow(
    '"b.keras": keras: config.json must be JSON, got other text. check that the download is complete.',
  );
});
