/** @file Grids over activations: against slow averages, and against groups that are known. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { nodePlatform } from "../../node/platform.ts";
import { randomStream } from "../../random.ts";
import {
  activationGrid,
  cellsOf,
  gridSide,
  inCells,
  leastMembers,
  leastPlaces,
  mostCells,
} from "./activation-grid.ts";
import { whitened } from "./whitened.ts";

const runtime = await nodePlatform.openRuntime("cpu");
afterAll(() => runtime.release());

const grids = fc.record({
  side: fc.integer({ min: 1, max: 4 }),
  length: fc.integer({ min: 1, max: 4 }),
  count: fc.integer({ min: 1, max: 120 }),
  seed: fc.integer(),
});

test("a cell is the average of the rows in it, of no fewer than six, the likest first", () => {
  fc.assert(
    fc.property(grids, ({ side, length, count, seed }) => {
      const random = randomStream("grid", seed);
      const data = Float32Array.from({ length: count * length }, () => 0.1 + random.uniform());
      const cells = Int32Array.from({ length: count }, () => random.below(side * side));
      const made = cellsOf({ data, length }, { side, cells });
      const rowsIn = (cell: number) => [...cells.keys()].filter((row) => cells[row] === cell);
      const filled = Array.from({ length: side * side }, (_, cell) => cell).filter(
        (cell) => rowsIn(cell).length >= leastMembers,
      );
      expect(made.cells.map(({ column, row }) => row * side + column)).toEqual(filled);
      for (const [i, cell] of filled.entries()) {
        const rows = rowsIn(cell);
        const { members } = made.cells[i]!;
        expect(members.toSorted((a, b) => a - b)).toEqual(rows);
        const mean = Array.from(
          { length },
          (_, c) => rows.reduce((sum, row) => sum + data[row * length + c]!, 0) / rows.length,
        );
        for (const [c, value] of mean.entries())
          expect(made.means[i * length + c]).toBeCloseTo(value, 5);
        const cosine = (row: number) => {
          const own = mean.map((_, c) => data[row * length + c]!);
          return mean.reduce((sum, x, c) => sum + x * own[c]!, 0) / Math.hypot(...own);
        };
        for (let k = 1; k < members.length; k++)
          expect(cosine(members[k]!)).toBeLessThanOrEqual(cosine(members[k - 1]!) + 1e-6);
      }
    }),
  );
});

test("every place is in a cell of the grid, and most are not crowded at its edge", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2, maxLength: 300 }),
      fc.integer({ min: 1, max: 20 }),
      (numbers, side) => {
        const places = Float64Array.from(numbers.slice(0, 2 * Math.floor(numbers.length / 2)));
        const { cells } = inCells(places, side);
        expect(cells).toHaveLength(places.length / 2);
        expect(cells.every((cell) => cell >= 0 && cell < side * side)).toBe(true);
      },
    ),
  );
  // One place far out does not press all others into one cell.
  const random = randomStream("far");
  const places = Float64Array.from({ length: 400 }, () => random.uniform());
  places.set([1e6, 1e6], 0);
  expect(new Set(inCells(places, 10).cells).size).toBeGreaterThan(60);
});

test("grids grow with places, and no more cells are planned than can be filled", () => {
  expect([leastPlaces, 640, 2560, 4096, 1e6].map(gridSide)).toEqual([5, 8, 16, 20, 20]);
  for (let places = 1; places < 5000; places += 37) {
    expect(mostCells(places)).toBeLessThanOrEqual(gridSide(places) ** 2);
    expect(leastMembers * mostCells(places)).toBeLessThanOrEqual(places);
  }
});

test("two groups of activations become two regions, of which no cell is of both", async () => {
  const [count, length] = [360, 8];
  const random = randomStream("groups");
  const groupOf = (row: number) => row % 2;
  const data = Float32Array.from({ length: count * length }, (_, i) => {
    const group = groupOf(Math.floor(i / length));
    return 0.3 * random.uniform() + ((i % length) % 2 === group ? 1 : 0);
  });
  const { cells, side } = await activationGrid({ data, length }, { runtime, key: "planted" });
  expect(side).toBe(6);
  expect(cells.reduce((sum, { members }) => sum + members.length, 0)).toBeGreaterThan(0.7 * count);
  const groups = cells.map(({ members }) => new Set(members.map(groupOf)));
  expect(groups.every((own) => own.size === 1)).toBe(true);
  for (const group of [0, 1]) {
    const own = cells.filter((_, i) => groups[i]!.has(group));
    expect(own.length).toBeGreaterThan(3);
    // Nearer to each other than to the cells of the other group.
    const middle = (all: typeof own) => [
      all.reduce((sum, { column }) => sum + column, 0) / all.length,
      all.reduce((sum, { row }) => sum + row, 0) / all.length,
    ];
    const [x, y] = middle(own) as [number, number];
    const [ox, oy] = middle(cells.filter((cell) => !own.includes(cell))) as [number, number];
    const nearer = own.filter(
      ({ column, row }) => Math.hypot(column - x, row - y) < Math.hypot(column - ox, row - oy),
    );
    expect(nearer.length).toBe(own.length);
  }
  const again = await activationGrid({ data, length }, { runtime, key: "planted" });
  expect(again.cells).toEqual(cells);
});

test("whitened directions solve the equations of the products of channels", async () => {
  const [count, length] = [200, 5];
  const random = randomStream("white");
  const data = Float32Array.from(
    { length: count * length },
    (_, i) => random.uniform() * (1 + (i % length)),
  );
  const rows = { data, length };
  const directions = { data: data.slice(0, 3 * length), length };
  const found = await whitened(runtime, rows, directions);
  const at = (i: number, j: number) => {
    let sum = 0;
    for (let row = 0; row < count; row++) sum += data[row * length + i]! * data[row * length + j]!;
    return sum / count;
  };
  const trace = [0, 1, 2, 3, 4].reduce((sum, i) => sum + at(i, i), 0);
  for (let d = 0; d < 3; d++) {
    const own = [...found.subarray(d * length, (d + 1) * length)];
    expect(Math.hypot(...own)).toBeCloseTo(1, 5);
    const back = own.map((_, i) =>
      own.reduce((sum, x, j) => sum + x * (at(i, j) + (i === j ? (0.1 * trace) / length : 0)), 0),
    );
    const wanted = [...directions.data.subarray(d * length, (d + 1) * length)];
    const scale = wanted[0]! / back[0]!;
    for (const [i, value] of back.entries()) expect(scale * value).toBeCloseTo(wanted[i]!, 3);
  }
});
