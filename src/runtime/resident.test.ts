/** @file What stays on a card, with an ONNX Runtime whose card is made up: fed once, freed once, never read. */
import { assert, asyncProperty, boolean, integer } from "fast-check";
import type { InferenceSession, Tensor as OrtTensor } from "onnxruntime-common";
import { Tensor } from "onnxruntime-common";
import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensorOf } from "../graph/tensor.ts";
import { createRuntime, type OnnxRuntimeApi, type RuntimeSettings } from "./onnxruntime.ts";

/** Two numbers that each become one larger, and their sum. */
function counters(): Graph {
  const b = new GraphBuilder();
  const [one, x, y] = [b.scalar(1), b.input("x", []), b.input("y", [])];
  const added = [b.op("Add", [x, one], {}, "next x"), b.op("Add", [y, one], {}, "next y")] as const;
  for (const value of [...added, b.op("Add", added, {}, "sum")]) b.output(value);
  return b.build();
}

/** An ONNX Runtime for `counters` alone, with a card that knows what lies on it. */
function madeUp(options: { failing?: boolean } = {}) {
  const onCard = new Map<object, number>();
  const asked: (readonly string[])[] = [];
  const create = async (
    _: Uint8Array,
    { preferredOutputLocation }: InferenceSession.SessionOptions,
  ) => ({
    run: async (feeds: InferenceSession.FeedsType, fetches: readonly string[]) => {
      asked.push(fetches);
      if (options.failing) throw new Error("no");
      const [x, y] = Object.values(feeds as Record<string, OrtTensor>).map((value) =>
        value.location === "gpu-buffer" ? onCard.get(value)! : Number(value.data[0]),
      );
      const results = [x! + 1, y! + 1, x! + y! + 2];
      const locations = Object.values((preferredOutputLocation ?? {}) as Record<string, string>);
      const names = Object.keys((preferredOutputLocation ?? {}) as Record<string, string>);
      return Object.fromEntries(
        fetches.map((name, i) => {
          const at = names.length > 0 ? names.indexOf(name) : i;
          return [
            name,
            locations[at] === "gpu-buffer" ? lying(results[at]!) : inMemory(results[at]!),
          ];
        }),
      );
    },
    release: async () => undefined,
  });
  const lying = (number: number): OrtTensor => {
    const value = {
      type: "float32",
      dims: [],
      location: "gpu-buffer",
      dispose: () => {
        if (!onCard.delete(value)) throw new Error("freed twice");
      },
    };
    onCard.set(value, number);
    return value as unknown as OrtTensor;
  };
  const inMemory = (number: number) => new Tensor("float32", Float32Array.of(number), []);
  return {
    api: { InferenceSession: { create }, Tensor } as unknown as OnnxRuntimeApi,
    onCard,
    asked,
  };
}

const settings: RuntimeSettings = {
  session: {},
  mapsFiles: false,
  instead: 'use "cpu".',
  onCard: { fetchesAll: false },
};
const number = (value: number) => tensorOf("float32", [], [value]);
const names = ["next x", "next y"];

test("state that stays on the card counts on, and nothing is left there", async () => {
  await assert(
    asyncProperty(integer({ min: 1, max: 6 }), boolean(), async (steps, fetchesAll) => {
      const { api, onCard, asked } = madeUp();
      const runtime = createRuntime("card", api, { ...settings, onCard: { fetchesAll } });
      const session = await runtime.open(counters(), { resident: names });
      let state = { x: number(0), y: number(10) };
      for (let i = 0; i < steps; i++) {
        const results = await session.run(state);
        expect([...results["sum"]!.data]).toEqual([12 + 2 * i]);
        expect(onCard.size).toBe(2);
        expect(() => results["next x"]!.data).toThrow("must be fed to a run, not read");
        state = { x: results["next x"]!, y: results["next y"]! };
      }
      await session.run(state, { outputs: ["sum"] });
      expect(onCard.size).toBe(0);
      expect(asked.at(-1)).toHaveLength(fetchesAll ? 3 : 1);
    }),
  );
});

test("a run that fails frees what it was fed with", async () => {
  const options = { failing: false };
  const { api, onCard } = madeUp(options);
  const session = await createRuntime("card", api, settings).open(counters(), { resident: names });
  const first = await session.run({ x: number(0), y: number(1) });
  options.failing = true;
  const state = { x: first["next x"]!, y: first["next y"]! };
  await expect(session.run(state)).rejects.toThrow("the run must succeed");
  expect(onCard.size).toBe(0);
});

test("without a card all is in memory", async () => {
  const { api, onCard } = madeUp();
  const runtime = createRuntime("processor", api, { ...settings, onCard: undefined });
  const session = await runtime.open(counters(), { resident: names });
  const found = await session.run({ x: number(1), y: number(2) });
  expect([...found["next x"]!.data, ...found["next y"]!.data]).toEqual([2, 3]);
  expect(onCard.size).toBe(0);
});
