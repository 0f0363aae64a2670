/** @file What a table beside pictures is by what it holds: the classes that they show, or names of a network's classes. */
import type { TableRow } from "../../formats/separated-text.ts";
import { baseName } from "../../wording/paths.ts";
import { wholeNumber } from "./class-match.ts";
import { matchPictures, plainPath } from "./picture-names.ts";
import { cellsOf, pictureColumn, widthOf } from "./table-columns.ts";

/** "unsure": it is taken for names, though what it calls them could be pictures. */
export type TableUse = "true classes" | "names" | "unsure";

/**
 * Lists of one column are names. Others tell classes where a column names pictures by whole names of files; without their
 * endings, where half of the rows do and they are no numbered list, or half of the pictures are named and classes repeat.
 */
export function tableUse(rows: readonly TableRow[], paths: readonly string[]): TableUse {
  const found = matchPictures(paths);
  const column = pictureColumn(rows, found);
  if (column === undefined || widthOf(rows) < 2) return "names";
  const cells = cellsOf(rows, column);
  const files = new Set(paths.map(fileOf).filter((name) => /.\.\w+$/.test(name)));
  if (cells.some((cell) => files.has(fileOf(cell)))) return "true classes";
  if (isNumberedList(rows)) return "unsure";
  const named = cells.filter((cell) => found.find(cell).kind !== "none").length;
  const isOfRows = 2 * named >= rows.length;
  const isOfPictures = 2 * named >= paths.length && repeats(rows, column);
  return isOfRows || isOfPictures ? "true classes" : "unsure";
}

function fileOf(path: string): string {
  return baseName(plainPath(path)).toLowerCase();
}

/** Whether a column beside that of the pictures has a text twice, as a list of names has not. */
function repeats(rows: readonly TableRow[], column: number): boolean {
  return Array.from({ length: widthOf(rows) }).some((_, other) => {
    if (other === column) return false;
    const cells = cellsOf(rows, other).filter((cell) => cell !== "");
    return new Set(cells).size < cells.length;
  });
}

/** Whether two columns number what the other one names, from 0 or 1 on and each once, below a heading or not. */
function isNumberedList(rows: readonly TableRow[]): boolean {
  if (widthOf(rows) !== 2) return false;
  return [0, 1].some((column) =>
    [rows, rows.slice(1)].some((data) => {
      const numbers = cellsOf(data, column).map(wholeNumber);
      const others = new Set(cellsOf(data, 1 - column));
      const first = numbers[0];
      const counts = (first === 0 || first === 1) && numbers.every((each, i) => each === first + i);
      return counts && others.size === data.length;
    }),
  );
}
