/** @file Names of classes that are told for each output of a network: under its name, in a key that holds it, or in a file. */
import type { Graph } from "../../graph/graph.ts";
import { listedNames, numberedNamesIn, rankOfKey } from "./class-names.ts";
import { labelFilesOf } from "./label-files.ts";
import { readLiteral, type Literal } from "./python-literal.ts";
import { plain } from "./plain-name.ts";
import { toldNames } from "./told-names.ts";

/** Names, and where they are, as a sentence begins. */
export interface OutputNames {
  readonly names: readonly string[];
  readonly from: string;
  /** Whether nothing but their number tells whose they are. */
  readonly isAssumed: boolean;
}

/** An output, and how many classes it has. */
export interface NamedOutput {
  readonly name: string;
  readonly classes: number;
}

/** The names that a text tells of an output: {"coarse": ["animal", "plant"], "fine": [...]}. */
export function namesUnder(text: string, output: string): readonly string[] | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  return namesHeld(readLiteral(text), output, 0);
}

/** Objects of objects are looked into so deep: {"names": {"coarse": [...]}}. */
const mostLevels = 2;

function namesHeld(
  value: Literal | undefined,
  output: string,
  level: number,
): readonly string[] | undefined {
  if (!(value instanceof Map) || level > mostLevels) return undefined;
  for (const [key, held] of value as ReadonlyMap<string, Literal>) {
    const names = plain(key) === plain(output) ? namesOf(held) : undefined;
    const found = names ?? namesHeld(held, output, level + 1);
    if (found) return found;
  }
  return undefined;
}

function namesOf(held: Literal): readonly string[] | undefined {
  const numbered = numberedNamesIn(JSON.stringify(plainOf(held)));
  return numbered?.first === 0 ? numbered.names : undefined;
}

function plainOf(held: Literal): unknown {
  if (held instanceof Map) {
    const entries = [...(held as ReadonlyMap<string, Literal>)];
    return Object.fromEntries(entries.map(([key, value]) => [key, plainOf(value)]));
  }
  return Array.isArray(held) ? (held as readonly Literal[]).map(plainOf) : held;
}

/** The names that metadata, or files beside the model, tell of an output by its name; as many as it has classes. */
export function namesTold(
  metadata: Graph["metadata"],
  { name, classes }: NamedOutput,
): OutputNames | undefined {
  const told = (names: readonly string[] | undefined, from: string): OutputNames | undefined =>
    names?.length === classes ? { names, from, isAssumed: false } : undefined;
  for (const [key, text] of metadata) {
    if (key.startsWith("limpid.")) continue;
    const names = isKeyOf(key, name) ? wholeText(text) : namesUnder(text, name);
    const found = told(names, `"${key}" of its metadata`);
    if (found) return found;
  }
  const files = labelFilesOf(metadata, classes).filter(({ file }) =>
    plain(file).includes(plain(name)),
  );
  return files.length === 1
    ? told(files[0]!.names, `${files[0]!.file} beside the model`)
    : undefined;
}

function wholeText(text: string): readonly string[] | undefined {
  const found = numberedNamesIn(text) ?? listedNames(text);
  return found?.first === 0 ? found.names : undefined;
}

/** "fine", "fine_labels", "classes.fine" of output "fine". */
function isKeyOf(key: string, output: string): boolean {
  const [whole, name] = [plain(key), plain(output)];
  if (whole === name) return true;
  const rest = whole.startsWith(name)
    ? whole.slice(name.length)
    : whole.endsWith(name)
      ? whole.slice(0, -name.length)
      : "";
  return rankOfKey(rest) >= 0;
}

/**
 * The only names of as many classes as an output has, where no other of the outputs has as many: nothing else tells
 * whose they are. Undefined where several fit.
 */
export function namesByCount(
  metadata: Graph["metadata"],
  { name, classes }: NamedOutput,
  outputs: readonly NamedOutput[],
): OutputNames | undefined {
  if (outputs.some((other) => other.name !== name && other.classes === classes)) return undefined;
  const lists = [
    ...toldNames(metadata).found.filter(({ first }) => first === 0),
    ...labelFilesOf(metadata, classes).map(({ names, file }) => ({
      names,
      from: `${file} beside the model`,
    })),
  ].filter(({ names }) => names.length === classes);
  const [only, ...others] = lists;
  return only && others.length === 0
    ? { names: only.names, from: only.from, isAssumed: true }
    : undefined;
}
