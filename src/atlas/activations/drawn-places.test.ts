/** @file Places are drawn by names alone. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { drawnPlaces, placeDraw } from "./drawn-places.ts";

const names = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 50 });

test("places of a photo are different ones of the layer, and fewer are the first of more", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string(),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 32 }),
      (photo, layer, places, each) => {
        const drawn = drawnPlaces(photo, layer, { places, each });
        expect(drawn).toHaveLength(Math.min(each, places));
        expect(new Set(drawn).size).toBe(drawn.length);
        expect(drawn.every((place) => place >= 0 && place < places)).toBe(true);
        const fewer = drawnPlaces(photo, layer, { places, each: Math.ceil(each / 2) });
        expect(fewer).toEqual(drawn.slice(0, fewer.length));
      },
    ),
  );
});

test("every place of a layer is as likely, and layers draw their own", () => {
  const counts = Array<number>(49).fill(0);
  let same = 0;
  for (let photo = 0; photo < 4900; photo++) {
    const [place] = drawnPlaces(`${photo}.jpg`, "a", { places: 49, each: 1 });
    counts[place!]! += 1;
    if (drawnPlaces(`${photo}.jpg`, "b", { places: 49, each: 1 })[0] === place) same += 1;
  }
  // Of a fair draw, 100 each with a deviation of 10; and one of 49 of another layer is the same.
  expect(Math.min(...counts)).toBeGreaterThan(60);
  expect(Math.max(...counts)).toBeLessThan(140);
  expect(same).toBeLessThan(160);
});

test("as many places as fit: a power of two of each photo, and of very many photos some", () => {
  for (const [photos, each] of [
    [1, 32],
    [128, 32],
    [129, 16],
    [1000, 4],
    [2049, 1],
    [4096, 1],
  ] as const) {
    const draw = placeDraw(Array.from({ length: photos }, (_, i) => `${i}.jpg`));
    expect([draw.photos.length, draw.each]).toEqual([photos, each]);
  }
  const many = placeDraw(Array.from({ length: 10_000 }, (_, i) => `${i}.jpg`));
  expect(many.each).toBe(1);
  expect(many.photos.length).toBeGreaterThan(1024);
  expect(many.photos.length).toBeLessThan(4096);
});

test("the order of photos does not change what is drawn of them", () => {
  fc.assert(
    fc.property(names, (all) => {
      const drawn = (list: readonly string[]) => {
        const { photos, each } = placeDraw(list);
        return new Map(
          photos.map((i) => [list[i]!, drawnPlaces(list[i]!, "layer", { places: 9, each })]),
        );
      };
      const [there, back] = [drawn(all), drawn(all.toReversed())];
      expect(back.size).toBe(there.size);
      for (const [photo, places] of there) expect(back.get(photo)).toEqual(places);
    }),
  );
});
