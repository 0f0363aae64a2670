/** @file Where a part of the page is missing, the page says so until the visitor begins something, and shows what is still open. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { CallName, OpenedModel, SeenPicture } from "../../protocol.ts";
import { SpokenWorker } from "../computing/spoken-worker.ts";
import { Explorer } from "../explorer.ts";
import { choosePreparation } from "../picture/preparation-choice.ts";

const model = {
  name: "own.onnx",
  digest: "own",
  layers: [{ name: "conv", height: 2, width: 2 }],
  methods: [],
  usualMethod: { name: "grad-cam", options: {} },
  input: [],
} as unknown as OpenedModel;
const picture = {
  name: "seen",
  answers: [],
  notes: [],
  preprocess: "torch",
  isPreparationAssumed: false,
} as unknown as SeenPicture;
const lacksCode = { code: "code", message: "no network" } as const;

let explorer: Explorer;
let worker: SpokenWorker;
let answered: Set<unknown>;

/** The last call of a name, once there is one that is not answered yet. */
const heard = (name: CallName) =>
  vi.waitFor(() => {
    const call = worker.call(name);
    if (answered.has(call)) throw new Error(`worker: another call ${name} must come, got none.`);
    answered.add(call);
    return call;
  });
const answer = async (name: CallName, said: unknown) =>
  worker.say({ id: (await heard(name)).id, answer: said as null });
const explain = async () => {
  const { id, asked } = await heard("explain");
  await worker.say({ id, answer: { heading: "map", notes: [], asked } as unknown as null });
};
const fail = async (name: CallName) => worker.say({ id: (await heard(name)).id, error: lacksCode });
const isMissing = () => explorer.state.trouble?.kind === "missingCode";
const looks = () => worker.calls("look").length;

beforeAll(() => {
  vi.stubGlobal("Worker", SpokenWorker);
  vi.stubGlobal("document", { addEventListener: () => undefined, querySelector: () => null });
  vi.stubGlobal("history", { replaceState: () => undefined });
  vi.stubGlobal("location", { pathname: "/" });
});
afterAll(() => vi.unstubAllGlobals());

/** A network for which the visitor has chosen a preparation, and a picture with its map. */
beforeEach(async () => {
  explorer = new Explorer();
  worker = SpokenWorker.last;
  answered = new Set();
  void explorer.hand.start("#preprocess=torch");
  await answer("open", model);
  await answer("prepare", null);
  await answer("look", picture);
  await explain();
  await answer("channels", { layer: "conv" });
});

test("a preparation that cannot be had leaves the one before, and says so", async () => {
  void choosePreparation(explorer, "tf");
  expect(explorer.state.view.preprocess).toBe("tf");
  await fail("prepare");
  expect([looks(), isMissing()]).toEqual([1, true]);
  expect(explorer.state.view.preprocess).toBe("torch");
  // What the choice cut off is there again.
  expect(worker.calls("explain")).toHaveLength(2);
});

test("one that is chosen meanwhile is not undone by it", async () => {
  void choosePreparation(explorer, "tf");
  const first = worker.call("prepare");
  void choosePreparation(explorer, "caffe");
  expect(worker.isStopped(first)).toBe(true);
  await worker.say({ id: first.id, error: { code: "aborted", message: "stopped" } });
  expect(explorer.state.view.preprocess).toBe("caffe");
  await answer("prepare", null);
  expect([explorer.state.view.preprocess, looks(), isMissing()]).toEqual(["caffe", 2, false]);
});

test("a method that cannot be had leaves what is chosen of the map that is shown, whatever brought it", async () => {
  void explorer.chooseTarget("1");
  const stopped = await heard("explain");
  explorer.stop();
  await worker.say({ id: stopped.id, error: { code: "aborted", message: "stopped" } });
  void explorer.hand.lookAnew({ kind: "drawn", number: 2 });
  await answer("look", picture);
  await explain();
  void explorer.chooseMethod("gradient");
  await answer("methods", [{ name: "gradient", options: {} }]);
  await fail("explain");
  expect(explorer.state.map).toMatchObject({ asked: { method: "grad-cam", target: "1" } });
  expect(explorer.state.view).toMatchObject({ method: undefined, target: "1" });
});

test("one of which nothing can be learnt, either", async () => {
  void explorer.chooseMethod("gradient");
  await fail("methods");
  await fail("explain");
  expect(explorer.state.map).toMatchObject({ asked: { method: "grad-cam" } });
  expect([explorer.state.view.method, isMissing()]).toEqual([undefined, true]);
});

test("where the page itself is in trouble, no map of before stands under the new choice", async () => {
  void explorer.chooseMethod("gradient");
  const { id } = await heard("methods");
  await worker.say({ id, error: { code: "memory", message: "full" } });
  await vi.waitFor(() => expect(explorer.state.map).toBeUndefined());
});

test("an address does not go on to say a preparation that cannot be had", async () => {
  explorer = new Explorer();
  worker = SpokenWorker.last;
  void explorer.hand.start("#preprocess=tf");
  await answer("open", model);
  expect(explorer.state.view.preprocess).toBe("tf");
  await fail("prepare");
  await answer("look", picture);
  expect([explorer.state.view.preprocess, isMissing()]).toEqual([undefined, true]);
});

test("files whose part of the page is missing are told of also beside a picture, which is looked at", async () => {
  const data = new File(["drop"], "drop");
  const [network, photo] = ["drop.keras", "drop.png"].map((name) => ({ name, data }));
  void explorer.files.take(Promise.resolve([network!, photo!]));
  const nothing = { packed: 0, truth: [], asNames: [], weights: [], beside: [], others: [] };
  await answer("sort", { ...nothing, pictures: [photo], parts: [network] });
  await fail("open");
  expect([looks(), isMissing()]).toEqual([2, true]);
  await answer("look", picture);
  expect(isMissing()).toBe(true);
});

test.each<[string, () => Promise<void>]>([
  ["looks at another picture", () => explorer.hand.look({ kind: "drawn", number: 2 })],
  ["opens a network", () => explorer.hand.openModel({ kind: "shipped", name: "mnist" })],
  ["drops files", () => explorer.files.take([])],
  ["chooses a preparation", () => choosePreparation(explorer, "tf")],
])("it is told no more once the visitor %s", async (_, begin) => {
  void explorer.chooseMethod("gradient");
  await answer("methods", [{ name: "gradient", options: {} }]);
  await fail("explain");
  expect(isMissing()).toBe(true);
  void begin();
  await vi.waitFor(() => expect(isMissing()).toBe(false));
});

test("what is stopped while its method is learnt makes no map, and the one before is stopped at once", async () => {
  const explained = () => worker.calls("explain").length;
  void explorer.explain();
  const before = await heard("explain");
  void explorer.chooseMethod("gradient");
  const asked = await heard("methods");
  expect(worker.isStopped(before)).toBe(true);
  const made = explained();
  explorer.stop();
  await worker.say({ id: asked.id, error: { code: "aborted", message: "stopped" } });
  expect(explained()).toBe(made);
});

test("of methods that are chosen while they are learnt the last one makes the map", async () => {
  const made = worker.calls("explain").length;
  void explorer.chooseMethod("gradient");
  void explorer.chooseMethod("smooth-grad");
  const methods = ["gradient", "smooth-grad"].map((name) => ({ name, options: {} }));
  for (const { id } of worker.calls("methods")) {
    await worker.say({ id, answer: methods as unknown as null });
  }
  const asked = worker
    .calls("explain")
    .slice(made)
    .map((call) => call.asked);
  expect(asked).toMatchObject([{ method: "smooth-grad" }]);
});
