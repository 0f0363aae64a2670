import {
  array,
  assert,
  constantFrom,
  double,
  nat,
  option,
  property,
  record,
  string,
} from "fast-check";
import { expect, test } from "vitest";
import type { JudgedRow } from "../../judge-protocol.ts";
import {
  isWrong,
  judgedCsv,
  judgedJson,
  rowsOfClass,
  sortedRows,
  summaryOf,
  type JudgedOrder,
} from "./judged-list.ts";

const row = (path: string, more: Partial<JudgedRow> = {}): JudgedRow => ({
  path,
  label: undefined,
  predicted: 0,
  confidence: 0.5,
  loss: undefined,
  disagreement: undefined,
  failure: undefined,
  ...more,
});

const orders = ["loss", "doubt", "disagreement", "name"] as const;
const number = option(double({ min: 0, noNaN: true }), { nil: undefined });
const anyRow = record({
  path: string(),
  label: option(nat(2), { nil: undefined }),
  predicted: option(nat(2), { nil: undefined }),
  confidence: number,
  loss: number,
  disagreement: number,
  failure: option(string(), { nil: undefined }),
});

test("what cannot be read comes first, then mistakes by their loss, then the rest", () => {
  const rows = [
    row("right", { label: 0, loss: 5 }),
    row("wrong a little", { label: 1, loss: 0.8 }),
    row("broken", { predicted: undefined, failure: "no picture" }),
    row("wrong for certain", { label: 1, loss: Number.POSITIVE_INFINITY }),
    row("unknown"),
  ];
  expect(sortedRows(rows, "loss").map(({ path }) => path)).toEqual([
    "broken",
    "wrong for certain",
    "wrong a little",
    "right",
    "unknown",
  ]);
});

test("without labels the least certain come first", () => {
  const rows = [row("sure", { confidence: 0.9 }), row("doubt", { confidence: 0.4 })];
  expect(sortedRows(rows, "doubt")[0]!.path).toBe("doubt");
});

test("a sorted list holds the same rows, in an order that does not depend on the one before", () => {
  assert(
    property(array(anyRow), constantFrom(...orders), (rows, order: JudgedOrder) => {
      const named = rows.map((each, i) => ({ ...each, path: `${i}` }));
      const sorted = sortedRows(named, order);
      expect(new Set(sorted)).toEqual(new Set(named));
      expect(sortedRows(named.toReversed(), order)).toEqual(sorted);
    }),
  );
});

test("accuracy and the most frequent confusion are of what is known alone", () => {
  const rows = [
    row("a", { label: 0 }),
    row("b", { label: 1 }),
    row("c", { label: 1 }),
    row("d"),
    row("e", { label: 1, predicted: undefined, failure: "broken" }),
  ];
  const found = summaryOf({ total: 5, classes: ["cat", "dog"], unknown: [], notes: [], rows })!;
  expect([found.right, found.examples]).toEqual([1, 3]);
  expect(found.worst).toEqual({ label: 1, predicted: 0, examples: 2 });
  expect(
    summaryOf({ total: 1, classes: [], unknown: [], notes: [], rows: [row("d")] }),
  ).toBeUndefined();
  expect(rowsOfClass(rows, 1).map(({ path }) => path)).toEqual(["b", "c", "e"]);
  expect(rows.filter(isWrong).map(({ path }) => path)).toEqual(["b", "c"]);
});

test("a table program takes no name for a formula, and finds every cell again", () => {
  const rows = [row('=HYPERLINK("x"),y\n.png', { label: 0, loss: 0.25 })];
  const text = judgedCsv({ total: 1, classes: ["a, b"], unknown: [], notes: [], rows });
  expect(text.split("\r\n")[1]).toBe('"\'=HYPERLINK(""x""),y\n.png","a, b","a, b",0.5,0.25,,');
  const json = JSON.parse(
    judgedJson({ total: 1, classes: ["a"], unknown: [], notes: [], rows }, "m.onnx"),
  ) as {
    readonly pictures: readonly unknown[];
  };
  expect(json.pictures).toHaveLength(1);
});
