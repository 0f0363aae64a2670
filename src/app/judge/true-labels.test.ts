/** @file Classes of pictures by tables: whatever their form, each picture has the class that was written, and all else is told. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trueLabels } from "./true-labels.ts";

const names = ["cat", "dog", "tench, Tinca tinca", "Füchsin"];
const utf8 = new TextEncoder();

async function labelled(
  paths: readonly string[],
  texts: readonly string[],
  classes: { readonly names: readonly string[] | undefined; readonly count: number } = {
    names,
    count: names.length,
  },
) {
  const files = new Map(texts.map((text, i) => [`in/t${i}.csv`, utf8.encode(text)]));
  const platform = { readBytes: (path: string) => Promise.resolve(files.get(path)!) };
  return trueLabels(platform, [...files.keys()], paths, classes);
}

const stem = fc.stringMatching(/^[a-zäé][a-zäé0-9 ,;"_'-]{0,7}[a-z0-9]$/);
const picture = fc.record({
  folder: fc.constantFrom("", "x/", "x/y/"),
  stem,
  ending: fc.constantFrom(".png", ".JPG", ".jpeg"),
  class: fc.nat({ max: names.length - 1 }),
});
const folders = fc.uniqueArray(picture, {
  selector: ({ stem: name }) =>
    name
      .normalize("NFC")
      .toLowerCase()
      .replace(/[\s_-]+/g, " "),
  minLength: 2,
  maxLength: 12,
});
const form = fc.record({
  separator: fc.constantFrom(",", ";", "\t"),
  ending: fc.constantFrom("\n", "\r\n"),
  heading: fc.constantFrom(undefined, ["name", "label"], ["Datei", "Sorte"]),
  isLabelFirst: fc.boolean(),
  named: fc.constantFrom("path", "name", "stem", "windows", "upper", "decomposed"),
  told: fc.constantFrom("name", "number", "float", "upper"),
  hasMark: fc.boolean(),
});

describe("a table in any form", () => {
  test("tells each picture's class, and says nothing where nothing is wrong", async () => {
    await fc.assert(
      fc.asyncProperty(folders, form, async (pictures, how) => {
        const paths = pictures.map((each) => `in/${each.folder}${each.stem}${each.ending}`);
        const nameOf = ({ folder, stem: name, ending }: (typeof pictures)[number]) => {
          const path = `${folder}${name}${ending}`;
          if (how.named === "path") return path;
          if (how.named === "windows") return `.\\${path.replaceAll("/", "\\")}`;
          if (how.named === "stem") return name;
          if (how.named === "upper") return `${name}${ending}`.toUpperCase();
          return how.named === "decomposed" ? path.normalize("NFD") : `${name}${ending}`;
        };
        const labelOf = (own: number) => {
          if (how.told === "number") return String(own);
          if (how.told === "float") return `${own}.0`;
          return how.told === "upper" ? names[own]!.toUpperCase() : names[own]!;
        };
        const quoted = (cell: string) =>
          /[",;\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
        const rows = [
          ...(how.heading ? [how.heading] : []),
          ...pictures.map((each) => [nameOf(each), labelOf(each.class)]),
        ].map((row) => (how.isLabelFirst ? row.toReversed() : row).map(quoted));
        const text = rows.map((row) => row.join(how.separator)).join(how.ending);
        const { labels, notes } = await labelled(paths, [`${how.hasMark ? "\uFEFF" : ""}${text}`]);
        expect(labels).toEqual(pictures.map((each) => each.class));
        expect(notes).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("of any text tells only classes that there are", async () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^([ab1,;"\n.]|cat|dog){0,20}$/));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 3 }), async (texts) => {
        const { labels } = await labelled(["in/a.png", "in/b/1.png"], texts);
        for (const own of labels) expect(own === undefined || own < names.length).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

const two = ["in/cat/1.png", "in/dog/1.png", "in/dog/2.png"];

test.each<[string, string, readonly (number | undefined)[], RegExp]>([
  [
    "classes that there are not",
    "cat/1.png,wolf\ndog/2.png,dog",
    [undefined, undefined, 1],
    /"wolf".*judged without/,
  ],
  ["a name of two pictures", "1.png,cat\n2.png,dog", [undefined, undefined, 1], /several: "1.png"/],
  [
    "pictures that are not here",
    "9.png,cat\n2.png,dog",
    [undefined, undefined, 1],
    /not here: "9.png"/,
  ],
  [
    "rows that contradict each other",
    "2.png,cat\n2,dog",
    [undefined, undefined, undefined],
    /contradict each other on "in\/dog\/2.png"/,
  ],
  [
    "folders that are not here",
    "train/dog/2.png,1",
    [undefined, undefined, 1],
    /1 rows of "t0.csv" name folders/,
  ],
  [
    "numbers from 1 on",
    "2.png,4\ncat/1.png,1",
    [undefined, undefined, undefined],
    /counted from 0/,
  ],
  ["nothing of the pictures", "a,b\nc,d", [undefined, undefined, undefined], /not used.*a \| b/],
  ["quotes that do not end", 'a,"b\n', [undefined, undefined, undefined], /line 1 that does not/],
])("%s are told", async (_, text, labels, note) => {
  const found = await labelled(two, [text]);
  expect(found.labels).toEqual(labels);
  expect(found.notes).toEqual([expect.stringMatching(note)]);
});

test("the same class twice is one, also in two tables; empty classes are none", async () => {
  const { labels, notes } = await labelled(two, ["2.png,dog\n2.png,1\ncat/1.png,\n", "2,DOG\n"]);
  expect(labels).toEqual([undefined, undefined, 1]);
  expect(notes).toEqual([]);
});

test("of several columns those of pictures and classes are taken, by heading or by what they hold", async () => {
  const wide = "id;file;width;label\n0;cat/1.png;300;dog\n1;dog/2.png;200;cat\n";
  expect((await labelled(two, [wide])).labels).toEqual([1, undefined, 0]);
  const bare = "cat/1.png,300,dog\ndog/2.png,200,cat\n";
  expect((await labelled(two, [bare])).labels).toEqual([1, undefined, 0]);
  // A column of numbers that are classes, too, does not stand in for the one that is headed.
  const ids = "id,file,class\n0,cat/1.png,wolf\n1,dog/2.png,dog\n";
  expect((await labelled(two, [ids])).labels).toEqual([undefined, undefined, 1]);
});

test("classes as fractions of programs without whole numbers are found among other columns", async () => {
  const text = "a.png,0.25,3.0\nb.png,0.5,1.0\nc.png,0.75,0.0\n";
  const { labels } = await labelled(["a.png", "b.png", "c.png"], [text]);
  expect([...labels].map((each) => each)).toEqual([3, 1, 0]);
});
