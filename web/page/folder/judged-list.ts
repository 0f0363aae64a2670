/** @file Judged pictures as a list: failures first, sorted, filtered, summed up, and as text. */
import {
  classificationOf,
  confusionsOf,
  type Classification,
  type Confusion,
} from "../../../src/evaluate/classification.ts";
import type { JudgedRow } from "../../judge-protocol.ts";

/** By what a list is sorted, the worst first. */
export type JudgedOrder = "loss" | "doubt" | "disagreement" | "name";

/** What the numbers of a row mean. */
export interface JudgedFolder {
  readonly total: number;
  readonly classes: readonly string[];
  readonly unknown: readonly string[];
  /** What is to be said of tables that tell classes. */
  readonly notes: readonly string[];
  readonly rows: readonly JudgedRow[];
}

export const nothingJudged: JudgedFolder = {
  total: 0,
  classes: [],
  unknown: [],
  notes: [],
  rows: [],
};

/** Pictures that cannot be read first, then wrong ones, then the rest; within each the worst first, those without a number last. */
export function sortedRows(rows: readonly JudgedRow[], order: JudgedOrder): readonly JudgedRow[] {
  if (order === "name") return rows.toSorted((a, b) => compareText(a.path, b.path));
  return rows.toSorted(
    (a, b) =>
      groupOf(a, order) - groupOf(b, order) ||
      badness(b, order) - badness(a, order) ||
      compareText(a.path, b.path),
  );
}

/** Rows of a class: those that mean it, or are taken for it. */
export function rowsOfClass(
  rows: readonly JudgedRow[],
  named: number | undefined,
): readonly JudgedRow[] {
  if (named === undefined) return rows;
  return rows.filter(({ label, predicted }) => label === named || predicted === named);
}

export function isWrong({ label, predicted }: JudgedRow): boolean {
  return label !== undefined && predicted !== undefined && label !== predicted;
}

/** Of the pictures whose class is known and that could be read; undefined of none. */
export function summaryOf({ rows, classes }: JudgedFolder):
  | (Classification & {
      /** The most frequent one. */
      readonly worst: Confusion | undefined;
    })
  | undefined {
  const predictions = rows.flatMap(({ label, predicted }, index) =>
    label === undefined || predicted === undefined ? [] : [{ index, label, predicted }],
  );
  if (predictions.length === 0) return undefined;
  const found = classificationOf(predictions, classes.length);
  return { ...found, worst: confusionsOf(found)[0] };
}

const columns = ["path", "label", "predicted", "confidence", "loss", "disagreement", "failure"];

/** A line a picture, as RFC 4180 has it; what a table program would compute is text. */
export function judgedCsv({ rows, classes }: JudgedFolder): string {
  const lines = rows.map((row) =>
    [
      textCell(row.path),
      textCell(nameOf(row.label, classes)),
      textCell(nameOf(row.predicted, classes)),
      numberCell(row.confidence),
      numberCell(row.loss),
      numberCell(row.disagreement),
      textCell(row.failure ?? ""),
    ].join(","),
  );
  return `${[columns.join(","), ...lines].join("\r\n")}\r\n`;
}

export function judgedJson({ rows, classes, unknown, notes }: JudgedFolder, model: string): string {
  const pictures = rows.map(({ label, predicted, ...row }) => ({
    ...row,
    label: nameOf(label, classes),
    predicted: nameOf(predicted, classes),
  }));
  return `${JSON.stringify({ model, unknown, notes, pictures }, undefined, 1)}\n`;
}

function nameOf(number: number | undefined, classes: readonly string[]): string {
  return number === undefined ? "" : (classes[number] ?? String(number));
}

function numberCell(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? "" : String(value);
}

function textCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Of rows without a number. */
const none = -Number.MAX_VALUE;

function groupOf(row: JudgedRow, order: JudgedOrder): number {
  if (row.failure !== undefined) return 0;
  if (order === "loss" && isWrong(row)) return 1;
  return badness(row, order) === none ? 3 : 2;
}

function badness(row: JudgedRow, order: JudgedOrder): number {
  const { loss, confidence, disagreement } = row;
  const value =
    order === "loss" ? loss : order === "disagreement" ? disagreement : minus(confidence);
  return value === undefined || Number.isNaN(value) ? none : Math.min(value, Number.MAX_VALUE);
}

function minus(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
