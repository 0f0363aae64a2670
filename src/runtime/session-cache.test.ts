/** @file Which sessions are kept, and that every one is released exactly once. */
import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor } from "../graph/tensor.ts";
import { SessionCache, type CacheLimits } from "./session-cache.ts";

/** A graph with weights of so many bytes and nothing else. */
function graphOf(name: string, bytes = 4): Graph {
  const b = new GraphBuilder();
  b.initializer("w", tensor("uint8", [bytes], new Uint8Array(bytes)));
  return b.build(name);
}

/** A cache whose sessions write down when they open and close. */
function loggingCache(limits: CacheLimits) {
  const log: string[] = [];
  const open = async ({ name }: Graph) => {
    log.push(`open ${name}`);
    if (name === "broken") throw new Error("does not compile");
    return {
      run: async () => ({}),
      release: async () => {
        log.push(`close ${name}`);
      },
    };
  };
  return { cache: new SessionCache(open, limits), log };
}

const nothing = async () => {};
const [a, b, c] = [graphOf("a"), graphOf("b"), graphOf("c")];

test("opens a graph once and keeps the most recently used", async () => {
  const { cache, log } = loggingCache({ sessions: 2, bytes: 100 });
  for (const graph of [a, b, a, c, a, b]) await cache.use(graph, nothing);
  expect(log).toEqual(["open a", "open b", "close b", "open c", "close c", "open b"]);
});

test("makes room by bytes before it opens, and keeps the newest whatever its size", async () => {
  const { cache, log } = loggingCache({ sessions: 9, bytes: 10 });
  const huge = graphOf("huge", 50);
  for (const graph of [a, b, huge, c]) await cache.use(graph, nothing);
  expect(log).toEqual([
    "open a",
    "open b",
    "close a",
    "close b",
    "open huge",
    "close huge",
    "open c",
  ]);
});

test("opens a graph once for users that overlap, and closes it when the last is done", async () => {
  const { cache, log } = loggingCache({ sessions: 1, bytes: 100 });
  let finish = () => {};
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const first = cache.use(a, () => slow);
  const second = cache.use(a, nothing);
  await second;
  await cache.use(b, nothing);
  expect(log).toEqual(["open a", "open b"]);
  finish();
  await first;
  expect(log).toEqual(["open a", "open b", "close a"]);
});

test("releases all, those in use when they are done, and opens anew", async () => {
  const { cache, log } = loggingCache({ sessions: 9, bytes: 100 });
  await cache.use(a, nothing);
  const inUse = cache.use(b, () => cache.release());
  await inUse;
  expect(log).toEqual(["open a", "open b", "close a", "close b"]);
  await cache.use(a, nothing);
  expect(log.at(-1)).toBe("open a");
});

test("forgets a graph that does not open, and work that fails costs no session", async () => {
  const { cache, log } = loggingCache({ sessions: 2, bytes: 100 });
  const broken = graphOf("broken");
  await expect(cache.use(broken, nothing)).rejects.toThrow("does not compile");
  await expect(cache.use(broken, nothing)).rejects.toThrow("does not compile");
  await expect(cache.use(a, () => Promise.reject(new Error("fails")))).rejects.toThrow("fails");
  await cache.use(a, nothing);
  expect(log).toEqual(["open broken", "open broken", "open a"]);
});

test("what nobody uses makes room for a session that is opened beside the cache", async () => {
  const { cache, log } = loggingCache({ sessions: 2, bytes: 10 });
  for (const graph of [a, b]) await cache.use(graph, nothing);
  await cache.makeRoomFor(graphOf("small", 2));
  expect(log).toEqual(["open a", "open b"]);
  await cache.makeRoomFor(graphOf("larger", 5));
  expect(log).toEqual(["open a", "open b", "close a"]);
});
