/** @file The fuzzer itself: its corpus is small and good, its mutations are of the format, and its first inputs hold. */
import * as fc from "fast-check";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { corpusOf } from "./fuzz/corpus.ts";
import { releaseRuntime } from "./fuzz/guarded.ts";
import { inputOf, turnsOf } from "./fuzz/inputs.ts";
import { readFields, writeFields } from "./fuzz/mutations/protobuf.ts";
import { readers } from "./fuzz/readers/index.ts";
import { fuzz } from "./fuzz/watch.ts";

const root = fileURLToPath(new URL("fuzz/corpus/", import.meta.url));

afterAll(releaseRuntime);

test("the corpus is small", () => {
  const files = readdirSync(root, { recursive: true, encoding: "utf8" })
    .map((path) => statSync(join(root, path)))
    .filter((info) => info.isFile());
  expect(Math.max(...files.map(({ size }) => size))).toBeLessThan(10_000);
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(300_000);
});

/** What runs in the guard is for the fuzzer itself, which takes seconds. */
const withoutRuns = readers.filter(({ name }) => name !== "model" && !name.endsWith("-job"));

describe("the corpus is what each reader takes", () => {
  test.each(withoutRuns.map((reader) => [reader.name, reader] as const))(
    "%s",
    async (_, reader) => {
      const folder = mkdtempSync(join(tmpdir(), "limpid-fuzz-"));
      const scene = { folder, number: 0, note: () => {} };
      const refused: string[] = [];
      for (const [i, bytes] of (await reader.seeds()).entries()) {
        try {
          if (!(await reader.read(bytes, scene))) refused.push(`${i} is another thing`);
        } catch (error) {
          refused.push(`${i}: ${String(error)}`);
        }
      }
      rmSync(folder, { recursive: true, force: true });
      expect(refused).toEqual([]);
    },
  );
});

test("messages are written as they were read", () => {
  const all = corpusOf("onnx");
  for (const bytes of all) expect(writeFields(readFields(bytes)!)).toEqual(bytes);
});

test("an input is made from its number alone", () => {
  const number = fc.nat(2 ** 40);
  const drawn = fc.asyncProperty(fc.nat(2 ** 31), number, async (seed, n) => {
    const reader = turnsOf(undefined)(n);
    const again = turnsOf(reader.name)(n);
    expect(await inputOf(again, seed, n)).toEqual(await inputOf(reader, seed, n));
  });
  return fc.assert(drawn, { numRuns: 50 });
});

test("the first inputs of a seed hold", async () => {
  const untilMs = Date.now() + 60_000;
  const { faults, next, tallies } = await fuzz({ seed: 13, from: 0, end: 300, untilMs }, () => {});
  expect(faults).toEqual([]);
  expect(next).toBe(300);
  expect(tallies["model"]!.accepted).toBeGreaterThan(0);
});
