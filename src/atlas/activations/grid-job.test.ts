/** @file A grid's photos are those that were drawn, whatever else lies in the folder. */
import { expect, test } from "vitest";
import type { AtlasPlan } from "../plan.ts";
import { gridOf } from "./grid-job.ts";
import { encodeGrid } from "./grid-part.ts";
import type { PartStore } from "../jobs/part-store.ts";

const members = [
  { photo: 1, place: 5 },
  { photo: 0, place: 2 },
];
const cell = { column: 0, row: 0, members, direction: Float32Array.of(1, 0) };
const bytes = encodeGrid({ side: 5, places: 2, cells: [cell] }, 2);
const store = { read: () => Promise.resolve(bytes) } as unknown as PartStore;

test.each([
  [
    [0, 7],
    [7, 0],
  ],
  [
    [3, 4],
    [4, 3],
  ],
])("of the drawn photos %j", async (photos, wanted) => {
  const activations = { draw: { photos }, grids: [{ job: { layer: "a" }, part: "grid" }] };
  const plan = { layers: [{ name: "a", channels: 2 }], activations } as unknown as AtlasPlan;
  const { cells } = await gridOf(plan, "a", store);
  expect(cells[0]!.members.map(({ photo }) => photo)).toEqual(wanted);
  expect(cells[0]!.members.map(({ place }) => place)).toEqual([5, 2]);
});
