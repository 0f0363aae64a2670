/** @file The modules without which some others do not run, and what of them goes to another file. */
import { existsSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import {
  isWithin,
  modulePartsOf,
  type ModuleParts,
  type TopValue,
  type ValueImport,
} from "./module-parts.ts";
import { placeBehind } from "./module-place.ts";
import type { SplitModule } from "./split-module.ts";

/** Names of functions by the paths of their modules from the root. */
export type FunctionNames = Readonly<Record<string, readonly string[]>>;

interface ReadModule {
  readonly source: string;
  readonly parts: ModuleParts;
}

/** The modules of some entries, by their whole paths; functions that are named go, and what only they read. */
export function firstModules(
  root: string,
  entries: readonly string[],
  going: FunctionNames,
): ReadonlyMap<string, SplitModule> {
  const read = readModules(entries.map((entry) => resolve(root, entry)));
  requireNoCircle(read);
  const loaded = new Set(entries.map((entry) => resolve(root, entry)));
  for (const [id, { parts }] of read) {
    for (const from of parts.loaded) loaded.add(placeBehind(id, from));
  }
  let modules = new Map<string, SplitModule>();
  for (const [id, { source, parts }] of read) {
    const names = new Set(going[relative(root, id)]);
    const functions = parts.functions.filter(({ name }) => names.has(name));
    // Who loads a module finds in it all that it exports.
    const values = parts.values.filter(({ isExported }) => !isExported || !loaded.has(id));
    modules.set(id, { id, source, parts, functions, values });
  }
  const takers = takersOf(read);
  for (let isDone = false; !isDone;) {
    const smaller = new Map(
      [...modules].map(([id, one]) => [id, withoutRead(one, modules, takers.get(id))]),
    );
    isDone = [...smaller].every(
      ([id, { values }]) => values.length === modules.get(id)!.values.length,
    );
    modules = smaller;
  }
  return modules;
}

function readModules(entries: readonly string[]): ReadonlyMap<string, ReadModule> {
  const found = new Map<string, ReadModule>();
  const open = [...entries];
  for (const id of open) {
    if (found.has(id) || !id.endsWith(".ts") || !existsSync(id)) continue;
    const source = readFileSync(id, "utf8");
    const parts = modulePartsOf(source);
    found.set(id, { source, parts });
    const needed = [...parts.imports.map(({ from }) => from), ...parts.givenOn];
    open.push(...needed.map((from) => placeBehind(id, from)));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What stands in for a function is there once its module has run; in a circle of modules another may read it before. */
function requireNoCircle(read: ReadonlyMap<string, ReadModule>): void {
  const done = new Set<string>();
  const visit = (id: string, way: readonly string[]): void => {
    if (way.includes(id)) {
      const circle = [...way.slice(way.indexOf(id)), id].join(" > ");
      throw new Error(
        `first map: modules must not import each other in a circle, got ${circle}. part them.`,
      );
    }
    if (done.has(id)) return;
    const { imports = [], givenOn = [] } = read.get(id)?.parts ?? {};
    for (const from of [...imports.map((one) => one.from), ...givenOn]) {
      visit(placeBehind(id, from), [...way, id]);
    }
    done.add(id);
  };
  for (const id of read.keys()) visit(id, []);
}

/** What a module takes of another. */
interface Taker {
  readonly id: string;
  /** Undefined where it gives all on. */
  readonly names: ValueImport["names"] | undefined;
}

/** Who takes something of each module. */
function takersOf(read: ReadonlyMap<string, ReadModule>): ReadonlyMap<string, readonly Taker[]> {
  const found = new Map<string, Taker[]>();
  const add = (from: string, taker: Taker) => {
    const place = placeBehind(taker.id, from);
    found.set(place, [...(found.get(place) ?? []), taker]);
  };
  for (const [id, { parts }] of read) {
    for (const { from, names } of parts.imports) add(from, { id, names });
    for (const from of parts.givenOn) add(from, { id, names: undefined });
  }
  return found;
}

/** Without the values that something reads that stays. */
function withoutRead(
  module: SplitModule,
  modules: ReadonlyMap<string, SplitModule>,
  takers: readonly Taker[] = [],
): SplitModule {
  const values = module.values.filter(
    (value) =>
      !module.functions.some(
        ({ name }) => name === value.name || name.startsWith(`${value.name}.`),
      ) &&
      isReadLater(module, value.name) &&
      (!value.isExported || isTakenLater(value, modules, takers)),
  );
  return { ...module, values };
}

function isTakenLater(
  { name }: TopValue,
  modules: ReadonlyMap<string, SplitModule>,
  takers: readonly Taker[],
): boolean {
  return takers.every(({ id, names }) =>
    names?.every(({ imported, local }) => {
      if (imported === undefined) return false;
      return imported !== name || isReadLater(modules.get(id)!, local);
    }),
  );
}

/** Whether all places that write a name lie in what goes, or in an import. */
function isReadLater({ parts, functions, values }: SplitModule, name: string): boolean {
  const places = parts.written.get(name) ?? [];
  const spans = [...functions, ...values, ...parts.imports].map(({ span }) => span);
  return places.every((place) => spans.some((span) => isWithin(place, span)));
}
