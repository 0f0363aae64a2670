/** @file What the top level of a module declares and takes from others, as far as parts of it may be put into another file. */
import { parseSync, Visitor, type ESTree } from "vite";
import { addRows } from "./row-functions.ts";
import { writtenNames } from "./written-names.ts";

/** A piece of source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A function that is there once its module has run: a declaration, what a constant holds, or a row of a table. */
export interface TopFunction {
  /** Of a row the table's name and its own, with a dot between them. */
  readonly name: string;
  readonly isAsync: boolean;
  /** All of the function. */
  readonly span: Span;
  readonly body: Span;
  readonly kind: "declaration" | "constant" | "row" | "getter";
}

/** What is declared once and then stays: a constant, a class, a function. */
export interface TopValue {
  readonly name: string;
  readonly isExported: boolean;
  /** The statement, with the word `export` where there is one. */
  readonly span: Span;
}

interface ImportedName {
  /** Undefined where the name stands for the whole module. */
  readonly imported: string | undefined;
  readonly local: string;
}

/** An import of values. */
export interface ValueImport {
  readonly from: string;
  readonly names: readonly ImportedName[];
  readonly span: Span;
}

export interface ModuleParts {
  readonly functions: readonly TopFunction[];
  readonly values: readonly TopValue[];
  readonly imports: readonly ValueImport[];
  /** Modules some of whose names it gives on as its own. */
  readonly givenOn: readonly string[];
  /** Modules that it loads when it comes to that. */
  readonly loaded: readonly string[];
  /** All values that it declares, and whether they are exported. */
  readonly declared: ReadonlyMap<string, boolean>;
  /** Where names are written that may mean a value. */
  readonly written: ReadonlyMap<string, readonly number[]>;
}

export interface FoundParts {
  readonly functions: TopFunction[];
  readonly values: TopValue[];
  readonly imports: ValueImport[];
  readonly givenOn: string[];
  readonly declared: Map<string, boolean>;
}

type Statement = ESTree.Program["body"][number];

/** Throws where the text is no TypeScript. */
export function modulePartsOf(source: string): ModuleParts {
  const { program, errors } = parseSync("module.ts", source);
  if (errors[0]) {
    throw new Error(`module: its text must be TypeScript, got "${errors[0].message}". mend it.`);
  }
  const found: FoundParts = {
    functions: [],
    values: [],
    imports: [],
    givenOn: [],
    declared: new Map(),
  };
  for (const statement of program.body) addStatement(found, statement);
  const loaded: string[] = [];
  const written = writtenNames(program);
  const called = [...(written.get("arguments") ?? [])];
  new Visitor({
    ThisExpression: ({ start }) => called.push(start),
    ImportExpression: ({ source: from }) => {
      if (from.type === "Literal" && typeof from.value === "string") loaded.push(from.value);
    },
  }).visit(program);
  const isMoved = isMovable(program);
  // One that reads how it was called is called as it stands.
  const isPlain = ({ span }: TopFunction) => !called.some((place) => isWithin(place, span));
  return {
    ...found,
    functions: found.functions.filter((one) => isMoved(one) && isPlain(one)),
    values: found.values.filter(isMoved),
    loaded,
    written,
  };
}

export function isWithin(place: number, { start, end }: Span): boolean {
  return place >= start && place < end;
}

/** Functions of several forms, and those that change a variable of their module, which no other module can, stay. */
function isMovable(program: ESTree.Program): (one: Pick<TopFunction, "name" | "span">) => boolean {
  const staying = new Set<string>();
  const variables = new Set<string>();
  for (const statement of program.body) {
    const declared = declaredBy(statement);
    if (declared.type === "TSDeclareFunction" && declared.id) staying.add(declared.id.name);
    if (declared.type !== "VariableDeclaration" || declared.kind === "const") continue;
    for (const { id } of declared.declarations) {
      for (const name of boundNames(id)) variables.add(name);
    }
  }
  const changes: number[] = [];
  const note = (target: ESTree.Node) => {
    if (boundNames(target).some((name) => variables.has(name))) changes.push(target.start);
  };
  new Visitor({
    AssignmentExpression: ({ left }) => note(left),
    UpdateExpression: ({ argument }) => note(argument),
    ForOfStatement: ({ left }) => note(left),
    ForInStatement: ({ left }) => note(left),
  }).visit(program);
  return ({ name, span }) => !staying.has(name) && !changes.some((place) => isWithin(place, span));
}

function declaredBy(statement: Statement): Statement | ESTree.Declaration {
  return (statement.type === "ExportNamedDeclaration" && statement.declaration) || statement;
}

function addStatement(found: FoundParts, statement: Statement): void {
  if (statement.type === "ImportDeclaration") return addImport(found, statement);
  if (statement.type === "ExportAllDeclaration" || statement.type === "ExportNamedDeclaration") {
    if (statement.exportKind === "type") return;
    if (statement.source) found.givenOn.push(statement.source.value);
  }
  const declared = declaredBy(statement);
  const isExported = declared !== statement;
  const span = spanOf(statement);
  if (declared.type === "FunctionDeclaration" && declared.id && declared.body) {
    const { id, async: isAsync, body } = declared;
    found.declared.set(id.name, isExported);
    const whole = { name: id.name, isAsync, body: spanOf(body), span: spanOf(declared) };
    if (!declared.generator) found.functions.push({ ...whole, kind: "declaration" });
    found.values.push({ name: id.name, isExported, span });
  } else if (declared.type === "ClassDeclaration" && declared.id) {
    found.declared.set(declared.id.name, isExported);
    found.values.push({ name: declared.id.name, isExported, span });
  } else if (declared.type === "VariableDeclaration") {
    addConstant(found, declared, span, isExported);
  }
}

function addConstant(
  found: FoundParts,
  { kind, declarations }: ESTree.VariableDeclaration,
  span: Span,
  isExported: boolean,
): void {
  for (const { id } of declarations) {
    for (const name of boundNames(id)) found.declared.set(name, isExported);
  }
  const [only, other] = declarations;
  if (kind !== "const" || other || only?.id.type !== "Identifier" || !only.init) return;
  const { name } = only.id;
  found.values.push({ name, isExported, span });
  if (only.init.type !== "ArrowFunctionExpression") return addRows(found, name, only.init);
  const { async: isAsync, body } = only.init;
  const whole = { name, isAsync, body: spanOf(body), span: spanOf(only.init) };
  found.functions.push({ ...whole, kind: "constant" });
}

/** The names that a declaration gives values to. */
function boundNames(pattern: ESTree.Node): readonly string[] {
  if (pattern.type === "Identifier") return [pattern.name];
  if (pattern.type === "AssignmentPattern") return boundNames(pattern.left);
  if (pattern.type === "RestElement") return boundNames(pattern.argument);
  if (pattern.type === "Property") return boundNames(pattern.value);
  if (pattern.type === "ObjectPattern") return pattern.properties.flatMap(boundNames);
  if (pattern.type !== "ArrayPattern") return [];
  return pattern.elements.flatMap((one) => (one ? boundNames(one) : []));
}

function addImport(found: FoundParts, statement: ESTree.ImportDeclaration): void {
  if (statement.importKind === "type") return;
  const names = statement.specifiers.flatMap((one): ImportedName[] => {
    const local = one.local.name;
    if (one.type === "ImportNamespaceSpecifier") return [{ imported: undefined, local }];
    if (one.type === "ImportDefaultSpecifier") return [{ imported: "default", local }];
    if (one.importKind === "type") return [];
    const { imported } = one;
    return [{ imported: "name" in imported ? imported.name : imported.value, local }];
  });
  found.imports.push({ from: statement.source.value, names, span: spanOf(statement) });
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}
