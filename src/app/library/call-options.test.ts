/** @file Options of calls: what a call does not take, or cannot be, is refused in words and changes nothing. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { folderWithModel } from "../../../test/command-line.ts";
import { open } from "../../node.ts";
import type { Net } from "./net.ts";

let folder: string;
let net: Net;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await folderWithModel();
  net = await open(at("good.onnx"), { preprocess: "unit" });
});
afterAll(async () => {
  await net.close();
  rmSync(folder, { recursive: true, force: true });
});

const calls = {
  open: (options: object) => open(at("good.onnx"), options),
  inspect: (options: object) => net.inspect(options),
  explain: (options: object) => net.explain(at("good.png"), options),
  activations: (options: object) => net.activations(at("good.png"), options),
  activationsOfFolder: (options: object) => net.activationsOfFolder(folder, options),
  maximize: (options: object) => net.maximize({ class: 0, steps: 1, ...options }),
} as const;
const call = fc.constantFrom(...Object.values(calls));

const noWhole = fc.oneof(
  fc.integer({ max: -1 }),
  fc.double({ min: 0.01, max: 0.99, noNaN: true }),
  fc.constantFrom<unknown>(Number.NaN, Infinity, "2", null, true, [1], {}),
);
const noFlag = fc.constantFrom<unknown>("yes", 1, 0, null, []);
const noList = fc.constantFrom<unknown>(null, 5, "1,2", {}, [Number.NaN], ["1"]);
const noText = fc.constantFrom<unknown>(null, 5, true, {}, [5], "");

/** A call with one option that it knows, and a value that this cannot have. */
const wrong = fc.oneof(
  fc.tuple(
    fc.constant(calls.maximize),
    fc.record({ name: fc.constantFrom("steps", "seed", "sizePx", "diversity"), value: noWhole }),
  ),
  fc.tuple(
    fc.constant(calls.maximize),
    fc.record({ name: fc.constantFrom("negative", "animate", "everyConvolution"), value: noFlag }),
  ),
  fc.tuple(
    fc.constant(calls.maximize),
    fc.record({
      name: fc.constantFrom("preset", "objective", "neuron", "photos"),
      value: fc.constantFrom<unknown>(null, 5, "", {}, [{}]),
    }),
  ),
  fc.tuple(
    fc.constant(calls.explain),
    fc.record({ name: fc.constantFrom("box", "pixel", "bands"), value: noList }),
  ),
  fc.tuple(
    fc.constant(calls.explain),
    fc.record({ name: fc.constantFrom("method", "axes"), value: noText }),
  ),
  fc.tuple(
    fc.constant(calls.explain),
    fc.constantFrom<{ name: string; value: unknown }>(
      { name: "method", value: [] },
      { name: "check", value: true },
      { name: "check", value: false },
      { name: "trust", value: "yes" },
      { name: "options", value: null },
      { name: "target", value: Number.NaN },
      { name: "target", value: [] },
      { name: "layer", value: 5 },
    ),
  ),
  fc.tuple(
    call,
    fc.record({ name: fc.constant("signal"), value: fc.constantFrom<unknown>(null, {}, 5, "now") }),
  ),
  fc.tuple(
    call,
    fc.record({
      name: fc.constantFrom("onProgress", "onNote", "onFailure"),
      value: fc.constantFrom<unknown>(null, 5, "tell", {}),
    }),
  ),
);

test("a value that an option cannot have is refused, and named", async () => {
  await fc.assert(
    fc.asyncProperty(wrong, async ([ask, { name, value }]) => {
      await expect(ask({ [name]: value })).rejects.toMatchObject({
        code: "bad-option",
        message: expect.stringMatching(new RegExp(`^${name}: .*, got .*\\.`)) as unknown,
      });
    }),
    { numRuns: 400 },
  );
});

test("an option that a call does not take is refused, and named", async () => {
  const unknown = fc.stringMatching(/^[a-z]{3,9}X$/);
  await fc.assert(
    fc.asyncProperty(
      call,
      unknown,
      fc.constantFrom<unknown>(1, "a", true),
      async (ask, name, value) => {
        const asking = ask({ [name]: value });
        await expect(asking).rejects.toMatchObject({ code: "bad-option" });
        await expect(asking).rejects.toThrow(name);
      },
    ),
    { numRuns: 120 },
  );
});

test.each([null, 5, "fast", []])("%j are no options", async (options) => {
  const { maximize: _, ...others } = calls;
  for (const ask of [...Object.values(others), (given: object) => net.maximize(given)]) {
    // oxlint-disable-next-line no-await-in-loop -- nothing is done
    await expect(ask(options as never)).rejects.toMatchObject({ code: "bad-option" });
  }
});

test("what guards a network takes limits that there are", async () => {
  for (const guarded of [{ "memory-limits": "4g" }, { "time-limit": 5 }, "yes", 1, null]) {
    // oxlint-disable-next-line no-await-in-loop -- nothing is opened
    await expect(open(at("good.onnx"), { guarded: guarded as never })).rejects.toMatchObject({
      code: "bad-option",
    });
  }
});

test("a recipe makes the same pictures again, in data and by its path", async () => {
  const made = await net.maximize({ layer: "features", channel: [0, 2], steps: 3, seed: 5 });
  await made.save(at("made"));
  for (const recipe of [made.recipe, at("made/recipe.json")]) {
    // oxlint-disable-next-line no-await-in-loop -- two small maximisations
    const again = await net.maximize({ recipe });
    expect(again.recipe).toEqual(made.recipe);
    expect(again.pictures).toEqual(made.pictures);
  }
  const more = net.maximize({ recipe: made.recipe, steps: 4 });
  await expect(more).rejects.toThrow(/^steps: it must be the recipe's/);
  await expect(net.maximize({ recipe: {} as never })).rejects.toMatchObject({ code: "bad-file" });
});

test("advice is what the library takes", async () => {
  await expect(net.maximize({})).rejects.toThrow("everyConvolution: true");
  await expect(
    net.maximize({ everyConvolution: true, channel: 0, steps: 1 }),
  ).resolves.toBeDefined();
});

test.each([false, true])("a closed network says so, guarded: %j", async (guarded) => {
  const other = await open(at("good.onnx"), { preprocess: "unit", guarded });
  const running = other.explain(at("good.png"), { method: "occlusion" });
  const ended = expect(running).rejects.toThrow(
    /^explain: the network must be open, got close\(\)/,
  );
  await other.close();
  await ended.catch(() => running);
  for (const ask of [
    other.explain(at("good.png")),
    other.inspect(),
    other.maximize({ class: 0 }),
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- nothing is done
    await expect(ask).rejects.toThrow(/the network must be open, got one that was closed/);
  }
  await other.close();
});
