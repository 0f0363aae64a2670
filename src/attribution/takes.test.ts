/** @file What methods say that they take is what they take. */
import { describe, expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { tensorOf } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { explainedOn } from "../scores/picture-target.ts";
import type { Target } from "../scores/target.ts";
import type { AttributionOptions } from "./method.ts";
import { methodEntries } from "./registry.ts";
import { isTakenBy, requireTakes, takenBy, targetKindOf } from "./require-takes.ts";
import { takes } from "./takes.ts";

const runtime = createNodeRuntime({ threads: 1 });
const random = randomStream("takes");
const drawn = (count: number) => Array.from({ length: count }, () => random.normal() / 2);
const picture = tensorOf("float32", [1, 1, 6, 6], drawn(36));

/** Two convolutions; then classes, values or classes at every place. */
function network(end: "classes" | "values" | "map"): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 6, 6]);
  const pads = { pads: [1, 1, 1, 1] };
  const first = b.op("Relu", [b.op("Conv", [x, b.constant(drawn(36), [4, 1, 3, 3])], pads)]);
  const second = b.op(
    "Relu",
    [b.op("Conv", [first, b.constant(drawn(72), [2, 4, 3, 3])], pads)],
    {},
    "second",
  );
  if (end === "map") {
    b.output(b.op("Conv", [second, b.constant(drawn(6), [3, 2, 1, 1])], {}, "y"));
    return new Model(b.build(), runtime, { kind: "map" });
  }
  const means = b.op("Flatten", [b.op("GlobalAveragePool", [second])]);
  b.output(b.op("Gemm", [means, b.constant(drawn(6), [2, 3])], {}, "y"));
  return new Model(b.build(), runtime, { kind: end });
}

const asked: readonly (readonly [string, Model, Target])[] = [
  ["a class", network("classes"), { kind: "class", class: 1 }],
  ["classes against others", network("classes"), { kind: "combination", plus: [1], minus: [0] }],
  ["a value", network("values"), { kind: "class", class: 2 }],
  ["a unit", network("classes"), { kind: "unit", layer: "second", channel: 1, place: [2, 3] }],
  ["a direction", network("classes"), { kind: "direction", layer: "second", vector: [1, -2] }],
  [
    "a region",
    network("map"),
    { kind: "region", class: 1, region: { kind: "box", left: 1, top: 1, right: 4, bottom: 4 } },
  ],
];

const alike: Target = {
  kind: "similarity",
  reference: { name: "a vector", embedding: [1, -2, 3] },
};

const least: Partial<AttributionOptions> = { samples: 16, steps: 2, segments: 4, cells: 2 };

describe.each([...asked, ["a similarity", network("values"), alike] as const])(
  "%s of a picture",
  (_, model, target) => {
    test.each(methodEntries())("%s takes it as it says", async (name, method) => {
      const explained = await explainedOn(model, target, picture);
      const kinds = { input: "picture", target: targetKindOf(target, explained) } as const;
      const isTaken = takenBy(method).targets.includes(kinds.target);
      const own = Object.entries(least).filter(([option]) =>
        Object.hasOwn(method.info.options, option),
      );
      const run = async () => {
        requireTakes(name, method, kinds);
        return method.run(explained.model, picture, {
          ...(Object.fromEntries(own) as Partial<AttributionOptions>),
          targets: explained.targets,
        });
      };
      if (isTaken) expect(await run()).toHaveLength(1);
      else
        await expect(run()).rejects.toThrow(
          new RegExp(`^${name}: targets must be .*, got ${kinds.target}\\. choose gradient, `),
        );
    });
  },
);

test("a method is refused by name, with those that take it", () => {
  const method = {
    info: { ...methodEntries()[0]![1].info, takes: takes("slope", { inputs: ["picture"] }) },
    run: async () => [],
  };
  expect(() => requireTakes("mine", method, { input: "volume", target: "class" })).toThrow(
    /^mine: inputs must be picture, got volume\. choose gradient, input-x-gradient, /,
  );
  expect(() => requireTakes("mine", method, { input: "picture", target: "box" })).not.toThrow();
});

test("a refusal names few methods, all of which take the input and the target", () => {
  const info = methodEntries()[0]![1].info;
  const method = { info: { ...info, takes: takes("slope", { inputs: [] }) }, run: async () => [] };
  for (const asked of [
    { input: "picture", target: "box" },
    { input: "volume", target: "class" },
    { input: "several", target: "region" },
  ] as const) {
    try {
      requireTakes("mine", method, asked);
      expect.unreachable();
    } catch (error) {
      const [, named, more] = /choose (.*), or one of (\d+) more that take it\.$/.exec(
        String(error),
      )!;
      const able = methodEntries().filter(([, other]) => isTakenBy(other, asked));
      const names = new Set(able.map(([name]) => name));
      expect(named!.split(", ").every((name) => names.has(name))).toBe(true);
      expect(named!.split(", ").length + Number(more)).toBe(able.length);
    }
  }
});

test("every method of the table says what it takes", () => {
  expect(methodEntries().filter(([, { info }]) => !info.takes)).toEqual([]);
});
