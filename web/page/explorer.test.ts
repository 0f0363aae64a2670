/** @file Whatever the page is told while it works, it ends with what it was told last: drops, choices and measurements in any schedule. */
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { ModelInHand, PictureInHand, ToWorker } from "../protocol.ts";
import type { PathedFile } from "../files-protocol.ts";
import { Explorer } from "./explorer.ts";
import { story } from "./story/story.ts";
import type { WhatVisitorHad } from "./story/what-visitor-had.ts";

const methods = ["grad-cam", "gradient"].map((name) => ({ name, options: {} }));

/** How many turns of the event loop calls take, one call after the other. */
let delays: readonly number[] = [];

/** Answers one call after the other, as the worker does, and hears of a stop in between. */
class SlowWorker extends EventTarget {
  readonly #signals = new Map<number, { aborted: boolean }>();
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;
  #model: string | undefined;
  #picture: string | undefined;

  postMessage(message: ToWorker): void {
    if ("stop" in message) {
      const signal = this.#signals.get(message.id);
      if (signal) signal.aborted = true;
      return;
    }
    const { id, call, asked } = message;
    this.#signals.set(id, { aborted: false });
    this.#last = this.#after(this.#last, async () => {
      const isStopped = await this.#work(id);
      const told = isStopped
        ? { error: { code: "aborted", message: "stopped" } }
        : this.#told(call, asked);
      await turnOfLoop();
      this.dispatchEvent(new MessageEvent("message", { data: { id, ...told } }));
    });
  }

  terminate(): void {}

  async #after(last: Promise<unknown>, work: () => Promise<void>): Promise<void> {
    await last;
    await work();
  }

  async #work(id: number): Promise<boolean> {
    const turns = delays[this.#count++ % delays.length] ?? 0;
    for (let i = 0; i < turns && !this.#signals.get(id)!.aborted; i++) await turnOfLoop();
    return this.#signals.get(id)!.aborted;
  }

  #told(call: string, asked: unknown): object {
    try {
      return { answer: this.#answer(call, asked) };
    } catch (error) {
      return { error: { code: "bad-file", message: String(error) } };
    }
  }

  #answer(call: string, asked: unknown): unknown {
    if (call === "sort") {
      const { files } = asked as { files: readonly PathedFile[] };
      const [pictures, parts] = [/png$/, /onnx$/].map((kind) =>
        files.filter(({ name }) => kind.test(name)),
      );
      return {
        pictures,
        packed: 0,
        truth: [],
        asNames: [],
        parts,
        weights: [],
        beside: [],
        others: [],
      };
    }
    if (call === "open") {
      const hand = asked as ModelInHand;
      const name = hand.kind === "files" ? hand.files.map((file) => file.name).join() : hand.name;
      if (name.includes("broken")) throw new Error("broken");
      [this.#model, this.#picture] = [name, undefined];
      return {
        name,
        digest: name,
        layers: [`first of ${name}`, `layer of ${name}`].map((layer) => {
          return { name: layer, height: 2, width: 2, channels: 9 };
        }),
        usualMethod: methods[0],
        input: [],
      };
    }
    if (call === "methods") return methods;
    if (this.#model === undefined) throw new Error(`${call}: no network`);
    if (call === "look") {
      const hand = asked as PictureInHand;
      const name = hand.kind === "file" ? hand.file.name : hand.kind;
      this.#picture = name;
      return { name, answers: [], notes: [] };
    }
    if (call === "processor") return { because: "fast" };
    if (this.#picture === undefined) throw new Error(`${call}: no picture`);
    if (call === "explain") {
      const { method } = asked as { method: string };
      return { heading: [this.#model, this.#picture, method].join(), notes: [] };
    }
    if (call === "channels") {
      const { layer } = asked as { layer: string };
      if (!layer.endsWith(` of ${this.#model}`)) throw new Error(`no ${layer} in ${this.#model}`);
      return { layer };
    }
    if (call === "details" || call === "maximize") {
      const { layer, channel } = asked as { layer: string; channel: number };
      return { layer, channel, picture: this.#picture };
    }
    return [];
  }
}

const { setImmediate } = globalThis as unknown as { setImmediate(then: () => void): void };

const turnOfLoop = () =>
  new Promise<void>((resolve) => {
    setImmediate(resolve);
  });

const file = (name: string): PathedFile => ({ name, data: new File([name], name) });

interface Seen {
  model: string;
  picture: string;
  method: string;
}

type Act = (explorer: Explorer, seen: Seen) => void;

/** Names are by number, so that each drop is another. */
const dropOf =
  (number: number, hasModel: boolean, hasPicture: boolean): Act =>
  (explorer, seen) => {
    const [model, picture] = [`${number}.onnx`, `${number}.png`];
    if (hasModel) seen.model = model;
    if (hasPicture) seen.picture = picture;
    void explorer.files.take(
      Promise.resolve([...(hasModel ? [file(model)] : []), ...(hasPicture ? [file(picture)] : [])]),
    );
  };

const drops = fc
  .tuple(
    fc.nat(99),
    fc.constantFrom([true, false] as const, [false, true] as const, [true, true] as const),
  )
  .map(([number, [hasModel, hasPicture]]) => dropOf(number, hasModel, hasPicture));

const broken = fc.constant<Act>((explorer) => {
  void explorer.files.take(Promise.resolve([file("broken.onnx")]));
});

/** What changes nothing of what is open, or is told before the last drop. */
const others = fc.constantFrom<Act>(
  (explorer, seen) => {
    seen.method = "gradient";
    void explorer.chooseMethod(seen.method);
  },
  (explorer) => void explorer.explain(),
  (explorer) => {
    const { channels } = explorer.state;
    if (channels) void explorer.chooseLayer(channels.layer);
  },
  () => vi.advanceTimersByTime(500),
);

const clicks = fc.oneof(
  fc.constantFrom("mnist", "shapes").map((name): Act => (explorer, seen) => {
    seen.model = name;
    void explorer.hand.openModel({ kind: "shipped", name });
  }),
  fc.nat(99).map((number): Act => (explorer, seen) => {
    seen.picture = `${number}.png`;
    void explorer.hand.look({ kind: "file", file: file(seen.picture).data });
  }),
);

const schedules = (acts: fc.Arbitrary<Act>) =>
  fc.record({
    delays: fc.array(fc.nat(6), { minLength: 1, maxLength: 20 }),
    acts: fc.array(fc.tuple(fc.nat(25), acts), { maxLength: 10 }),
  });

async function settled(explorer: Explorer): Promise<void> {
  for (let quiet = 0; quiet < 30; quiet++) {
    await turnOfLoop();
    if (explorer.store.client.isBusy) quiet = 0;
  }
}

beforeAll(async () => {
  // What comes later in the page is there in a few turns.
  await import("./files/files-in-hand.ts");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.stubGlobal("Worker", SlowWorker);
  const document = { addEventListener: () => undefined, querySelector: () => null };
  vi.stubGlobal("document", document);
  vi.stubGlobal("history", { replaceState: () => undefined });
  vi.stubGlobal("location", { pathname: "/" });
});
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([
  ["dropped", fc.oneof({ arbitrary: drops, weight: 3 }, broken, { arbitrary: others, weight: 3 })],
  ["chosen", fc.oneof(clicks, broken, others)],
])("it ends with what was %s last, whatever was under way", async (_, told) => {
  await fc.assert(
    fc.asyncProperty(schedules(told), async ({ delays: taken, acts }) => {
      delays = taken;
      const explorer = new Explorer();
      const seen: Seen = { model: "pets", picture: "drawn", method: "grad-cam" };
      void explorer.hand.start("");
      for (const [turns, act] of acts) {
        for (let i = 0; i < turns; i++) await turnOfLoop();
        act(explorer, seen);
      }
      await settled(explorer);
      const { model, picture, map, channels, error, view } = explorer.state;
      expect([model?.name, picture?.name]).toEqual([seen.model, seen.picture]);
      // A file that cannot be opened may say so whatever came after it.
      expect([undefined, "Error: broken"]).toContain(error);
      expect(map?.heading).toBe([seen.model, seen.picture, seen.method].join());
      expect(channels?.layer).toBe(`layer of ${seen.model}`);
      expect(view.model).toBe(seen.model);
    }),
    { numRuns: 300 },
  );
});

async function changePicture(explorer: Explorer): Promise<void> {
  const changed = { kind: "pixels", name: "changed" } as PictureInHand;
  if (explorer.state.picture && (await explorer.hand.lookAnew(changed))) await explorer.showLayer();
}

const looks = fc.oneof(
  fc.nat(8).map(
    (channel): Act =>
      (explorer) =>
        void explorer.chooseChannel(channel),
  ),
  fc.nat(1).map((number): Act => (explorer) => {
    const layer = explorer.state.model?.layers[number];
    if (layer) void explorer.chooseLayer(layer.name);
  }),
  fc.constantFrom<Act>(
    (explorer) => void explorer.maximize(),
    (explorer) => explorer.leaveChannel(),
    (explorer) => void changePicture(explorer),
  ),
);

/** What the worker says of a channel here. */
interface Made {
  readonly layer: string;
  readonly channel: number;
  readonly picture: string;
}

test("a channel's picture and numbers are of what is shown, whatever was chosen meanwhile", async () => {
  const told = fc.oneof({ arbitrary: looks, weight: 4 }, clicks, others);
  await fc.assert(
    fc.asyncProperty(schedules(told), async ({ delays: taken, acts }) => {
      delays = taken;
      const explorer = new Explorer();
      const foreign: unknown[] = [];
      explorer.store.subscribe(() => {
        const { details, unit, channels, picture, view } = explorer.state;
        const layer = channels?.layer ?? view.layer;
        for (const made of [details, unit?.done] as readonly (Made | undefined)[]) {
          const isOfLayer = !made || layer === undefined || made.layer === layer;
          if (!isOfLayer || (made && made.channel !== view.channel)) foreign.push(made);
        }
        const of = details as Made | undefined;
        if (of && of.picture !== picture?.name) foreign.push(of);
      });
      void explorer.hand.start("");
      for (const [turns, act] of acts) {
        for (let i = 0; i < turns; i++) await turnOfLoop();
        act(explorer, { model: "", picture: "", method: "" });
      }
      await settled(explorer);
      const { details, channels, view } = explorer.state;
      expect(foreign).toEqual([]);
      expect(channels?.layer).toBe(view.layer ?? channels?.layer);
      expect(details !== undefined).toBe(view.channel !== undefined);
    }),
    { numRuns: 300 },
  );
});

/** As the story's pane tells a step until another is told. */
function tell(explorer: Explorer, number: number): () => void {
  const nobody = { putMapsAside: () => undefined, pinForStory: () => undefined };
  let isTold = true;
  const act = async () => {
    for (const deed of story[number]!.deeds) {
      if (isTold) await deed(explorer, nobody as unknown as WhatVisitorHad);
    }
  };
  void act();
  return () => {
    isTold = false;
    explorer.stop();
  };
}

test("a step of the story has its network, picture and map, however quickly those before were left", async () => {
  const steps = fc.record({
    delays: fc.array(fc.nat(6), { minLength: 1, maxLength: 20 }),
    left: fc.array(fc.tuple(fc.nat(8), fc.nat(30)), { maxLength: 8 }),
    last: fc.constantFrom(1, 6, 7, 8),
  });
  await fc.assert(
    fc.asyncProperty(steps, async ({ delays: taken, left, last }) => {
      delays = taken;
      const explorer = new Explorer();
      Object.assign(explorer.camera, { stop: () => undefined });
      void explorer.hand.start("");
      for (const [number, turns] of left) {
        const leave = tell(explorer, number);
        for (let i = 0; i < turns; i++) await turnOfLoop();
        leave();
      }
      tell(explorer, last);
      await settled(explorer);
      const { model, picture, map } = explorer.state;
      const name = last === 8 ? "mnist" : "pets";
      expect([model?.name, picture?.name]).toEqual([name, "drawn"]);
      expect(map?.heading).toContain(`${name},drawn,`);
    }),
    { numRuns: 300 },
  );
});
