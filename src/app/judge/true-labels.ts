/** @file What is right of each picture, by tables of names and classes (CSV, TSV) that lie beside the pictures. */
import { isFailure } from "../../errors.ts";
import { readTextTable, type TableRow } from "../../formats/separated-text.ts";
import { listedNames } from "../../wording/listed-names.ts";
import { baseName } from "../../wording/paths.ts";
import type { Platform } from "../platform.ts";
import { matchClasses, wholeNumber } from "./class-match.ts";
import { matchPictures, type PictureMatch } from "./picture-names.ts";
import { tableColumns } from "./table-columns.ts";

/** The classes that tables tell. */
export interface TrueLabels {
  /** For each picture its class; undefined where no table tells one. */
  readonly labels: readonly (number | undefined)[];
  /** What was assumed, left out or contradicts itself, a sentence each. */
  readonly notes: readonly string[];
}

/** The classes of the network. */
interface Classes {
  readonly names: readonly string[] | undefined;
  readonly count: number;
}

/** What a row tells of a picture. */
interface TableLabel {
  readonly picture: number;
  readonly class: number | undefined;
}

/**
 * What tables beside pictures tell of them. Rows name a picture by its path, by the end of it, or by its name, with or
 * without ending, and a class by its name or number, as folders do. Tables that name no picture, rows that name none or
 * several, classes that the network does not have, and pictures of which rows contradict each other are told of and left
 * out; no table is guessed to count from 1.
 */
export async function trueLabels(
  platform: Pick<Platform, "readBytes">,
  tables: readonly string[],
  paths: readonly string[],
  classes: Classes,
): Promise<TrueLabels> {
  const found = matchPictures(paths);
  const told: TableLabel[] = [];
  const notes: string[] = [];
  for (const path of tables) {
    const name = baseName(path);
    try {
      const { rows, isGuessed } = readTextTable(await platform.readBytes(path), name);
      const own = labelsOfTable(rows, name, found, classes);
      for (const each of own.told) told.push(each);
      if (own.told.length > 0 && isGuessed) notes.push(guessedLetters(name));
      for (const note of own.notes) notes.push(note);
    } catch (error) {
      if (!isFailure(error)) throw error;
      notes.push(error.message);
    }
  }
  return withoutContradictions(told, paths, notes);
}

function guessedLetters(name: string): string {
  return `"${name}" is no Unicode: it is read as Windows-1252, so letters beside A to Z may be others`;
}

/** What the rows of a table tell, and what is wrong with others. */
function labelsOfTable(
  rows: readonly TableRow[],
  name: string,
  found: PictureMatch,
  classes: Classes,
): { readonly told: readonly TableLabel[]; readonly notes: readonly string[] } {
  const columns = tableColumns(rows, found, classes);
  if (!columns) {
    const first = rows[0]?.cells.join(" | ") ?? "nothing";
    return {
      told: [],
      notes: [
        `"${name}" is not used: no two of its columns hold the names of pictures here and classes of the network. its first row is: ${first}`,
      ],
    };
  }
  const data = rows.slice(columns.hasHeader ? 1 : 0).map(({ cells }) => ({
    picture: (cells[columns.picture] ?? "").trim(),
    label: (cells[columns.label] ?? "").trim(),
  }));
  const from1 = countsFromOne(data, classes);
  if (from1) {
    return {
      told: [],
      notes: [
        `"${name}" is not used: its classes are the numbers 1 to ${classes.count}, but classes are counted from 0. take 1 off each, or write names`,
      ],
    };
  }
  return tellRows(data, name, found, classes);
}

interface DataRow {
  readonly picture: string;
  readonly label: string;
}

/** Whether numbers alone are given, of which the last is one too large and 0 is none. */
function countsFromOne(rows: readonly DataRow[], { names, count }: Classes): boolean {
  const labels = [...new Set(rows.map(({ label }) => label).filter((label) => label !== ""))];
  const numbers = labels.map(wholeNumber);
  const own = new Set(names?.map((each) => each.trim()));
  if (numbers.length === 0 || labels.some((label) => own.has(label))) return false;
  return numbers.includes(count) && numbers.every((each) => each >= 1 && each <= count);
}

function tellRows(
  rows: readonly DataRow[],
  name: string,
  found: PictureMatch,
  { names, count }: Classes,
) {
  const cells = [...new Set(rows.map(({ label }) => label))];
  const match = matchClasses(cells, names, count);
  const classOf = new Map(cells.map((cell, i) => [cell, match.classes[i]]));
  const told: TableLabel[] = [];
  const absent: string[] = [];
  const several: string[] = [];
  let byNameAlone = 0;
  for (const { picture, label } of rows) {
    const meant = found.find(picture);
    if (meant.kind === "none") absent.push(picture);
    else if (meant.kind === "several") several.push(picture);
    else {
      if (meant.isByNameAlone) byNameAlone += 1;
      told.push({ picture: meant.picture, class: classOf.get(label) });
    }
  }
  const unknown = cells.filter((cell) => cell !== "" && classOf.get(cell) === undefined);
  return { told, notes: rowNotes(name, { absent, several, unknown, byNameAlone }) };
}

interface RowFaults {
  readonly absent: readonly string[];
  readonly several: readonly string[];
  readonly unknown: readonly string[];
  readonly byNameAlone: number;
}

function rowNotes(name: string, { absent, several, unknown, byNameAlone }: RowFaults) {
  return [
    ...(unknown.length > 0
      ? [
          `"${name}" names classes that the network does not have, or has twice: ${listedNames(unknown)}. their pictures are judged without`,
        ]
      : []),
    ...(several.length > 0
      ? [
          `"${name}" names pictures of which there are several: ${listedNames(several)}. write their folders, too`,
        ]
      : []),
    ...(absent.length > 0
      ? [`"${name}" names pictures that are not here: ${listedNames(absent)}`]
      : []),
    ...(byNameAlone > 0
      ? [
          `${byNameAlone} rows of "${name}" name folders that are not here: their pictures are told by the file's name alone`,
        ]
      : []),
  ];
}

/** A class a picture; pictures of which rows tell several classes have none. */
function withoutContradictions(
  told: readonly TableLabel[],
  paths: readonly string[],
  notes: readonly string[],
): TrueLabels {
  const classes = paths.map(() => new Set<number>());
  for (const { picture, class: own } of told) if (own !== undefined) classes[picture]!.add(own);
  const torn = paths.filter((_, i) => classes[i]!.size > 1);
  const labels = classes.map((own) => (own.size === 1 ? [...own][0] : undefined));
  const note = `rows contradict each other on ${listedNames(torn)}: these are judged without a class`;
  return { labels, notes: torn.length > 0 ? [...notes, note] : notes };
}
