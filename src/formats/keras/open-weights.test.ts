/** @file Weights are the same in all layouts in which generations of Keras write them. */
import * as fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import {
  drawnModels,
  layersOf,
  type DrawnLayer,
  type DrawnModel,
} from "../../../test/keras/drawn-weights.ts";
import { pickledArrays } from "../../../test/keras/numpy-pickles.ts";
import {
  countedFile,
  countedPaths,
  legacyFile,
  type CountedOptions,
} from "../../../test/keras/weight-layouts.ts";
import type { FolderSource } from "../folder-source.ts";
import { openHdf5 } from "../hdf5/open.ts";
import { memorySource } from "../source.ts";
import { zipFolder } from "../zip-folder.ts";
import { archiveWeights, hdf5Weights } from "./open-weights.ts";
import type { ModelWeights, WeightStore } from "./weight-store.ts";

/** Files in an archive. */
function folderOf(files: Readonly<Record<string, Uint8Array>>): Promise<FolderSource> {
  return zipFolder(memorySource("model.keras", zipSync(files, { level: 0 })));
}

async function hdf5Store(bytes: Uint8Array): Promise<WeightStore> {
  return hdf5Weights(await openHdf5(memorySource("file.h5", bytes)));
}

async function expectWeights(weights: ModelWeights, { layers }: DrawnModel): Promise<void> {
  for (const layer of layers) {
    const own = await weights.layer(layer.name);
    if (layer.model) await expectWeights(own.model(layersOf(layer.model)), layer.model);
    else if (layer.className === "MultiHeadAttention") await expectAttention(own, layer);
    else
      expect(await own.read(layer.variables.map(wanted)), layer.name).toMatchObject(
        layer.variables.map(({ data }) => ({ data })),
      );
  }
}

function wanted({ legacy, dims }: DrawnLayer["variables"][number]) {
  return { name: legacy.slice(legacy.lastIndexOf("/") + 1), dims };
}

/** Parts by their names of either generation, each with its own variables. */
async function expectAttention(
  weights: Awaited<ReturnType<ModelWeights["layer"]>>,
  layer: DrawnLayer,
) {
  const parts = [
    ["query_dense", "query"],
    ["key_dense", "key"],
    ["output_dense", "attention_output"],
  ] as const;
  for (const names of parts) {
    const part = (await weights.part(...names))!;
    const own = layer.variables.filter(({ legacy }) => legacy.startsWith(`${names[1]}/`));
    expect(await part.read(own.map(wanted))).toMatchObject(own.map(({ data }) => ({ data })));
  }
  expect(await weights.part("value_dense", "value")).toBeUndefined();
}

const legacyOptions = fc.record({
  isKeras3: fc.boolean(),
  mostNames: fc.constantFrom(1, 2, 3, 100),
  isWeightsAlone: fc.boolean(),
  frozen: fc.nat(3),
});

test("legacy files: split lists, frozen layers, names of either generation", () => {
  const drawn = fc.asyncProperty(
    drawnModels,
    legacyOptions,
    async (model, { frozen, ...options }) => {
      const isFrozen = ({ name }: DrawnLayer) =>
        name.length % 4 === frozen || name.endsWith(`${frozen}`);
      const store = await hdf5Store(await legacyFile(model, { ...options, isFrozen }));
      await expectWeights(store.model(layersOf(model)), model);
    },
  );
  return fc.assert(drawn, { numRuns: 40 });
});

const countedOptions: fc.Arbitrary<CountedOptions> = fc.record({
  hasNames: fc.boolean(),
  isTwice: fc.boolean(),
  isWindows: fc.boolean(),
});

test("archives: with and without names, listed twice, with paths of Windows", () => {
  const drawn = fc.asyncProperty(drawnModels, countedOptions, async (model, options) => {
    const bytes = await countedFile(countedPaths(model, options.isTwice), options);
    fc.pre(
      bytes.length > 0 &&
        model.layers.some(({ isLayer, className }) => isLayer && className !== "InputLayer"),
    );
    const store = await archiveWeights(
      await folderOf({ "config.json": new Uint8Array(2), "model.weights.h5": bytes }),
    );
    await expectWeights(store.model(layersOf(model)), model);
  });
  return fc.assert(drawn, { numRuns: 40 });
});

test("shards, between which a layer's variables may be divided", () => {
  const drawn = fc.asyncProperty(
    drawnModels,
    fc.array(fc.nat(60), { maxLength: 3 }),
    async (model, cuts) => {
      const stored = countedPaths(model, false);
      const ends = [...cuts.map((cut) => cut % (stored.length + 1)), stored.length].toSorted(
        (a, b) => a - b,
      );
      const files: Record<string, Uint8Array> = {};
      const map: Record<string, string> = {};
      for (const [i, end] of ends.entries()) {
        const name = `model_0000${i}.weights.h5`;
        const part = stored.slice(ends[i - 1] ?? 0, end);
        files[name] = await countedFile(part, {
          hasNames: false,
          isTwice: false,
          isWindows: false,
        });
        for (const { path } of part) map[path] ??= name;
      }
      const index = { metadata: { total_size: 1 }, weight_map: map };
      files["model.weights.json"] = new TextEncoder().encode(JSON.stringify(index));
      const store = await archiveWeights(await folderOf(files));
      await expectWeights(store.model(layersOf(model)), model);
    },
  );
  return fc.assert(drawn, { numRuns: 40 });
});

/** Layers with their variables, as `_save_state` lists them. */
function npzFile(model: DrawnModel, areVariables: boolean): Uint8Array {
  const layers = new Map<string, Record<string, DrawnLayer["variables"][number]>>();
  for (const { path, variable } of countedPaths(model, false)) {
    const [layer, number] = path.split("/vars") as [string, string];
    const known = layers.get(layer) ?? {};
    layers.set(layer, variable ? { ...known, [number.slice(1)]: variable } : known);
  }
  const files = [...layers].map(
    ([path, arrays]) => [`${path}.npy`, pickledArrays(arrays, areVariables)] as const,
  );
  return zipSync(Object.fromEntries(files));
}

test("archives of NumPy, whose arrays are pickled", () => {
  const drawn = fc.asyncProperty(drawnModels, fc.boolean(), async (model, areVariables) => {
    const files = { "model.weights.npz": npzFile(model, areVariables) };
    const store = await archiveWeights(await folderOf(files));
    await expectWeights(store.model(layersOf(model)), model);
  });
  return fc.assert(drawn, { numRuns: 40 });
});

describe("what is wrong is told by the layer's name", () => {
  const layer = (name: string, className = "Dense") => ({ name, className, isLayer: true });
  const model = (...layers: readonly ReturnType<typeof layer>[]) => ({
    isSequential: false,
    layers,
  });
  const kernel = {
    legacy: "kernel",
    counted: "vars/0",
    isTrainable: true,
    dims: [3],
    data: Float32Array.of(1, 2, 3),
  };
  const dense = (name: string): DrawnLayer => ({ ...layer(name), variables: [kernel] });
  const plain = { hasNames: false, isTwice: false, isWindows: false };

  async function counted(...names: readonly string[]): Promise<WeightStore> {
    const drawn = { isSequential: false, layers: names.map(dense) };
    return hdf5Store(await countedFile(countedPaths(drawn, false), plain));
  }

  test("another shape, and no variables", async () => {
    const weights = (await counted("a")).model(model(layer("a"), layer("b")));
    const read = async (name: string) =>
      (await weights.layer(name)).read([{ name: "kernel", dims: [4] }]);
    await expect(read("a")).rejects.toThrow(
      'layer "a" must have 1 variables (kernel [4]), got 0 [3].',
    );
    await expect(read("b")).rejects.toThrow(
      'layer "b" must have 1 variables (kernel [4]), got none.',
    );
  });

  test("more layers of a class than the configuration has", async () => {
    const weights = (await counted("a", "b", "c")).model(model(layer("a"), layer("b")));
    await expect(weights.layer("a")).rejects.toThrow(
      /below the 2 of class Dense, got "dense_2" in the file/,
    );
  });

  test("names in the file are worth more than places", async () => {
    const drawn = { isSequential: false, layers: ["a", "b"].map(dense) };
    const bytes = await countedFile(countedPaths(drawn, false), { ...plain, hasNames: true });
    const weights = (await hdf5Store(bytes)).model(model(layer("b"), layer("a")));
    const own = await (await weights.layer("a")).variables();
    expect(own).toHaveLength(1);
    const other = {
      ...drawn,
      layers: [
        { ...dense("a"), variables: [{ ...kernel, data: Float32Array.of(7, 8, 9) }] },
        dense("b"),
      ],
    };
    const changed = await countedFile(countedPaths(other, false), { ...plain, hasNames: true });
    const turned = (await hdf5Store(changed)).model(model(layer("b"), layer("a")));
    const [value] = await (await turned.layer("a")).read([{ name: "kernel", dims: [3] }]);
    expect(value!.data).toEqual(Float32Array.of(7, 8, 9));
  });

  test("arrays of a pickle that share their bytes", async () => {
    const bytes = pickledArrays({ "0": kernel });
    // The array is remembered, and recalled as "1"; the last five steps close everything.
    const again = [0x71, 9, 0x58, 1, 0, 0, 0, 0x31, 0x68, 9];
    const shared = Uint8Array.from([...bytes.slice(0, -5), ...again, ...bytes.slice(-5)]);
    const files = { "model.weights.npz": zipSync({ "layers/dense.npy": shared }) };
    const store = await archiveWeights(await folderOf(files));
    const own = await store.model(model(layer("a"))).layer("a");
    await expect(own.variables()).rejects.toThrow("must have bytes of their own");
  });

  test("a listed dataset, a shard, and all weights that are missing", async () => {
    await expect(
      archiveWeights(await folderOf({ "config.json": new Uint8Array(2) })),
    ).rejects.toThrow("must have model.weights.h5, .npz or .json, got config.json");
    const index = new TextEncoder().encode('{"weight_map": {"/layers/dense/vars": "x.h5"}}');
    await expect(archiveWeights(await folderOf({ "model.weights.json": index }))).rejects.toThrow(
      '"x.h5" must lie beside',
    );
  });
});
