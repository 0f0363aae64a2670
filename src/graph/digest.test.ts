import * as fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { GraphBuilder } from "./builder.ts";
import { digestBytes, digestGraph } from "./digest.ts";
import type { Graph } from "./graph.ts";

function network({ weight = 1, alpha = 0.5, name = "first" } = {}): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2]);
  const y = b.op("LeakyRelu", [b.mul(x, b.constant([weight, 2], [2]))], { alpha });
  b.output(y);
  return b.build(name);
}

test("equal networks have equal digests, whatever they are called", async () => {
  const digest = await digestGraph(network());
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(await digestGraph(network({ name: "second" }))).toBe(digest);
});

test.each([
  ["a weight", { weight: 1 + 2 ** -20 }],
  ["an attribute", { alpha: 0.25 }],
])("another value of %s changes the digest", async (_, change) => {
  expect(await digestGraph(network(change))).not.toBe(await digestGraph(network()));
});

describe("a page without https", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("has the same digests", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(7), async (whole, from) => {
        const part = whole.subarray(Math.min(from, whole.length));
        vi.stubGlobal("crypto", { getRandomValues: () => undefined });
        const got = await digestBytes(part);
        vi.unstubAllGlobals();
        expect(got).toBe(await digestBytes(part));
      }),
    );
  });
});
