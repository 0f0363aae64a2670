/** @file Tables are read back as they were written: any text, separator, line ends, encoding; what is none is refused by its line. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { readTextTable } from "./separated-text.ts";

const utf8 = new TextEncoder();
const cellsOf = (text: string | Uint8Array) =>
  readTextTable(typeof text === "string" ? utf8.encode(text) : text, "t.csv").rows.map(
    ({ cells }) => cells,
  );

const any = fc
  .oneof(
    fc.string({ maxLength: 8 }),
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.stringMatching(/^[",;\t\r\n a\\]{0,6}$/),
  )
  .filter((text) => !text.includes("\uFEFF"));
const written = fc.record({
  separator: fc.constantFrom(",", ";", "\t"),
  ending: fc.constantFrom("\n", "\r\n", "\r"),
  isEnded: fc.boolean(),
  areQuoted: fc.boolean(),
  encoding: fc.constantFrom("utf-8", "utf-8 with mark", "utf-16le", "utf-16be"),
  rows: fc.array(
    fc.tuple(
      any.map((text) => `x${text}`),
      any,
      any,
    ),
    { minLength: 1, maxLength: 6 },
  ),
});

function encoded(text: string, encoding: string): Uint8Array {
  if (encoding === "utf-8") return utf8.encode(text);
  if (encoding === "utf-8 with mark") return utf8.encode(`\uFEFF${text}`);
  const marked = `\uFEFF${text}`;
  const bytes = new Uint8Array(2 * marked.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < marked.length; i++) {
    view.setUint16(2 * i, marked.charCodeAt(i), encoding === "utf-16le");
  }
  return bytes;
}

test("a table of any text comes back cell by cell, with each row's line", () => {
  fc.assert(
    fc.property(written, ({ separator, ending, isEnded, areQuoted, encoding, rows }) => {
      const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
      const write = (cell: string) => (areQuoted || /[",;\t\r\n]/.test(cell) ? quoted(cell) : cell);
      const text = rows.map((row) => row.map(write).join(separator)).join(ending);
      const table = readTextTable(encoded(`${text}${isEnded ? ending : ""}`, encoding), "t.csv");
      expect(table.rows.map(({ cells }) => cells)).toEqual(rows);
      expect(table.isGuessed).toBe(false);
      const lines = text.split(/\r\n|\r|\n/);
      for (const { cells, line } of table.rows) {
        const start = write(cells[0]!).split(/\r\n|\r|\n/)[0]!;
        expect(lines[line - 1]!.startsWith(start)).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

test("any bytes are a table, or are refused in words", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        for (const { cells } of readTextTable(bytes, "t.csv").rows) {
          expect(cells.length).toBeGreaterThan(0);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(LimpidError);
      }
    }),
    { numRuns: 300 },
  );
});

test("empty lines, and rows of empty cells, are none; lines are counted all the same", () => {
  const { rows } = readTextTable(utf8.encode("\n,,\r\na,1\n\n ,\nb,2\n"), "t.csv");
  expect(rows).toEqual([
    { cells: ["a", "1"], line: 3 },
    { cells: ["b", "2"], line: 6 },
  ]);
  expect(cellsOf("")).toEqual([]);
});

test("commas in names leave tabs and semicolons the separators that they are", () => {
  expect(cellsOf("a.png\ttench, Tinca\nb.png\tcat, tabby\n")).toEqual([
    ["a.png", "tench, Tinca"],
    ["b.png", "cat, tabby"],
  ]);
  expect(cellsOf("a;b.png,1\nc.png,2\n")).toEqual([
    ["a;b.png", "1"],
    ["c.png", "2"],
  ]);
  expect(cellsOf("sep=|\r\na|b;c\r\n")).toEqual([["a", "b;c"]]);
});

test("what is no Unicode is taken for Windows-1252, which is told", () => {
  const table = readTextTable(Uint8Array.of(0x4b, 0xe4, 0x2c, 0x31), "t.csv");
  expect(table).toEqual({ rows: [{ cells: ["Kä", "1"], line: 1 }], isGuessed: true });
});

test.each([
  ['sep=;\na;b\n"c;d', /line 3 that does not/],
  ['a,b\n"c,d\ne,f', /line 2 that does not/],
  ['a,b\n\n"c" d,e\n', /text in line 3/],
])("%j is refused by its line", (text, message) => {
  expect(() => cellsOf(text)).toThrow(message);
});
