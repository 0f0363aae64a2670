/** @file Before every test file: our matchers, the seed of all properties, and no unexpected word on the console. */
import { configureGlobal } from "fast-check";
import { afterAll, afterEach, expect } from "vitest";
import "./matchers.ts";
import { propertySeed } from "./property-seed.ts";

configureGlobal({ seed: propertySeed(process.env["LIMPID_PROPERTY_SEED"]) });

const said: unknown[][] = [];
for (const level of ["warn", "error"] as const) {
  const print = console[level];
  console[level] = (...words: unknown[]) => {
    said.push([level, ...words]);
    print(...words);
  };
}

function expectSilence(): void {
  expect(said.splice(0), "words on the console").toEqual([]);
}

afterEach(expectSilence);
afterAll(expectSilence);
