/** @file What is asked for while a map is judged does not wait until it is. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { OpenedModel, SeenPicture, ShownMap } from "../../protocol.ts";
import { SpokenWorker } from "../computing/spoken-worker.ts";
import { Explorer } from "../explorer.ts";
import { judgeMap } from "./map-trust.ts";

beforeAll(() => {
  vi.stubGlobal("Worker", SpokenWorker);
  vi.stubGlobal("document", { addEventListener: () => undefined });
});
afterAll(() => vi.unstubAllGlobals());

test("another map stops it at once, though its own progress is told before anything is drawn", async () => {
  const explorer = new Explorer();
  const { last: worker } = SpokenWorker;
  explorer.store.set({
    model: { layers: [], usualMethod: { name: "grad-cam" } } as unknown as OpenedModel,
    picture: { name: "seen" } as SeenPicture,
    map: { asked: { method: "gradient", target: "top" } } as ShownMap,
  });
  void judgeMap(explorer.store);
  const trust = worker.call("trust");
  const told = { kind: "progress", share: 0.5, secondsLeft: undefined } as const;
  await worker.say({ id: trust.id, told });
  expect(worker.isStopped(trust)).toBe(false);
  void explorer.explain();
  await worker.say({ id: trust.id, told });
  expect(worker.isStopped(trust)).toBe(true);
  expect(worker.isStopped(worker.call("explain"))).toBe(false);
});
