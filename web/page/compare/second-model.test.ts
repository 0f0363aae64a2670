/** @file Whatever comes in whatever order, in the end the second network has been asked what the first shows. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ShownMap } from "../../protocol.ts";
import type { State } from "../computing/store.ts";
import { SecondFollower, type SecondStore } from "./second-follower.ts";
import { SecondModel } from "./second-model.ts";

/** A picture, map or layer of the first, of which only the number counts. */
const numbered = (number: number) => ({
  number,
  answers: [],
  listed: [0, 0],
  heading: "class 0",
  asked: { method: "grad-cam", target: "top" },
  scale: { unit: "logit" },
});

/** What the first shows, and a worker that answers when the scheduler says so: with the number of what was asked about. */
function drawnStore(scheduler: fc.Scheduler): SecondStore & { readonly asked: string[] } {
  let state = {
    view: { target: "top", method: "grad-cam" },
    model: { name: "first", layers: [], usualMethod: { name: "grad-cam" } },
    methods: [],
  } as unknown as State;
  const asked: string[] = [];
  let looked = -1;
  const answers: Record<string, (about: { number: number }) => unknown> = {
    open: (about) => ({ name: `second ${about.number}`, layers: [{ name: "conv" }], methods: [] }),
    look: ({ number }) => ((looked = number), numbered(number)),
    explain: () => ({ ...numbered(looked), values: new Float32Array(1), height: 1, width: 1 }),
    channels: () => numbered(looked),
    paint: () => ({ heats: [], scale: {} }),
  };
  const answered = async (
    name: string,
    about: { number: number },
    hold?: (call: unknown) => void,
  ): Promise<{ readonly answer?: unknown }> => {
    asked.push(name);
    let isStopped = false;
    hold?.({ stop: () => (isStopped = true) });
    await scheduler.schedule(Promise.resolve(), name);
    return isStopped ? {} : { answer: answers[name]?.(about) };
  };
  return {
    asked,
    get state() {
      return state;
    },
    set: (change) => void (state = { ...state, ...change }),
    ask: (async (...all: Parameters<typeof answered>) =>
      (await answered(...all)).answer) as unknown as SecondStore["ask"],
    attempt: answered as unknown as SecondStore["attempt"],
    tell: (failure) => {
      throw failure;
    },
    lack: () => undefined,
    hasNow: () => undefined,
  };
}

const change = fc.record({
  what: fc.constantFrom("picture", "map", "channels", "second"),
  number: fc.integer({ min: 1, max: 99 }),
});

test("the second shows what the first shows last, in whatever order answers come", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(change, { minLength: 1, maxLength: 8 }),
      async (scheduler, changes) => {
        const store = drawnStore(scheduler);
        let hand = 0;
        const inHand = () => ({ kind: "file", number: hand }) as never;
        const load = () => scheduler.schedule(Promise.resolve(SecondFollower), "code");
        const second = new SecondModel(store, inHand, load);
        const act = async ({ what, number }: (typeof changes)[number]) => {
          if (what === "second") return void second.open({ number } as never);
          if (what === "picture") hand = number;
          const shown =
            what === "channels" ? { ...numbered(number), layer: "conv" } : numbered(number);
          // A map is never of a picture before.
          const gone = what === "picture" ? { map: undefined, channels: undefined } : {};
          store.set({ [what]: shown, ...gone });
          void second.follow();
        };
        const all = [
          { what: "second", number: 1 },
          ...changes,
          { what: "picture", number: 100 },
          { what: "map", number: 101 },
          { what: "channels", number: 102 },
        ] as const;
        scheduler.scheduleSequence(
          all.map((each) => ({ builder: () => act(each), label: each.what })),
        );
        await scheduler.waitIdle();
        const { second: shown } = store.state;
        const last = changes.findLast(({ what }) => what === "second")?.number ?? 1;
        expect(shown?.model.name).toBe(`second ${last}`);
        const numberOf = (value: unknown) => (value as ShownMap & { number: number }).number;
        for (const each of [shown?.picture, shown?.map, shown?.channels])
          expect(numberOf(each)).toBe(100);
        expect(shown?.painted).toBeDefined();
      },
    ),
    { numRuns: 300 },
  );
});
