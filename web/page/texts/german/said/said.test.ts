/** @file What the core says of maps and methods has its German, and German stands for what the core still says. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { methodEntries } from "../../../../../src/attribution/registry.ts";
import { describeMap } from "../../../../../src/attribution/diagnosis/describe-map.ts";
import { concentration } from "../../../../../src/attribution/diagnosis/why-blank.ts";
import { warningsOf, type Heatmap } from "../../../../../src/attribution/heatmap.ts";
import { checkedText } from "../../../../../src/attribution/check/self-check.ts";
import { imprecise } from "../../../../../src/attribution/perturbation/estimate-error.ts";
import { defaultText } from "../../../../../src/wording/option.ts";
import { wordsOf } from "../../../../../src/wording/face.ts";
import { pageWords } from "../../../../worker/desk.ts";
import { catalogGerman, translateGerman } from "./index.ts";

/** German for a sentence, in which nothing of it is left that is English alone. */
function german(sentence: string): string {
  const said = translateGerman(sentence);
  expect(said, sentence).toBeDefined();
  expect(said).not.toMatch(/\b(the|of|which|what|is|are|with|from|picture|network)\b/);
  return said!;
}

const number = fc.oneof(
  { weight: 8, arbitrary: fc.float({ min: -4, max: 4, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, NaN, Infinity) },
);

const map = fc
  .tuple(
    fc.constantFrom("picture", "signal", "volume", "flat", "numbers"),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom(-1, 0, 1),
  )
  .chain(([kind, a, b, sign]) => {
    const dims = kind === "volume" ? [2, a, b] : kind === "picture" ? [a, b] : [a * b];
    const size = dims.reduce((all, side) => all * side, 1);
    const signed = number.map((value) => (sign === 0 ? value : sign * Math.abs(value)));
    const data = fc.oneof(
      fc.array(signed, { minLength: size, maxLength: size }),
      signed.map((value) => Array<number>(size).fill(value)),
    );
    return data.map((values) => ({ kind, dims, data: Float32Array.from(values) }));
  });

test("whatever a map shows is said in German", () => {
  fc.assert(
    fc.property(
      map,
      fc.option(fc.record({ evaluations: fc.nat(9999), error: fc.double({ min: 0, max: 2 }) })),
      (drawn, figures) => {
        german(describeMap({ ...drawn, ...(figures ? { figures: { ...figures } } : {}) }).text);
      },
    ),
    { numRuns: 500 },
  );
});

test("whatever is odd about a map is said in German", () => {
  const layer = fc.boolean();
  fc.assert(
    fc.property(map, layer, ({ data }, isAtLayer) => {
      const beforeRelu = data.map((value) => value - 1);
      const found = warningsOf(data, isAtLayer ? { beforeRelu } : undefined);
      for (const { message } of found) german(wordsOf(message, pageWords));
    }),
    { numRuns: 500 },
  );
  for (const reached of [0.5, 3, NaN, Infinity]) {
    for (const { message } of imprecise(reached, { error: 0.2, samples: undefined }))
      german(wordsOf(message, pageWords));
  }
  const one = { data: Float32Array.from({ length: 1000 }, (_, i) => (i === 3 ? 1 : 0)) };
  const small = { ...one, dims: [20, 50], kind: "picture" } as unknown as Heatmap;
  for (const { message } of concentration(small, [])) german(wordsOf(message, pageWords));
});

test("every check is said in German", () => {
  const staircase = { operator: "Round", name: "steps" };
  const agreeing = { verdict: "agrees", error: 3e-4, forward: 0 } as const;
  for (const derivative of [
    undefined,
    agreeing,
    { ...agreeing, verdict: "rough", staircase } as const,
    { ...agreeing, verdict: "rough" } as const,
  ]) {
    for (const forward of [0, 1e-5, 0.07])
      german(checkedText({ forward, derivative } as Parameters<typeof checkedText>[0]));
  }
});

test("every method and each of its settings is told of in German", () => {
  const told = methodEntries().flatMap(([, { info }]) => [
    info.description,
    // The layer is chosen in the strip.
    ...Object.entries(info.options)
      .filter(([name]) => name !== "layer")
      .flatMap(([, option]) => [option.description, defaultText(option)]),
  ]);
  const sentences = told.filter((text) => / [a-z]+ /.test(text) || / (noise|masks)$/.test(text));
  expect(sentences.length).toBeGreaterThan(80);
  for (const text of sentences) expect(translateGerman(text), text).toBeDefined();
});

test("both languages have the same braces", () => {
  const braces = (text: string) => (text.match(/\{[a-zA-Z]+\}/g) ?? []).toSorted();
  for (const [english, other] of catalogGerman.pairs)
    expect(braces(other)).toEqual(braces(english));
});

const root = join(import.meta.dirname, "../../../../../src");
const source = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  .map((path) => readFileSync(join(root, path), "utf8"))
  .join("\n")
  .replaceAll(/\W+/g, " ");

test("no German is kept for what the core says no more", () => {
  for (const [english] of catalogGerman.pairs) {
    const threes = english.split(/\{[a-zA-Z]+\}/).flatMap((piece) => {
      const words = piece.match(/\w+/g) ?? [];
      return words.slice(2).map((_, i) => words.slice(i, i + 3).join(" "));
    });
    const there = threes.filter((three) => source.includes(three)).length;
    expect(there, english).toBeGreaterThanOrEqual(0.5 * threes.length);
  }
});
