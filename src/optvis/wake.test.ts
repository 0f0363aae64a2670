import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { preprocessings } from "../image/preprocess.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { maximize, type MaximizedUnit } from "./maximize.ts";
import { centralUnit, channel } from "./objectives.ts";
import { presets, type PresetName } from "./presets.ts";
import { visualized } from "./visualized-network.ts";
import { maximizeAwake, type WakeOptions } from "./wake.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

/** What a channel of the drawn layer is. */
type Kind = "awake" | "dead" | "constant" | "late";

const size = { channels: 3, heightPx: 12, widthPx: 12 } as const;

/** The sum of the weights that answer to white, by which a bias shuts a unit for pictures of little contrast. */
function sumOfPositive(weights: readonly number[]): number {
  return weights.filter((weight) => weight > 0).reduce((a, b) => a + b, 0);
}

/**
 * A convolution with ReLU: of channels that wake as they are, that nothing in 0..1 wakes, that are the same for all
 * pictures, and that wake only where much of the contrast that there can be is theirs.
 */
function network(kinds: readonly Kind[], seed: number): Model {
  const random = randomStream("wake", seed);
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 12, 12]);
  const rows = kinds.map((kind) =>
    Array.from({ length: 27 }, () => (kind === "constant" ? 0 : random.between(-1, 1))),
  );
  const biases = kinds.map((kind, i) => {
    const most = sumOfPositive(rows[i]!);
    if (kind === "dead") return -20 * most;
    if (kind === "late") return -0.3 * most;
    if (kind === "constant") return random.between(-1, 1);
    // Alive at middle grey.
    return 0.5 - rows[i]!.reduce((a, b) => a + b, 0) / 2;
  });
  const weights = b.constant(rows.flat(), [kinds.length, 3, 3, 3]);
  const made = b.op("Conv", [x, weights, b.constant(biases, [kinds.length])]);
  b.output(b.op("Relu", [made], {}, "units"));
  return new Model(b.build(), runtime);
}

function optionsOf(preset: PresetName, kinds: readonly Kind[], seed = 0): WakeOptions {
  const leadingObjectives = kinds.map((_, i) => centralUnit("units", i));
  return { preset: presets[preset], size, seed, steps: 6, leadingObjectives };
}

/** What is told of a unit, without the functions of its objective. */
function resultOf({ start, activation, silent, picture, input }: MaximizedUnit) {
  return { start, activation, silent, picture, input };
}

function unitsOf(kinds: readonly Kind[]) {
  return kinds.map((_, i) => channel("units", i));
}

const kindsDrawn = fc.array(fc.constantFrom<Kind>("awake", "dead", "constant", "late"), {
  minLength: 2,
  maxLength: 4,
});

describe("of drawn layers", () => {
  test.each(["natural", "chollet"] as const)(
    "%s: units that wake keep their pictures, late ones are woken, dead ones are told and plain",
    async (preset) => {
      await fc.assert(
        fc.asyncProperty(kindsDrawn, fc.nat(1000), async (kinds, seed) => {
          const seen = visualized(network(kinds, seed), preprocessings.unit);
          const options = optionsOf(preset, kinds, seed);
          const made = await maximizeAwake(seen, unitsOf(kinds), options);
          const usual = await maximize(seen, unitsOf(kinds), options);
          for (const [i, kind] of kinds.entries()) {
            const unit = made[i]!;
            if (!usual[i]!.silent) expect(resultOf(unit)).toEqual(resultOf(usual[i]!));
            expect(unit.silent).toBe(kind === "dead" || kind === "constant");
            if (kind === "late") expect(unit.activation).toBeGreaterThan(0);
            if (!unit.silent) continue;
            expect(unit.activation).toBe(unit.start);
            expect(new Set(unit.picture)).toEqual(new Set([0.5]));
          }
        }),
        { numRuns: 5 },
      );
    },
  );

  test("the same units give the same bytes", async () => {
    const kinds: Kind[] = ["late", "awake", "dead"];
    const seen = visualized(network(kinds, 5), preprocessings.unit);
    const [one, other] = [
      await maximizeAwake(seen, unitsOf(kinds), optionsOf("natural", kinds)),
      await maximizeAwake(seen, unitsOf(kinds), optionsOf("natural", kinds)),
    ];
    expect(one.map(resultOf)).toEqual(other.map(resultOf));
  });
});

test("a unit that is to be excited least is silent only if nothing excites it", async () => {
  const kinds: Kind[] = ["late", "dead"];
  const seen = visualized(network(kinds, 3), preprocessings.unit);
  const made = await maximizeAwake(seen, unitsOf(kinds), {
    ...optionsOf("natural", kinds),
    least: true,
  });
  expect(made.map(({ silent }) => silent)).toEqual([false, true]);
});

test("steps of units that are tried again are told apart, with their places", async () => {
  const kinds: Kind[] = ["awake", "late", "awake", "dead"];
  const seen = visualized(network(kinds, 2), preprocessings.unit);
  const told: (readonly number[])[] = [];
  let first = 0;
  await maximizeAwake(seen, unitsOf(kinds), {
    ...optionsOf("natural", kinds),
    onStep: () => void (first += 1),
    onStepAgain: (places) => told.push(places),
  });
  expect(first).toBe(6);
  expect(new Set(told.flat())).toEqual(new Set([1, 3]));
});
