/** @file A build whose first file leaves out what is not called at first computes the same, with what comes later. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firstMapCode } from "../scripts/first-map/first-map-code.ts";
import { firstModules } from "../scripts/first-map/first-modules.ts";
import { modulePartsOf } from "../scripts/first-map/module-parts.ts";

const rare = `
import { doubled, Shape, type Side } from "./base.ts";

const words = { none: "nothing of it" };
const first = words.none;
let count = 0;

/** Reads functions that stand below it. */
export const early = [rareSum, rareLater] as const;

class Hidden {
  readonly said = first;
}

export class Told extends Shape {
  readonly side: Side = 3;
}

export function rareSum(a: number, ...others: readonly number[]): number {
  return others.reduce((sum, one) => sum + doubled(one), hiddenOf(a));
}

function hiddenOf(a: number): number {
  return a + new Hidden().said.length + new Told().side;
}

export async function rareLater(): Promise<string> {
  return \`\${words.none}, later\`;
}

export const rareArrow = (a: number): number => hiddenOf(a) * 10;

export function counted(): number {
  count += 1;
  return count;
}

const hiddenWords = "told of it";

export const table = {
  usual: (a: number): number => a,
  get words() {
    return hiddenWords;
  },
  odd: (a: number): number => {
    const many = [a, a + 1, a + 2, a + 3].map((one) => doubled(one) + rareArrow(one)).reduce((sum, one) => sum + one, 0);
    return many;
  },
} as const;
`;

const files = {
  "base.ts": `
    export type Side = number;
    export class Shape { readonly kind = "shape"; }
    export function doubled(a: number): number { return 2 * a; }
    export function plain(a: number): number { return a - 1; }
  `,
  "rare.ts": rare,
  "outside.ts": `
    import { rareSum, table, Told } from "./rare.ts";
    export const atOnce = rareSum(1);
    export const all = [rareSum(1, 2), table.odd(1), new Told().kind];
  `,
  "package.json": '{ "type": "module", "sideEffects": ["./entry.ts"] }',
  "registry.ts": readFileSync(new URL("../web/worker/later-code.ts", import.meta.url), "utf8"),
  "later-functions.ts": "export {};",
  "entry.ts": `
    import { plain } from "./base.ts";
    import { counted, early, rareArrow, rareLater, rareSum, table } from "./rare.ts";
    import { withLaterCode } from "./registry.ts";
    globalThis.builtEntry = {
    firstOf: () => [plain(3), table.usual(4), counted(), counted()],
    sum: () => withLaterCode(async () => rareSum(1, 2)),
    swallowed: () => withLaterCode(async () => {
      try { return rareArrow(1); } catch { return "none"; }
    }),
    bare: () => rareSum(1, 2),
    said: () => rareLater(),
    odd: () => withLaterCode(async () => table.odd(1)),
    plainly: () => withLaterCode(async () => "plain"),
    words: () => withLaterCode(async () => table.words),
    early: () => withLaterCode(async () => [early[0](1, 2), await early[1]()]),
    outside: async () => (await import("./outside.ts")).all,
    };
  `,
};

interface Entry {
  firstOf(): readonly number[];
  sum(): Promise<number>;
  swallowed(): Promise<number>;
  bare(): number;
  said(): Promise<string>;
  odd(): Promise<number>;
  plainly(): Promise<string>;
  words(): Promise<string>;
  early(): Promise<readonly [number, string]>;
  outside(): Promise<readonly unknown[]>;
}

let folder: string;
let copies = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "limpid-first-map-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const notCalled = {
    "rare.ts": [
      "rareSum",
      "hiddenOf",
      "rareLater",
      "rareArrow",
      "counted",
      "table.odd",
      "table.words",
      "gone",
    ],
  };
  await build({
    configFile: false,
    logLevel: "error",
    root: folder,
    plugins: [
      firstMapCode({
        root: folder,
        entries: ["entry.ts"],
        notCalled,
        registry: "registry.ts",
        later: "later-functions.ts",
      }),
    ],
    build: {
      outDir: join(folder, "built"),
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: join(folder, "entry.ts"),
        preserveEntrySignatures: false,
        output: {
          entryFileNames: "entry.js",
          codeSplitting: {
            groups: [
              {
                name: "later",
                test: /\?later$|later-functions/,
                includeDependenciesRecursively: false,
              },
            ],
          },
        },
      },
    },
  });
});

afterAll(() => rmSync(folder, { recursive: true }));

/** The built entry as if nothing of it had been loaded yet. */
async function anew(): Promise<Entry> {
  const copy = join(folder, `copy-${(copies += 1)}`);
  cpSync(join(folder, "built"), copy, { recursive: true });
  await import(pathToFileURL(join(copy, "entry.js")).href);
  return (globalThis as unknown as { readonly builtEntry: Entry }).builtEntry;
}

const sum = 1 + "nothing of it".length + 3 + 4;
const arrow = (a: number) => (a + "nothing of it".length + 3) * 10;

test("what is called at first is there, and what changes a variable of its module", async () => {
  expect((await anew()).firstOf()).toEqual([2, 4, 1, 2]);
});

test("what is called later is not in the first file, nor is what it alone reads", () => {
  const first = readFileSync(join(folder, "built/entry.js"), "utf8");
  for (const text of ["nothing of it", "told of it", "Hidden", "Told", "* 10", "a + 3"])
    expect(first).not.toContain(text);
  expect(first).toContain("count += 1");
});

test("an answer that misses it is made anew, also where what it threw was caught", async () => {
  expect(await (await anew()).sum()).toBe(sum);
  expect(await (await anew()).swallowed()).toBe(arrow(1));
  const odd = [1, 2, 3, 4].reduce((all, one) => all + 2 * one + arrow(one), 0);
  expect(await (await anew()).odd()).toBe(odd);
  expect(await (await anew()).words()).toBe("told of it");
});

test("tables that stand before a function have what stands in for it", async () => {
  expect(await (await anew()).early()).toEqual([sum, "nothing of it, later"]);
});

test("one that is made meanwhile hides none that misses it", async () => {
  const entry = await anew();
  const missing = entry.swallowed();
  expect(await Promise.all([missing, entry.plainly()])).toEqual([arrow(1), "plain"]);
});

test("it is missed aloud, until it is there", async () => {
  const entry = await anew();
  expect(() => entry.bare()).toThrow("page: code must be there");
  await entry.sum();
  expect(entry.bare()).toBe(sum);
});

test("a function that may wait waits for it", async () => {
  expect(await (await anew()).said()).toBe("nothing of it, later");
});

test("a module that comes later has it when it runs", async () => {
  const odd = [1, 2, 3, 4].reduce((all, one) => all + 2 * one + arrow(one), 0);
  expect(await (await anew()).outside()).toEqual([sum, odd, "shape"]);
});

test("overloaded functions stay, and types are no values", () => {
  const parts = modulePartsOf(`
    import type { A } from "./a.ts";
    import { type B, c } from "./b.ts";
    export function two(a: string): string;
    export function two(a: number): number;
    export function two(a: unknown): unknown { return a; }
    export const one = (): B => c();
  `);
  expect(parts.functions.map(({ name }) => name)).toEqual(["one"]);
  expect(parts.imports.map(({ names }) => names.map(({ local }) => local))).toEqual([["c"]]);
});

test("modules that import each other in a circle are refused", () => {
  writeFileSync(
    join(folder, "one.ts"),
    'import { two } from "./two.ts"; export const one = () => two;',
  );
  writeFileSync(
    join(folder, "two.ts"),
    'import { one } from "./one.ts"; export const two = () => one;',
  );
  expect(() => firstModules(folder, ["one.ts"], {})).toThrow(
    /in a circle, got .*one\.ts > .*two\.ts/,
  );
});

test("functions that another file cannot call as they are stay where they are", () => {
  const { functions, declared } = modulePartsOf(`
    export const { a, of: [b = 1, ...rest] } = given();
    let last = 0;
    export function* each() { yield a; }
    export function owner(this: unknown) { return this; }
    export function many() { return arguments.length; }
    export function swapped() { [last] = [b]; return rest; }
    export function listed(all: number[]) { for (last of all); }
    export function free() { return last; }
  `);
  expect(functions.map(({ name }) => name)).toEqual(["free"]);
  expect([...declared.keys()].slice(0, 4)).toEqual(["a", "b", "rest", "last"]);
});
