/** @file No message that can reach the page speaks of the command's options: what the core says there is worded by `pageWords`. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { parseSync } from "vite";
import { expect, test } from "vitest";
import { command, option, say, wordsOf } from "../../src/wording/face.ts";
import { limitOptions } from "../../src/wording/limits.ts";
import { pageWords } from "./desk.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Module {
  readonly imports: readonly string[];
  /** Texts of the code, without the names of modules. */
  readonly texts: readonly string[];
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Facts of methods and layouts of detectors that stand in documents alone. */
const unsaid: ReadonlySet<string> = new Set(["departures", "networks"]);

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

function moduleAt(path: string): Module {
  const { program } = parseSync(path, readFileSync(path, "utf8"));
  const imports: string[] = [];
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    if (!isNode(value)) return;
    const { type, source } = value;
    const isOfTypes = value["importKind"] === "type" || value["exportKind"] === "type";
    if (/^(Import|Export\w*)(Declaration|Expression)$/.test(type) && isNode(source)) {
      if (!isOfTypes && typeof source["value"] === "string") imports.push(source["value"]);
      return;
    }
    if (type === "Literal" && typeof value["value"] === "string") texts.push(value["value"]);
    if (type === "TemplateElement")
      texts.push((value["value"] as { readonly cooked: string }).cooked);
    const key = value["key"];
    if (type === "Property" && isNode(key) && unsaid.has(String(key["name"]))) return;
    for (const each of Object.values(value)) visit(each);
  };
  visit(program);
  return { imports, texts };
}

/** All that the worker can come to load, by path from the root. */
function reached(): ReadonlyMap<string, Module> {
  const found = new Map<string, Module>();
  const waiting = [resolve(root, "web/worker/worker.ts")];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const name = relative(root, path);
    if (found.has(name) || !/\.tsx?$/.test(path) || !existsSync(path)) continue;
    const module = moduleAt(path);
    found.set(name, module);
    for (const from of module.imports)
      if (from.startsWith(".")) waiting.push(resolve(dirname(path), from));
  }
  return found;
}

/** Files whose texts with dashes are no messages, and why. */
const allowed: Readonly<Record<string, string>> = {
  "src/report/figure.ts": "CSS of the report",
  "src/report/findings-page.ts": "CSS of the report",
  "src/report/style.ts": "CSS of the report",
};

test("no text that the worker can say names an option of the command", () => {
  const modules = reached();
  expect(modules.size).toBeGreaterThan(300);
  const told = [...modules].flatMap(([name, { texts }]) =>
    Object.hasOwn(allowed, name)
      ? []
      : texts.filter((text) => /--[a-z]/.test(text)).map((text) => `${name}: ${text}`),
  );
  expect(told).toEqual([]);
  for (const name of Object.keys(allowed)) expect(modules.has(name), name).toBe(true);
});

test("whatever the core offers, the page words without an option of the command", () => {
  const name = fc.oneof(
    fc.stringMatching(/^[a-z]+(-[a-z]+)*$/),
    fc.constantFrom(...Object.keys(limitOptions)),
  );
  fc.assert(
    fc.property(name, fc.option(fc.stringMatching(/^\w*$/), { nil: undefined }), (each, value) => {
      const said = wordsOf(
        say`a: b must be c. give ${option(each, value)}, or ${command(each, value)}.`,
        pageWords,
      );
      expect(said).not.toMatch(/--\w/);
      expect(said).not.toMatch(/limpid /);
    }),
  );
});
