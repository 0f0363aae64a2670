import { assert, asyncProperty, nat } from "fast-check";
import { expect, test } from "vitest";
import { tensor } from "../../graph/tensor.ts";
import type { PartRange, PartStore } from "../jobs/part-store.ts";
import { PlacesRecord, readPlaces, type PlacesPlan } from "./places-part.ts";

const plan: PlacesPlan = {
  layers: [
    { name: "wide", dims: [1, 50, 4, 4] },
    { name: "dense", dims: [1, 3] },
    { name: "last", dims: [1, 2, 2, 2] },
  ],
  photos: ["a.png", "b.png"],
  each: 2,
};

/** Two photos, whose numbers are their own places in the layers. */
function encoded(): Uint8Array {
  const record = new PlacesRecord(plan);
  const values = Object.fromEntries(
    plan.layers.map(({ name, dims }) => {
      const count = 2 * dims.reduce((product, dim) => product * dim);
      return [
        name,
        tensor("float32", [2, ...dims.slice(1)], Float32Array.from(Array(count).keys())),
      ];
    }),
  );
  for (const photo of [0, 1]) record.add(photo, values, photo);
  return record.encode();
}

/** A store of one part that counts what is read of it. */
function storeOf(bytes: Uint8Array): PartStore & { read: PartStore["read"]; taken: number } {
  const store = {
    taken: 0,
    list: async () => ["part"],
    has: async () => true,
    write: async () => undefined,
    read: async (_: string, { first, length }: PartRange = { first: 0, length: bytes.length }) => {
      const own = bytes.slice(first, first + length);
      store.taken += own.length;
      return own;
    },
  };
  return store;
}

test("a layer's places are read without those of others", async () => {
  const bytes = encoded();
  for (const { name, dims } of plan.layers) {
    const store = storeOf(bytes);
    const { channels, values, photos, places } = await readPlaces(plan, name, store, "part");
    const [, , height = 1, width = 1] = dims;
    expect(channels).toBe(dims[1]);
    for (const [row, place] of places.entries())
      for (let c = 0; c < channels; c++)
        expect(values[row * channels + c]).toBe(
          (photos[row]! * channels + c) * height * width + place,
        );
    if (name !== "wide") expect(store.taken).toBeLessThan(bytes.length / 2);
  }
});

test("whatever byte is changed, a layer is as it was written or refused", async () => {
  const bytes = encoded();
  const whole = await readPlaces(plan, "last", storeOf(bytes), "part");
  await assert(
    asyncProperty(nat(bytes.length - 1), nat(254), async (at, by) => {
      const changed = Uint8Array.from(bytes);
      changed[at] = changed[at]! ^ (by + 1);
      const read = await readPlaces(plan, "last", storeOf(changed), "part").catch(String);
      if (typeof read === "string") expect(read).toContain('"part" must hold places of photos');
      else expect(read).toEqual(whole);
    }),
  );
});

test("a part that ends too early is refused", async () => {
  for (const length of [0, 3, 40, 100])
    await expect(
      readPlaces(plan, "last", storeOf(encoded().slice(0, length)), "part"),
    ).rejects.toThrow("must hold places of photos");
});
