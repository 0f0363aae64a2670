/** @file Pictures whose state lies on a made-up card between steps: the same, and nothing is left there however they end. */
import { assert, asyncProperty, constantFrom, integer } from "fast-check";
import type { Tensor as OrtTensor } from "onnxruntime-common";
import { afterAll, expect, test } from "vitest";
import { loadGoldenModel } from "../../test/goldens/load.ts";
import { decodeOnnx } from "../formats/onnx/decode.ts";
import { Model } from "../network/model.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { residentTensor, takeResident } from "../runtime/resident.ts";
import type { Runtime, Session, Tensors } from "../runtime/runtime.ts";
import type { Tensor } from "../graph/tensor.ts";
import { maximize, type StepProgress } from "./maximize.ts";
import { channel } from "./objectives.ts";
import { presets } from "./presets.ts";

const cpu = createNodeRuntime({ threads: 1 });
afterAll(() => cpu.release());

/** A runtime that keeps what is asked to stay out of sight, and counts what lies there. */
function withCard() {
  const lying = new Map<OrtTensor, Tensor>();
  const laid = (value: Tensor): Tensor => {
    const held = {
      type: value.type,
      dims: value.dims,
      dispose: () => void lying.delete(held),
    } as unknown as OrtTensor;
    lying.set(held, value);
    return residentTensor(held);
  };
  const picked = (value: Tensor): Tensor => {
    const held = takeResident(value);
    if (!held) return value;
    const found = lying.get(held)!;
    held.dispose();
    return found;
  };
  const mapped = (tensors: Tensors, change: (value: Tensor, name: string) => Tensor) =>
    Object.fromEntries(Object.entries(tensors).map(([name, value]) => [name, change(value, name)]));
  const open: Runtime["open"] = async (graph, options) => {
    const session: Session = await cpu.open(graph, options);
    const stays = (name: string) => options?.resident?.includes(name) === true;
    return {
      ...session,
      run: async (feeds, running) => {
        const results = await session.run(mapped(feeds, picked), running);
        return mapped(results, (value, name) => (stays(name) ? laid(value) : value));
      },
    };
  };
  return { runtime: { ...cpu, open }, lying };
}

function madeWith(
  runtime: Runtime,
  onStep?: (progress: StepProgress) => void,
  signal?: AbortSignal,
) {
  const model = new Model(decodeOnnx(loadGoldenModel("mnist")), cpu);
  const [, , heightPx, widthPx] = model.inputDims();
  const scaling = { order: [0], gain: [4], offset: [-2] };
  const at = (dims: readonly number[]) => model.at(dims);
  return maximize({ runtime, scaling, at }, [channel("/3/Relu_output_0", 1)], {
    preset: presets.natural,
    size: { channels: 1, heightPx, widthPx },
    seed: 3,
    steps: 20,
    ...(onStep ? { onStep } : {}),
    ...(signal ? { signal } : {}),
  });
}

test("the picture is the same, and nothing stays on the card", async () => {
  const { runtime, lying } = withCard();
  const [onCard] = await madeWith(runtime);
  const [inMemory] = await madeWith(cpu);
  // Functions are equal only to themselves.
  expect(onCard).toEqual({ ...inMemory, objective: onCard!.objective });
  expect(lying.size).toBe(0);
});

test("nothing stays there of what is stopped or fails, whenever that is", async () => {
  await assert(
    asyncProperty(integer({ min: 1, max: 20 }), constantFrom("stop", "throw"), async (at, how) => {
      const { runtime, lying } = withCard();
      const stopping = new AbortController();
      const onStep = ({ step }: StepProgress) => {
        if (step !== at) return;
        expect(lying.size).toBeGreaterThan(0);
        if (how === "throw") throw new Error("enough");
        stopping.abort();
      };
      const made = madeWith(runtime, onStep, stopping.signal);
      // What is stopped in its last step is done.
      if (how === "stop" && at === 20) await made;
      else await expect(made).rejects.toThrow(how === "stop" ? "stopped" : "enough");
      expect(lying.size).toBe(0);
    }),
    { numRuns: 30 },
  );
});
