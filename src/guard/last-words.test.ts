import { expect, test } from "vitest";
import { lastWords, type Ending } from "./last-words.ts";

const ending: Ending = {
  command: "attribute",
  model: "m.onnx",
  isStopped: false,
  signal: "SIGABRT",
  noise: "",
};

test.each<[string, Partial<Ending>, RegExp]>([
  ["an abort", {}, /^limpid: guard: "m\.onnx" must .*SIGABRT in native code.*--debug/],
  ["no model yet", { model: undefined }, /^limpid: guard: limpid attribute must .*SIGABRT/],
  ["a name that commands", { model: "\u001b[2Jm" }, /"\\x1b\[2Jm"/],
  ["the system's hand", { signal: "SIGKILL" }, /where memory runs out/],
  ["a full heap", { noise: "JavaScript heap out of memory" }, /full heap of JavaScript/],
  ["Ctrl-C", { isStopped: true }, /^limpid: attribute: stopped before it was done/],
  ["no process", { error: new Error("spawn EAGAIN") }, /must start.*EAGAIN/],
  [
    "memory",
    { beyond: { kind: "limit", limit: "memory", is: 2 ** 30, got: 2 ** 31 } },
    /within 1g of memory, got 2g\..*--memory-limit/,
  ],
  [
    "time",
    { beyond: { kind: "limit", limit: "time", is: 9, got: 9.2 } },
    /within 9s, got 10s\..*--time-limit/,
  ],
])("%s is one line", (_, how, line) => {
  const text = lastWords({ ...ending, ...how });
  expect(text).toMatch(line);
  expect(text.match(/\n/g)).toHaveLength(1);
  expect(text.endsWith("\n")).toBe(true);
});
