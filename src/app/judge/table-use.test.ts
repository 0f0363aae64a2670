/** @file Tables beside pictures: those that name the pictures tell their classes, lists of names stay names, whatever their form. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readTextTable } from "../../formats/separated-text.ts";
import { tableUse } from "./table-use.ts";
import { trueLabels } from "./true-labels.ts";

const classes = ["cat", "dog", "tench, Tinca tinca", "Füchsin", "狐", 'ein "großes" Tier'];

const stem = fc.stringMatching(/^[a-zäé狐][a-zäé0-9 ,;'_-]{0,7}[a-z0-9]$/);
const drawnPictures = fc
  .uniqueArray(stem, { minLength: 1, maxLength: 12, selector: (name) => name.normalize("NFC") })
  .chain((stems) =>
    fc.tuple(
      ...stems.map((name) =>
        fc.record({
          name: fc.constant(name),
          folder: fc.constantFrom("", "in/", "in/a b/", "x/y/z/"),
          ending: fc.constantFrom(".png", ".JPG", ".jpeg", ".webp"),
          class: fc.nat(classes.length - 1),
        }),
      ),
    ),
  );
const form = fc.record({
  separator: fc.constantFrom(",", ";", "\t"),
  ending: fc.constantFrom("\n", "\r\n", "\r"),
  encoding: fc.constantFrom("utf-8", "marked utf-8", "utf-16"),
  areAllQuoted: fc.boolean(),
  hasHeading: fc.boolean(),
  isTurned: fc.boolean(),
  endsWithLine: fc.boolean(),
});

type Form = typeof form extends fc.Arbitrary<infer T> ? T : never;

function written(rows: readonly (readonly string[])[], how: Form): Uint8Array {
  const quoted = (cell: string) =>
    how.areAllQuoted || /[",;\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = rows.map((row) =>
    (how.isTurned ? row.toReversed() : row).map(quoted).join(how.separator),
  );
  const text = lines.join(how.ending) + (how.endsWithLine ? how.ending : "");
  if (how.encoding === "utf-16") {
    return new Uint8Array(Uint16Array.from(`\uFEFF${text}`, (each) => each.codePointAt(0)!).buffer);
  }
  return new TextEncoder().encode(how.encoding === "utf-8" ? text : `\uFEFF${text}`);
}

const useOf = (bytes: Uint8Array, paths: readonly string[]) =>
  tableUse(readTextTable(bytes, "t.csv").rows, paths);

test("tables that name the pictures by their files tell classes, and these are read of them", async () => {
  const told = fc.record({
    named: fc.constantFrom("path", "name", "windows", "upper", "decomposed"),
    told: fc.constantFrom("name", "number"),
    more: fc.constantFrom([], ["300"], ["", "train"]),
    strangers: fc.nat(30),
  });
  await fc.assert(
    fc.asyncProperty(drawnPictures, form, told, async (pictures, how, what) => {
      const paths = pictures.map(({ folder, name, ending }) => folder + name + ending);
      const rows = pictures.map((each, i) => {
        const named = {
          path: paths[i]!,
          name: each.name + each.ending,
          windows: `.\\${paths[i]!.replaceAll("/", "\\")}`,
          upper: (each.name + each.ending).toUpperCase(),
          decomposed: paths[i]!.normalize("NFD"),
        }[what.named];
        return [named, ...what.more, what.told === "name" ? classes[each.class]! : `${each.class}`];
      });
      const strangers = Array.from({ length: what.strangers }, (_, i) => [
        `elsewhere ${i}.png`,
        ...what.more,
        "0",
      ]);
      const heading = how.hasHeading ? [["file", ...what.more.map(() => "x"), "label"]] : [];
      const bytes = written([...heading, ...rows, ...strangers], how);
      expect(useOf(bytes, paths)).toBe("true classes");
      const platform = { readBytes: () => Promise.resolve(bytes) };
      const known = { names: classes, count: classes.length };
      const { labels } = await trueLabels(platform, ["t.csv"], paths, known);
      expect(labels).toEqual(pictures.map((each) => each.class));
    }),
    { numRuns: 400 },
  );
});

test("without endings they do so where most rows name a picture, or classes repeat", () => {
  fc.assert(
    fc.property(drawnPictures, form, fc.nat(30), (pictures, how, strangers) => {
      const paths = pictures.map(({ folder, name, ending }) => folder + name + ending);
      const rows = pictures.map((each) => [each.name, classes[each.class]!]);
      const others = Array.from({ length: strangers }, (_, i) => [
        `elsewhere ${i}`,
        classes[i % 2]!,
      ]);
      const bytes = written([...rows, ...others], how);
      const isListed = rows.length > others.length || others.length > 2;
      if (isListed) expect(useOf(bytes, paths)).toBe("true classes");
      else expect(["true classes", "unsure"]).toContain(useOf(bytes, paths));
    }),
    { numRuns: 200 },
  );
});

const names = fc.uniqueArray(stem, { minLength: 2, maxLength: 30 });

test("lists of names stay names, whatever the pictures are called", () => {
  const shape = fc.constantFrom(
    "one column",
    "numbered from 0",
    "numbered from 1",
    "with a synset",
  );
  fc.assert(
    fc.property(names, shape, form, fc.array(fc.nat(60), { maxLength: 5 }), (all, how, as, own) => {
      const rows = all.map((name, i) => {
        if (how === "one column") return [name];
        if (how === "with a synset") return [`n0${1000 + i}`, name];
        return [`${how === "numbered from 0" ? i : i + 1}`, name];
      });
      const heading = as.hasHeading ? [rows[0]!.length === 1 ? ["name"] : ["id", "name"]] : [];
      // Some pictures are called like classes or numbers.
      const paths = own.map((i) => `in/${all[i] ?? i}.png`);
      const few = new Set(paths).size * 2 < rows.length;
      const use = useOf(written([...heading, ...rows], as), paths);
      if (how !== "with a synset" || few) expect(use).not.toBe("true classes");
      if (how === "one column" || paths.length === 0) expect(use).toBe("names");
    }),
    { numRuns: 400 },
  );
});

test.each([
  ["0,cat\n1,dog", ["0.png", "1.png"], "unsure"],
  ["0,cat\n1,dog", ["cat.png"], "unsure"],
  ["0.png,cat\n1.png,dog", ["0.png", "1.png"], "true classes"],
  ["file,label\n0.png,", ["0.png"], "true classes"],
  ["id,breed\n7,cat\n9,dog", ["7.png", "9.png"], "true classes"],
  ["", ["a.png"], "names"],
  ["a.png\nb.png", ["a.png", "b.png"], "names"],
])("%j beside %j: %s", (text, paths, use) => {
  expect(useOf(new TextEncoder().encode(text), paths)).toBe(use);
});
