/** @file What the network answers while parts are hidden is shown of what is hidden now, however late it comes. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { ClassAnswer, SeenPicture } from "../protocol.ts";
import { SpokenWorker } from "./computing/spoken-worker.ts";
import { Explorer } from "./explorer.ts";

const grid = { width: 1, height: 1, inside: Uint8Array.of(1) };
const answersOf = (label: string) => [{ label } as ClassAnswer];

let explorer: Explorer;
let worker: SpokenWorker;

beforeAll(() => {
  vi.stubGlobal("Worker", SpokenWorker);
  vi.stubGlobal("document", { addEventListener: () => undefined });
});
beforeEach(() => {
  explorer = new Explorer();
  worker = SpokenWorker.last;
  explorer.store.set({
    picture: { name: "seen", answers: answersOf("own") } as unknown as SeenPicture,
  });
  explorer.takeTool("hide");
});
afterAll(() => vi.unstubAllGlobals());

/** One more call, which is under way. */
function hide() {
  void explorer.hide(grid);
  return worker.call("hide");
}

test("each makes room for the next, and the last is shown", async () => {
  const [first, second] = [hide(), hide()];
  expect([first, second].map((call) => worker.isStopped(call))).toEqual([true, false]);
  await worker.say({ id: first.id, answer: answersOf("first") });
  expect(explorer.state.hidden).toBeUndefined();
  await worker.say({ id: second.id, answer: answersOf("second") });
  expect(explorer.state.hidden).toEqual(answersOf("second"));
});

test.each<[string, () => void]>([
  ["the brush is put away", () => explorer.takeTool(undefined)],
  [
    "the brush is put away and taken again",
    () => {
      explorer.takeTool(undefined);
      explorer.takeTool("hide");
    },
  ],
  ["another tool is taken", () => explorer.takeTool("box")],
  ["nothing is hidden", () => void explorer.hide(undefined)],
])("nothing comes of one that is under way as %s", async (_, change) => {
  const call = hide();
  change();
  expect(worker.isStopped(call)).toBe(true);
  await worker.say({ id: call.id, answer: answersOf("late") });
  expect(explorer.state.hidden).toBeUndefined();
});

test.each([
  { picture: { name: "other" } as SeenPicture },
  // As another picture is looked at.
  { tool: undefined },
])("nothing comes of one that is of what is not shown any more", async (change) => {
  const call = hide();
  explorer.store.set(change);
  await worker.say({ id: call.id, answer: answersOf("late") });
  expect(explorer.state.hidden).toBeUndefined();
});
