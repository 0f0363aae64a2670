import { afterAll, expect, test } from "vitest";
import { createWebRuntime } from "../../src/runtime/onnxruntime-web.ts";
import { DigitTrainer } from "./digit-trainer.ts";
import { digitSide } from "./excited-answers.ts";

const runtime = await createWebRuntime({ provider: "wasm" });
afterAll(() => runtime.release());

const on = { aborted: false };
const excited = (seed: number, signal = on) => {
  const trainer = new DigitTrainer(runtime, seed);
  return trainer.excitedAt(trainer.momentAt(0), signal);
};

test("the same seed gives the same pictures, another seed others; each excites its answer more than the noise", async () => {
  const [once, again, other] = [await excited(0), await excited(0), await excited(1)];
  expect(once).toHaveLength(10);
  for (const [number, { picture, start, activation }] of once.entries()) {
    expect(picture).toHaveLength(digitSide ** 2);
    expect(picture).toEqual(again[number]!.picture);
    expect(picture).not.toEqual(other[number]!.picture);
    expect(activation).toBeGreaterThan(start);
  }
});

test("stops when it is told to", async () => {
  await expect(excited(0, { aborted: true })).rejects.toMatchObject({ code: "aborted" });
});
