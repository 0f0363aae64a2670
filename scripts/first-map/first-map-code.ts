/** @file Of the modules that the first map needs, what it does not call is put into a file of its own. */
import { resolve } from "node:path";
import type { Plugin } from "vite";
import { firstModules, type FunctionNames } from "./first-modules.ts";
import { modulePartsOf, type ValueImport } from "./module-parts.ts";
import { placeBehind } from "./module-place.ts";
import {
  directText,
  exportedName,
  firstText,
  laterText,
  type SplitModule,
  type Surroundings,
} from "./split-module.ts";

export interface FirstMapRequest {
  /** The folder that all paths start from, and in which a module lies that is no package's. */
  readonly root: string;
  /** Modules that the first map calls. */
  readonly entries: readonly string[];
  /** Functions that it does not call. */
  readonly notCalled: FunctionNames;
  /** The module that calls later functions by their numbers, and the one that brings them. */
  readonly registry: string;
  readonly later: string;
}

/** Of the id of a module's rest. */
const suffix = "?later";

/** For an ES build of a worker whose entries share one file, and in which the rests of modules share another. */
export function firstMapCode(request: FirstMapRequest): Plugin {
  const { root } = request;
  const [registry, later] = [resolve(root, request.registry), resolve(root, request.later)];
  const all = firstModules(root, request.entries, request.notCalled);
  // What stands in for functions is named by no source.
  const modules = new Map([...all].filter(([id]) => id !== registry));
  const split = [...modules.values()].filter(hasRest);
  const around = surroundingsOf(modules, registry);
  const isOwn = (id: string) =>
    id.startsWith(resolve(root)) && id.endsWith(".ts") && !id.includes("/node_modules/");
  /** A module that comes later may load one that comes first, or take all of it, which then lacks nothing that it exports. */
  const requireWhole = (id: string) => {
    const gone = modules.get(id)?.values.find(({ isExported }) => isExported);
    if (!gone) return;
    throw new Error(
      `first map: "${id}" must be imported where it is needed, or load code that no first map needs, got ${gone.name} of it loaded. import it.`,
    );
  };
  return {
    name: "first-map-code",
    enforce: "pre",
    resolveId: (id) => (id.endsWith(suffix) ? { id, moduleSideEffects: false } : undefined),
    load: (id) => {
      if (id === later) {
        return { code: allRests(split, around), moduleType: "ts", moduleSideEffects: true };
      }
      const module = id.endsWith(suffix) ? modules.get(id.slice(0, -suffix.length)) : undefined;
      return module && { code: laterText(module, around), moduleType: "ts" };
    },
    transform: (code, id) => {
      const module = modules.get(id);
      if (module) return hasRest(module) ? firstText(module, around) : undefined;
      if (!isOwn(id) || id === registry || id === later) return undefined;
      const parts = modulePartsOf(code);
      const taken = parts.imports.filter(({ names }) => names.some(isWhole));
      for (const from of [...parts.loaded, ...parts.givenOn, ...taken.map((one) => one.from)]) {
        requireWhole(placeBehind(id, from));
      }
      // What takes nothing from others calls none of theirs.
      if (parts.imports.length + parts.givenOn.length === 0) return undefined;
      const text = directText({ id, source: code, parts }, around);
      return `import ${JSON.stringify(later)};${text}`;
    },
  };
}

function isWhole({ imported }: ValueImport["names"][number]): boolean {
  return imported === undefined;
}

function hasRest({ functions, values }: SplitModule): boolean {
  return functions.length + values.length > 0;
}

function surroundingsOf(modules: ReadonlyMap<string, SplitModule>, registry: string): Surroundings {
  const names = [...modules.values()].flatMap(({ id, functions }) =>
    functions.map(({ name }) => `${id} ${name}`),
  );
  const numbers = new Map(names.map((name, i) => [name, i]));
  const isAmong = (all: readonly { readonly name: string }[] = [], imported: string | undefined) =>
    all.some(({ name }) => name === imported);
  const isGone = (id: string, imported: string | undefined) =>
    isAmong(modules.get(id)?.values, imported);
  return {
    registry,
    isGone,
    numberOf: (module, name) => numbers.get(`${module} ${name}`)!,
    placeOf: (id, imported) =>
      isGone(id, imported) || isAmong(modules.get(id)?.functions, imported) ? id + suffix : id,
  };
}

/** The text of the module that brings all functions that go, in the order of their numbers. */
function allRests(split: readonly SplitModule[], around: Surroundings): string {
  const imports: string[] = [];
  const kept: string[] = [];
  for (const { id, functions } of split) {
    for (const { name } of functions) {
      const local = `f${around.numberOf(id, name)}`;
      const from = JSON.stringify(id + suffix);
      imports.push(`import { ${exportedName(name)} as ${local} } from ${from};`);
      kept.push(local);
    }
  }
  const registry = JSON.stringify(around.registry);
  return [
    `import { keepLater } from ${registry};`,
    ...imports,
    `keepLater([${kept.join(", ")}]);`,
  ].join("\n");
}
