/** @file A runtime of two: which computes what, and what becomes of a graph that the card refuses. */
import { expect, test } from "vitest";
import { LimpidError } from "../../src/errors.ts";
import { smallestGraph } from "../../src/runtime/smallest-graph.ts";
import type { Runtime, Session } from "../../src/runtime/runtime.ts";
import { tensorOf } from "../../src/graph/tensor.ts";
import { SwitchedRuntime } from "./switched-runtime.ts";

/** Gives its number, or throws what it is told to. */
function runtimeOf(name: string, number: number, failure?: () => unknown): Runtime {
  const run: Session["run"] = async () => {
    if (failure) throw failure();
    return { y: tensorOf("float32", [1], [number]) };
  };
  return {
    name,
    open: async () => ({ run, release: async () => undefined }),
    run: async (_, feeds, options) => run(feeds, options),
    release: async () => undefined,
  };
}

const numberOf = async (runtime: Runtime) =>
  Number((await runtime.run(smallestGraph, {}))["y"]!.data[0]);

test("the processor computes until it is turned, and what runs once always", async () => {
  const runtime = new SwitchedRuntime(
    runtimeOf("processor", 1),
    async () => runtimeOf("card", 2),
    () => undefined,
  );
  expect([runtime.name, await numberOf(runtime)]).toEqual(["processor", 1]);
  await runtime.turnTo("card");
  expect([runtime.name, runtime.side, await numberOf(runtime)]).toEqual(["card", "card", 2]);
  const once = await runtime.open(smallestGraph, { optimization: "none" });
  expect((await once.run({}))["y"]!.data[0]).toBe(1);
  await runtime.turnTo("processor");
  expect(await numberOf(runtime)).toBe(1);
});

test("a graph that the card refuses is the processor's from then on, and that is told once", async () => {
  const refusals: string[] = [];
  const refused = () => new LimpidError("runtime", "card: the run must succeed, got none.");
  const runtime = new SwitchedRuntime(
    runtimeOf("processor", 1),
    async () => runtimeOf("card", 2, refused),
    ({ message }) => refusals.push(message),
  );
  await runtime.turnTo("card");
  expect(await numberOf(runtime)).toBe(1);
  expect(await numberOf(runtime)).toBe(1);
  expect(refusals).toEqual(["card: the run must succeed, got none."]);
});

test.each<[string, () => unknown]>([
  ["a stop", () => new LimpidError("aborted", "card: stopped before it was done.")],
  ["a bug", () => new Error("a bug")],
  [
    "a fall",
    () =>
      new LimpidError("runtime", "card: the run must succeed, got a fall.", {
        cause: new WebAssembly.RuntimeError("unreachable"),
      }),
  ],
])("%s is nothing that the processor mends", async (_, failure) => {
  const card = async () => runtimeOf("card", 2, failure);
  const runtime = new SwitchedRuntime(runtimeOf("processor", 1), card, () => undefined);
  await runtime.turnTo("card");
  await expect(numberOf(runtime)).rejects.toThrow();
});

test("what the processor refuses too is said as the processor says it, and is no matter of the card", async () => {
  const refusals: string[] = [];
  const failing = (name: string) =>
    runtimeOf(name, 0, () => new LimpidError("runtime", `${name}: no.`));
  const runtime = new SwitchedRuntime(
    failing("processor"),
    async () => failing("card"),
    ({ message }) => refusals.push(message),
  );
  await runtime.turnTo("card");
  await expect(numberOf(runtime)).rejects.toThrow("processor: no.");
  expect(refusals).toEqual([]);
});
