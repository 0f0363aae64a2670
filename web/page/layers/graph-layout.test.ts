import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layoutGraph, nodeSize, type GraphPlace } from "./graph-layout.ts";

/** Graphs whose places read earlier ones: chains, branches, dense blocks, several inputs. */
const graphs = fc
  .array(fc.array(fc.nat(7), { maxLength: 5 }), { minLength: 1, maxLength: 60 })
  .map((reads) =>
    reads.map((back, i): GraphPlace => {
      const before = back.flatMap((by) => (i - 1 - by >= 0 ? [`${i - 1 - by}`] : []));
      return { name: `${i}`, before: [...new Set(before)] };
    }),
  );

/** Blocks in which each place reads all before it. */
const dense = fc.integer({ min: 2, max: 24 }).map((count) =>
  Array.from({ length: count }, (_, i) => ({
    name: `${i}`,
    before: Array.from({ length: i }, (_, j) => `${j}`),
  })),
);

const drawn = { numRuns: 400 };

describe("layoutGraph", () => {
  test("all places are there, none over another, all within the picture", () => {
    fc.assert(
      fc.property(fc.oneof(graphs, dense), (places) => {
        const { nodes, width, height } = layoutGraph(places);
        expect(nodes.map(({ name }) => name).sort()).toEqual(places.map(({ name }) => name).sort());
        for (const [i, a] of nodes.entries()) {
          expect(a.x).toBeGreaterThanOrEqual(nodeSize.width / 2 - 1e-6);
          expect(a.x).toBeLessThanOrEqual(width - nodeSize.width / 2 + 1e-6);
          expect(a.y).toBeGreaterThanOrEqual(nodeSize.height / 2);
          expect(a.y).toBeLessThanOrEqual(height - nodeSize.height / 2 + 1e-6);
          for (const b of nodes.slice(0, i)) {
            const isApart =
              Math.abs(a.x - b.x) >= nodeSize.width || Math.abs(a.y - b.y) >= nodeSize.height;
            expect(isApart).toBe(true);
          }
        }
      }),
      drawn,
    );
  });

  test("there is a line for what each place reads, it goes down, and it crosses no other place", () => {
    fc.assert(
      fc.property(fc.oneof(graphs, dense), (places) => {
        const { nodes, lines } = layoutGraph(places);
        const at = new Map(nodes.map((node) => [node.name, node]));
        expect(lines.map(({ from, to }) => `${from}>${to}`).sort()).toEqual(
          places.flatMap(({ name, before }) => before.map((each) => `${each}>${name}`)).sort(),
        );
        const wrong: string[] = [];
        for (const { from, to, points } of lines) {
          expect(points[0]).toEqual([at.get(from)!.x, at.get(from)!.y + nodeSize.height / 2]);
          expect(points.at(-1)).toEqual([at.get(to)!.x, at.get(to)!.y - nodeSize.height / 2]);
          for (const [i, [x, y]] of points.entries()) {
            const isLower = i === 0 || y > points[i - 1]![1];
            const isOver = nodes.some(
              (node) =>
                Math.abs(node.x - x) < nodeSize.width / 2 - 1e-6 &&
                Math.abs(node.y - y) < nodeSize.height / 2 - 1e-6,
            );
            if (!isLower || isOver) wrong.push(`${from}>${to} at ${x}, ${y}`);
          }
        }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("a chain is one straight column; two branches lie on both sides of what they come from", () => {
    const chain = layoutGraph(
      ["a", "b", "c"].map((name, i, all) => ({ name, before: all.slice(Math.max(i - 1, 0), i) })),
    );
    expect(new Set(chain.nodes.map(({ x }) => x))).toEqual(new Set([nodeSize.width / 2]));
    const { nodes } = layoutGraph([
      { name: "a", before: [] },
      { name: "l", before: ["a"] },
      { name: "r", before: ["a"] },
      { name: "j", before: ["l", "r"] },
    ]);
    const [a, l, r, j] = nodes as [
      (typeof nodes)[0],
      (typeof nodes)[0],
      (typeof nodes)[0],
      (typeof nodes)[0],
    ];
    expect(a.x).toBeCloseTo((l.x + r.x) / 2, 6);
    expect(j.x).toBeCloseTo(a.x, 6);
    expect(l.y).toBe(r.y);
  });
});
