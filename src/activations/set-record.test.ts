/** @file A record that is put by and taken up again is the one that was never interrupted. */
import { expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../formats/safetensors.ts";
import { tensor } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import { depthTrend, isComparable, trendSentence } from "./depth-trend.ts";
import { SetRecord, type SetPlan } from "./set-record.ts";

const plan: SetPlan = {
  layers: [
    { name: "early", dims: [1, 2, 3, 2] },
    { name: "late", dims: [1, 3] },
  ],
  pictures: 6,
  k: 2,
  pooled: [0, 2, 5],
};

function valuesOf(picture: number) {
  const random = randomStream("set-record", picture);
  const floats = (count: number) =>
    Float32Array.from({ length: count }, () => Math.max(random.normal(), 0));
  return {
    early: tensor("float32", [1, 2, 3, 2], floats(12)),
    late: tensor("float32", [1, 3], floats(3)),
  };
}

test("going on gives the same bytes as never having stopped", () => {
  const whole = new SetRecord(plan);
  const first = new SetRecord(plan);
  for (const picture of [0, 1, 2, 4, 5]) whole.add(picture, valuesOf(picture), 0);
  whole.broken.set(3, "read: cut short.");
  whole.next = 6;
  for (const picture of [0, 1, 2]) first.add(picture, valuesOf(picture), 0);
  first.broken.set(3, "read: cut short.");
  first.next = 4;
  const second = SetRecord.decode(plan, "recipe", first.encode("recipe"))!;
  expect(second.next).toBe(4);
  for (const picture of [4, 5]) second.add(picture, valuesOf(picture), 0);
  second.next = 6;
  expect(second.encode("recipe")).toEqual(whole.encode("recipe"));
  expect(SetRecord.decode(plan, "another", whole.encode("recipe"))).toBeUndefined();
});

test("saved bytes that are no record of the plan are refused", () => {
  const bytes = new SetRecord(plan).encode("recipe");
  const { tensors, metadata } = decodeSafetensors(bytes);
  const saved = (facts: string, parts = tensors) =>
    encodeSafetensors(parts, { ...metadata, facts });
  const { "1/pooled": _, ...less } = tensors;
  const refused = [
    saved("no JSON"),
    saved('{"next":1}'),
    saved('{"next":-1,"broken":[]}'),
    saved('{"next":7,"broken":[]}'),
    saved('{"next":1,"broken":[["3","cut short"]]}'),
    saved('{"next":1,"broken":[]}', less),
    saved('{"next":1,"broken":[]}', {
      ...tensors,
      "0/values": tensor("float32", [1], new Float32Array(1)),
    }),
  ];
  for (const each of refused) {
    expect(() => SetRecord.decode(plan, "recipe", each)).toThrow(
      "activations: the saved record must hold what was gathered so far",
    );
  }
  expect(SetRecord.decode(plan, "recipe", saved('{"next":6,"broken":[]}'))!.next).toBe(6);
});

test("pooled activations are means over places of the pictures asked for", () => {
  const record = new SetRecord(plan);
  record.add(2, valuesOf(2), 0);
  const { early, late } = valuesOf(2);
  const mean = (values: Float32Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const [first, second] = record.layers;
  expect(first!.pooled[2]).toBeCloseTo(mean(early.data.subarray(0, 6)), 6);
  expect(second!.pooled.subarray(3, 6)).toEqual(late.data);
  expect([...first!.pooled.subarray(0, 2), ...first!.pooled.subarray(4)]).toEqual(
    Array<number>(4).fill(Number.NaN),
  );
});

test("the trend with depth is the mean of the pictures' rank correlations", () => {
  // Over three layers: rising, falling, rising but for the end; the last picture is missing.
  const layers = [
    Float64Array.of(0.1, 0.9, 0.1, Number.NaN),
    Float64Array.of(0.2, 0.5, 0.9, Number.NaN),
    Float64Array.of(0.3, 0.4, 0.5, Number.NaN),
  ];
  const trend = depthTrend(layers)!;
  expect(trend).toMatchObject({ pictures: 3, layers: 3 });
  expect(trend.correlation.mean).toBeCloseTo((1 - 1 + 0.5) / 3, 12);
  expect(trend.correlation.low).toBe(-1);
  expect(trendSentence(trend)).toBe(
    "The share of zeros neither grows nor falls with depth beyond doubt: rank correlation 0.17 over 3 convolutions with rectifiers (95 % interval over 3 pictures -1.00 to 1.00).",
  );
  expect(depthTrend(layers.slice(1))).toBeUndefined();
  expect(depthTrend(layers.map(() => Float64Array.of(0.5)))).toBeUndefined();
});

test("zeros are compared among convolutions behind rectifiers alone", () => {
  const layer = (operator: string, isConvolution: boolean) =>
    isComparable({ name: "x", shape: [1, 2, 3, 3], operator, isConvolution });
  expect([layer("Relu", true), layer("Clip", true)]).toEqual([true, true]);
  expect([layer("Conv", true), layer("Gelu", true), layer("MaxPool", false)]).toEqual([
    false,
    false,
    false,
  ]);
});

test("records of parts of the pictures are together the record of all", () => {
  const whole = new SetRecord(plan);
  for (const picture of [0, 1, 2, 4, 5]) whole.add(picture, valuesOf(picture), 0);
  whole.broken.set(3, "read: cut short.");
  whole.next = 6;
  const partOf = (first: number, end: number) => {
    const pooled = plan.pooled.filter((at) => at >= first && at < end).map((at) => at - first);
    const part = new SetRecord({ ...plan, pictures: end - first, pooled });
    for (let picture = first; picture < end; picture++) {
      if (picture === 3) part.broken.set(3 - first, "read: cut short.");
      else part.add(picture - first, valuesOf(picture), 0);
    }
    part.next = end - first;
    return part;
  };
  const together = new SetRecord(plan);
  for (const [first, end] of [
    [0, 2],
    [2, 5],
    [5, 6],
  ] as const)
    together.absorb(partOf(first, end), first);
  expect([together.next, ...together.broken]).toEqual([whole.next, ...whole.broken]);
  for (const [i, { tops, statistics, pooled }] of whole.layers.entries()) {
    const own = together.layers[i]!;
    expect(own.tops.state).toEqual(tops.state);
    expect(own.pooled).toEqual(pooled);
    expect(own.statistics.result().mean).toBeCloseTo(statistics.result().mean, 12);
    const { sums: _, squares: _1, ...exact } = statistics.state;
    expect(own.statistics.state).toMatchObject(exact);
  }
});
