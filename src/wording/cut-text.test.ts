import { expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { cutText } from "./cut-text.ts";

test("short messages stay", () => {
  const text = 'trace: a "name" must hold, got "other". do this.';
  expect(cutText(text)).toBe(text);
});

test("long names are cut in the middle", () => {
  const cut = cutText(`got "${"a".repeat(5000)}${"z".repeat(5000)}" and "${"b".repeat(500)}".`);
  expect(cut).toBe(`got "${"a".repeat(120)}…${"z".repeat(40)}" and "${"b".repeat(500)}".`);
});

test("long lists and words are cut in the middle", () => {
  const list = `[${Array<number>(1000).fill(1).join(", ")}]`;
  expect(cutText(`got ${list}.`)).toMatch(/^got \[1, 1, .{100,}…[^…]{30,}1\]\.$/);
  expect(cutText(`got ${"R".repeat(1e6)} ("y")`)).toHaveLength(4 + 121 + 1 + 41 + 6);
});

test("messages of many names are cut at the end", () => {
  const cut = cutText(Array.from({ length: 10_000 }, (_, i) => `"node-${i}"`).join(", "));
  expect(cut).toHaveLength(4000 + "… (114888 letters more)".length);
  expect(cut).toMatch(/… \(\d+ letters more\)$/);
});

test("errors are cut", () => {
  const error = new LimpidError("bad-file", `model: got "${"n".repeat(1e6)}".`);
  expect(error.message).toHaveLength(12 + 161 + 2);
});
