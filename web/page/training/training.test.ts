/** @file What is made of a network's past: all of it after a run, what is looked at after a stop. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { CallName } from "../../protocol.ts";
import type { TrainedMoment } from "../../training-protocol.ts";
import { SpokenWorker } from "../computing/spoken-worker.ts";
import { Store } from "../computing/store.ts";
import { Training, trainingOf } from "./training.ts";

const epochs = [0, 1, 2, 3, 4];
const momentAt = (number: number) => ({ number, epoch: epochs[number]! }) as TrainedMoment;

let training: Training;
let worker: SpokenWorker;

beforeAll(() => {
  vi.stubGlobal("Worker", SpokenWorker);
});
afterAll(() => vi.unstubAllGlobals());

/** Five moments of a run that is still under way. */
beforeEach(async () => {
  training = new Training(new Store(() => Promise.resolve(true)));
  worker = SpokenWorker.last;
  void training.run(0, true);
  const told = { kind: "training", epochs: 8, losses: [], done: undefined } as const;
  const { id } = worker.call("train");
  for (const [number, epoch] of epochs.entries())
    await worker.say({ id, told: { ...told, epoch, moment: momentAt(number) } });
  training.draw(new Float32Array(784));
  await worker.say({ id: worker.call("trained").id, answer: momentAt(4) });
});

const aborted = { code: "aborted", message: "stopped" } as const;

async function end(error?: typeof aborted): Promise<void> {
  const { id } = worker.call("train");
  await worker.say(error ? { id, error } : { id, answer: null });
}

/** The moments that were asked for, each of which is made. */
async function made(): Promise<readonly unknown[]> {
  for (let number = 0; number < worker.calls("excited").length; number++) {
    const { id, asked } = worker.calls("excited")[number]!;
    const { moment } = asked as { readonly moment: number };
    await worker.say({ id, answer: { ...momentAt(moment), steps: 24, answers: [] } });
  }
  return worker.calls("excited").map(({ asked }) => (asked as { moment: number }).moment);
}

async function look(number: number): Promise<void> {
  training.show(number);
  await worker.say({ id: worker.call("trained").id, answer: momentAt(number) });
}

test("after a run all ends of epochs are made, what is looked at first", async () => {
  await end();
  await look(1);
  expect(await made()).toEqual([4, 1, 3, 2, 0]);
});

test("after a stop only what is looked at since is made", async () => {
  training.stop();
  await end(aborted);
  expect(await made()).toEqual([]);
  await look(1);
  expect(await made()).toEqual([1]);
  await look(3);
  expect(await made()).toEqual([1, 3]);
  await look(1);
  expect(await made()).toEqual([1, 3]);
});

test("what is looked at while one that is stopped is on its way is made, and nothing else", async () => {
  await end();
  const stopped = worker.call("excited");
  training.stop();
  expect(worker.isStopped(stopped)).toBe(true);
  await look(2);
  expect(worker.calls("excited")).toHaveLength(1);
  await worker.say({ id: stopped.id, error: aborted });
  expect(await made()).toEqual([4, 2]);
});

test("what is still on its way of one network is none of the next, nor does it hold that up", async () => {
  await end();
  training.choose({ of: "kernels", channel: 2 });
  training.show(1);
  const old = ["trained", "trainedChannel", "excited"].map((name) => worker.call(name as CallName));
  void training.run(1, true);
  const { id } = worker.call("train");
  const told = { kind: "training", epochs: 8, losses: [], done: undefined, epoch: 0 } as const;
  await worker.say({ id, told: { ...told, moment: momentAt(0) } });
  const { asked: newest } = worker.call("trainedChannel");
  expect(worker.calls("trainedChannel").at(-1)).not.toBe(old[1]);
  expect(newest).toEqual({ of: "kernels", channel: 2 });
  const [shown, past, excited] = old;
  await worker.say({ id: shown!.id, answer: momentAt(1) });
  await worker.say({ id: past!.id, answer: { of: "kernels", channel: 2, moments: [] } });
  await worker.say({ id: excited!.id, error: aborted });
  expect(training.state).toMatchObject({ shown: momentAt(0), past: undefined, error: undefined });
});

test.each(["trained", "trainedChannel"] as const)(
  "what becomes of %s of a network that is gone is not told",
  async (name) => {
    await end();
    const past = { of: "kernels", channel: 0, moments: [] } as const;
    for (let i = 0; i < worker.calls("trainedChannel").length; i++)
      await worker.say({ id: worker.calls("trainedChannel")[i]!.id, answer: past });
    training.choose({ of: "kernels", channel: 2 });
    training.show(1);
    const { id } = worker.call(name);
    void training.run(1, true);
    await worker.say({ id, error: { code: "bad-option", message: "no such moment" } });
    expect(training.state.error).toBe(undefined);
  },
);

test("gone on with, all is made again", async () => {
  training.stop();
  await end(aborted);
  await look(1);
  void training.run(0, false);
  await end();
  expect(new Set(await made())).toEqual(new Set(epochs));
});

test("a window that opens again finds what was learned, but not what was lost with its worker", async () => {
  await end();
  const store = new Store(() => Promise.resolve(true));
  expect(trainingOf(store)).toBe(trainingOf(store));
  expect([trainingOf(store).isBegun, training.isBegun]).toEqual([false, true]);
  await worker.say({ lost: "card" });
  expect(training.isBegun).toBe(false);
  void training.run(0, false);
  expect(SpokenWorker.last.call("train").asked).toMatchObject({ isNew: true });
  expect(training.state.moments).toEqual([]);
});
