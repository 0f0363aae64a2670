/** @file Which columns of a table name pictures and classes, and whether its first row is a heading. */
import type { TableRow } from "../../formats/separated-text.ts";
import { matchClasses } from "./class-match.ts";
import type { PictureMatch } from "./picture-names.ts";

export interface TableColumns {
  readonly picture: number;
  readonly label: number;
  readonly hasHeader: boolean;
}

/** Headings of columns that tell classes. */
const labelHeading =
  /^(?:true |actual )?(?:labels?|class(?:es)?|class ?(?:name|id)|category|target|truth|y)$/;

/** The classes of the network. */
interface Classes {
  readonly names: readonly string[] | undefined;
  readonly count: number;
}

/**
 * The column with most names of pictures, and among the others one that is headed as a class's, or the one with most
 * classes of the network; undefined where one of them is missing. The first row is a heading where it names neither.
 */
export function tableColumns(
  rows: readonly TableRow[],
  found: PictureMatch,
  { names, count }: Classes,
): TableColumns | undefined {
  const picture = pictureColumn(rows, found);
  if (picture === undefined) return undefined;
  const width = widthOf(rows);
  const columns = Array.from({ length: width }, (_, i) => i);
  const classes = columns.map((column) => {
    if (column === picture) return 0;
    const cells = cellsOf(rows, column);
    const known = matchClasses(cells, names, count).classes;
    return known.filter((each) => each !== undefined).length;
  });
  const isPicture = found.find(cellsOf(rows, picture)[0] ?? "").kind !== "none";
  const headed = isPicture
    ? undefined
    : columns.find(
        (column) => column !== picture && labelHeading.test(plain(cellsOf(rows, column)[0]!)),
      );
  const label = headed ?? indexOfMost(classes) ?? (width === 2 ? 1 - picture : undefined);
  if (label === undefined) return undefined;
  const [heading] = matchClasses([cellsOf(rows, label)[0] ?? ""], names, count).classes;
  return {
    picture,
    label,
    hasHeader: !isPicture && (headed !== undefined || heading === undefined),
  };
}

/** The column with most names of pictures; undefined where none names one. */
export function pictureColumn(rows: readonly TableRow[], found: PictureMatch): number | undefined {
  const named = Array.from(
    { length: widthOf(rows) },
    (_, i) => cellsOf(rows, i).filter((cell) => found.find(cell).kind !== "none").length,
  );
  return indexOfMost(named);
}

/** The cells of a column, empty where a row is shorter. */
export function cellsOf(rows: readonly TableRow[], column: number): readonly string[] {
  return rows.map(({ cells }) => (cells[column] ?? "").trim());
}

/** How many columns a table has. */
export function widthOf(rows: readonly TableRow[]): number {
  return rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
}

/** The first of the most; undefined where all are 0. */
function indexOfMost(counts: readonly number[]): number | undefined {
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  return most === 0 ? undefined : counts.indexOf(most);
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[\s_-]+/g, " ");
}
