/** @file A module as two: what the first map needs, and the rest. */
import { placeBehind } from "./module-place.ts";
import type { ModuleParts, Span, TopFunction, TopValue, ValueImport } from "./module-parts.ts";

export interface SplitModule {
  /** By which others import it. */
  readonly id: string;
  readonly source: string;
  readonly parts: ModuleParts;
  /** Functions that go, which others stand in for. */
  readonly functions: readonly TopFunction[];
  /** What goes with them, as nothing else reads it. */
  readonly values: readonly TopValue[];
}

export interface Surroundings {
  /** Where a name of a module lies: in the rest of it, or in itself. */
  placeOf(module: string, name: string | undefined): string;
  /** Whether it lies in the rest, and nothing stands in for it. */
  isGone(module: string, name: string | undefined): boolean;
  /** By which a function that goes is called. */
  numberOf(module: string, name: string): number;
  /** The module that calls by numbers. */
  readonly registry: string;
}

interface Change extends Span {
  readonly text: string;
}

/** The text of a module without what goes. */
export function firstText(module: SplitModule, around: Surroundings): string {
  const { id, source, parts, functions, values } = module;
  const gone = goneNames(module);
  const numberOf = ({ name }: TopFunction) => around.numberOf(id, name);
  const declarations = functions.filter(({ kind }) => kind === "declaration");
  const others = functions.filter(({ kind }) => kind !== "declaration");
  const whole = new Map(parts.values.map((one) => [one.name, one]));
  const changes = [
    ...declarations.map(({ name }) => ({ ...whole.get(name)!.span, text: "" })),
    ...others.map((one) => ({ ...one.span, text: standIn(one, numberOf(one)) })),
    ...values.map(({ span }) => ({ ...span, text: "" })),
    ...parts.imports.flatMap((one) => changedImport(id, one, around)),
  ];
  const own = [...parts.declared].filter(([name, isExported]) => !isExported && !gone.has(name));
  return [
    `import { laterFunction as $later, standIn as $standIn, waitingStandIn as $waiting } from ${JSON.stringify(around.registry)};`,
    // Functions are there before their module's tables, and so is what stands in for them.
    ...declarations.map((one) => {
      const word = whole.get(one.name)!.isExported ? "export const" : "const";
      return `${word} ${one.name} = ${standIn(one, numberOf(one))};`;
    }),
    changed(source, changes),
    `export { ${own.map(([name]) => name).join(", ")} };`,
  ].join("\n");
}

/** The text of a module of what goes. */
export function laterText(module: SplitModule, around: Surroundings): string {
  const { id, source, parts, functions, values } = module;
  const gone = goneNames(module);
  const kept = [...parts.declared.keys()].filter((name) => !gone.has(name));
  const text = ({ start, end }: Span) => source.slice(start, end);
  const pieces = [
    ...values.map(({ span, isExported }) => ({
      span,
      code: `${isExported ? "" : "export "}${text(span)}`,
    })),
    ...functions.map(({ name, kind, span, body }) => {
      if (kind === "getter") {
        return { span, code: `export const ${exportedName(name)} = () => ${text(body)};` };
      }
      const head = kind === "declaration" ? "export " : `export const ${exportedName(name)} = `;
      return { span, code: `${head}${text(span)};` };
    }),
  ];
  return [
    ...importsFrom(id, parts.imports, around),
    `import { ${kept.join(", ")} } from ${JSON.stringify(id)};`,
    // Constants read those before them.
    ...pieces.toSorted((a, b) => a.span.start - b.span.start).map(({ code }) => code),
  ].join("\n");
}

/** The text of a module that comes later, all of it, without what stands in for what came before. */
export function directText(
  { id, source, parts }: Pick<SplitModule, "id" | "source" | "parts">,
  around: Surroundings,
): string {
  const changes = parts.imports.map((one) => ({
    ...one.span,
    text: importsFrom(id, [one], around).join(" "),
  }));
  return changed(source, changes);
}

/** By which the rest of a module exports a function. */
export function exportedName(name: string): string {
  return name.replaceAll(/[^\w$]/g, "$");
}

function goneNames({ functions, values }: SplitModule): ReadonlySet<string> {
  return new Set([...functions, ...values].map(({ name }) => name));
}

function standIn({ name, isAsync, kind }: TopFunction, number: number): string {
  if (kind === "getter") return `get ${name.split(".").at(-1)}() { return $later(${number})(); }`;
  return `/* @__PURE__ */ ${isAsync ? "$waiting" : "$standIn"}(${number})`;
}

function importsFrom(
  id: string,
  imports: readonly ValueImport[],
  around: Surroundings,
): readonly string[] {
  return imports.flatMap(({ from, names }) => {
    const module = placeBehind(id, from);
    if (names.length === 0) return [`import ${JSON.stringify(module)};`];
    return names.map(({ imported, local }) => {
      const what = imported === undefined ? `* as ${local}` : `{ ${imported} as ${local} }`;
      return `import ${what} from ${JSON.stringify(around.placeOf(module, imported))};`;
    });
  });
}

/** Names that are there no more are no longer taken. */
function changedImport(
  id: string,
  { from, names, span }: ValueImport,
  around: Surroundings,
): readonly Change[] {
  const left = names.filter(({ imported }) => !around.isGone(placeBehind(id, from), imported));
  if (left.length === names.length) return [];
  const text = left.map(({ imported, local }) => `${imported} as ${local}`).join(", ");
  return [{ ...span, text: `import { ${text} } from ${JSON.stringify(from)};` }];
}

function changed(source: string, changes: readonly Change[]): string {
  let done = "";
  let at = 0;
  for (const { start, end, text } of changes.toSorted((a, b) => a.start - b.start)) {
    done += source.slice(at, start) + text;
    at = end;
  }
  return done + source.slice(at);
}
