/** @file Places that are said to be known lie where changes of the picture reach them, in drawn graphs of parts that are joined. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensorOf, toNumbers } from "../graph/tensor.ts";
import { placesOfLayer } from "./place-centres.ts";

const runtime = createReferenceRuntime();
const width = 24;

/**
 * A value, how many pixels its neighbours were apart where they were farthest, and how far its windows reach: at the border
 * of a layer nothing moves a place on one side.
 */
interface Drawn {
  readonly x: Value;
  readonly stride: number;
  readonly coarsest: number;
  readonly reach: number;
}

type Step = (b: GraphBuilder, one: Drawn, other: Drawn) => Drawn | undefined;

function after({ stride, coarsest, reach }: Drawn, x: Value, by = 1, window = 1): Drawn {
  const widest = Math.max(coarsest, stride * by);
  return { x, stride: stride * by, coarsest: widest, reach: reach + (window - 1) * stride };
}

/** A value made of two. */
function ofBoth(one: Drawn, other: Drawn, x: Value): Drawn {
  const coarsest = Math.max(one.coarsest, other.coarsest);
  return { ...one, x, coarsest, reach: Math.max(one.reach, other.reach) };
}

const widthOf = ({ x }: Drawn) => x.dims[3]!;

function cropped(b: GraphBuilder, { x }: Drawn, start: number, end: number, step = 1): Value {
  return b.op("Slice", [x, ...[[start], [end], [3], [step]].map((each) => b.ints(each))]);
}

const size = fc.nat(width);
const stride = fc.constantFrom(1, 1, 2);

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(fc.constantFrom(1, 2, 3), stride, fc.nat(2), fc.nat(2))
    .map(([kernel, by, left, right]): Step => (b, one) => {
      if (widthOf(one) + left + right < kernel) return undefined;
      const weights = b.fill([2, one.x.dims[1]!, 1, kernel], 0.5);
      const x = b.op("Conv", [one.x, weights], { strides: [1, by], pads: [0, left, 0, right] });
      return after(one, x, by, kernel);
    }),
  fc.constantFrom("MaxPool", "AveragePool").map((operator): Step => (b, one) => {
    if (widthOf(one) < 4) return undefined;
    const x = b.op(operator, [one.x], { kernel_shape: [1, 2], strides: [1, 2] });
    return after(one, x, 2, 2);
  }),
  fc.tuple(size, size, stride).map(([start, length, by]): Step => (b, one) => {
    const from = start % widthOf(one);
    const x = cropped(b, one, from, from + 2 + length, by);
    return x.dims[3]! < 2 ? undefined : after(one, x, by);
  }),
  fc.tuple(fc.nat(6), fc.nat(6)).map(
    ([left, right]): Step =>
      (b, one) =>
        after(one, b.op("Pad", [one.x, b.ints([0, 0, 0, left, 0, 0, 0, right])])),
  ),
  fc.constant<Step>((b, one, other) => {
    if (one.x.dims[1] !== other.x.dims[1]) return undefined;
    return ofBoth(one, other, b.op("Concat", [one.x, other.x], { axis: 3 }));
  }),
  fc
    .tuple(fc.constantFrom("Concat", "Concat", "Add", "Mul"), size, size)
    .map(([operator, start, second]): Step => (b, one, other) => {
      const shared = Math.min(widthOf(one), widthOf(other));
      const [x, y] = [
        [one, start],
        [other, second],
      ].map(([each, at]) => {
        const from = (at as number) % (widthOf(each as Drawn) - shared + 1);
        return cropped(b, each as Drawn, from, from + shared);
      }) as [Value, Value];
      if (operator !== "Concat" && x.dims[1] !== y.dims[1]) return undefined;
      const joined = b.op(operator, [x, y], operator === "Concat" ? { axis: 1 } : {});
      return { ...one, x: joined, coarsest: Math.max(one.coarsest, other.coarsest) };
    }),
);

const programs = fc.array(fc.record({ step: steps, one: fc.nat(9), other: fc.nat(9) }), {
  minLength: 1,
  maxLength: 8,
});

function built(program: readonly { step: Step; one: number; other: number }[]) {
  const b = new GraphBuilder();
  const values: Drawn[] = [
    { x: b.input("x", [width + 1, 1, 1, width]), stride: 1, coarsest: 1, reach: 0 },
  ];
  for (const { step, one, other } of program) {
    const pick = (at: number) => values[values.length - 1 - (at % Math.min(values.length, 3))]!;
    const next = step(b, pick(one), pick(other));
    if (next && widthOf(next) > 1 && widthOf(next) < 100) values.push(next);
  }
  const last = values.at(-1)!;
  b.output(b.op("Identity", [last.x]));
  return { graph: b.build(), last };
}

/** For every place the pixels that change it: each row of the batch but the first has one that is brighter. */
async function fields(graph: Graph, places: number): Promise<readonly (readonly number[])[]> {
  const base = Array.from({ length: width }, (_, i) => 0.6 + 0.3 * Math.sin(i * 1.7));
  const rows = Array.from({ length: width + 1 }, (_, row) =>
    base.map((value, i) => (i === row - 1 ? value + 9 : value)),
  );
  const session = await runtime.open(graph);
  const given = tensorOf("float32", [width + 1, 1, 1, width], rows.flat());
  const result = Object.values(await session.run({ x: given }))[0]!;
  const numbers = toNumbers(result);
  const channels = result.dims[1]!;
  const at = (row: number, channel: number, place: number) =>
    numbers[(row * channels + channel) * places + place]!;
  const isMoved = (pixel: number, place: number) =>
    Array.from({ length: channels }, (_, channel) => channel).some(
      (channel) => Math.abs(at(pixel + 1, channel, place) - at(0, channel, place)) > 1e-6,
    );
  const pixels = Array.from({ length: width }, (_, pixel) => pixel);
  return Array.from({ length: places }, (_, place) => pixels.filter((p) => isMoved(p, place)));
}

test("a known place lies on what moves it, or between neighbours of it", async () => {
  const count = { known: 0, unknown: 0, joined: 0 };
  await fc.assert(
    fc.asyncProperty(programs, async (program) => {
      const { graph, last } = built(program);
      const { centres, isKnown } = placesOfLayer(graph, last.x.name, [2, 3]);
      count[isKnown ? "known" : "unknown"] += 1;
      if (!isKnown) return;
      if (graph.nodes.some(({ operator }) => /Concat|Add|Mul/.test(operator))) count.joined += 1;
      const places = widthOf(last);
      for (const [place, field] of (await fields(graph, places)).entries()) {
        const at = (centres?.x[place] ?? (place + 0.5) / places) * width - 0.5;
        if (field.length === 0 || at < 0 || at > width - 1) continue;
        const nearest = Math.min(...field.map((pixel) => Math.abs(pixel - at)));
        expect(nearest, `place ${place} at ${at} of ${field.join()}`).toBeLessThanOrEqual(
          last.coarsest + last.reach / 2,
        );
      }
    }),
    { numRuns: 600 },
  );
  expect(count.known).toBeGreaterThan(150);
  expect(count.joined).toBeGreaterThan(40);
  expect(count.unknown).toBeGreaterThan(40);
});
