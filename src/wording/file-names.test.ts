/** @file Names of files for whatever networks call their layers. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { array, assert, constantFrom, oneof, property, string, stringMatching } from "fast-check";
import { expect, test } from "vitest";
import { fileNames, uniqueFileNames } from "./file-names.ts";

const awkward = constantFrom(
  ..."a/b a-b A-B a:b a\\b .. . ... - / __proto__ CON con nul.1 Lpt9 .hidden Straße STRASSE é".split(
    " ",
  ),
  "",
  "e\u0301",
  "a-b-2",
  "x".repeat(300),
  `${"x".repeat(300)}y`,
  "層".repeat(90),
  "\ud800",
  "a b",
  "a\u0000b",
);
const anyName = oneof(awkward, string({ unit: "binary", maxLength: 12 }), string());

test("every name has a file of its own, which every file system can hold", () => {
  assert(
    property(array(anyName, { maxLength: 20 }), (names) => {
      const files = fileNames(names);
      expect(new Set(files.keys())).toEqual(new Set(names));
      const values = [...files.values()];
      expect(new Set(values.map((file) => file.toLowerCase().normalize("NFD"))).size).toBe(
        files.size,
      );
      for (const file of values) {
        expect(file).toMatch(/^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}_.-]*(?<![.-])$/u);
        expect(file).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|^__proto__$/i);
        expect(new TextEncoder().encode(file).length).toBeLessThanOrEqual(116);
      }
    }),
  );
});

test("a disk holds as many files as there are names", () => {
  const names = ["a/b", "a-b", "A-B", "é", "e\u0301", "..", "", "層/1", "x".repeat(400)];
  const folder = mkdtempSync(join(tmpdir(), "limpid-names-"));
  try {
    for (const file of fileNames(names).values()) writeFileSync(join(folder, `${file}.png`), "");
    expect(readdirSync(folder)).toHaveLength(names.length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("names that are good for files stay as they are, whoever comes before them", () => {
  const good = stringMatching(/^[a-z0-9_]([\w.-]{0,30}\w)?$/).filter(
    (name) => !/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|^__proto__$/i.test(name),
  );
  assert(
    property(good, array(anyName.map((name) => `/${name}`)), (name, others) => {
      expect(fileNames([...others, name]).get(name)).toBe(name);
    }),
  );
});

test.each([
  [
    ["inception_5b/output", "/layer1/conv"],
    ["inception_5b-output", "layer1-conv"],
  ],
  [
    ["a/b", "a-b", "a:b"],
    ["a-b-2", "a-b", "a-b-3"],
  ],
  [
    ["Conv", "conv", "conv-2"],
    ["Conv", "conv-3", "conv-2"],
  ],
  [
    ["..", "///", ""],
    ["unnamed", "unnamed-2", "unnamed-3"],
  ],
  [
    ["NUL", "con.1", "__proto__", "console"],
    ["_NUL", "_con.1", "___proto__", "console"],
  ],
  [
    ["层/一", "Größe 2", ".hidden."],
    ["层-一", "Größe-2", "hidden"],
  ],
])("%j", (names, files) => {
  expect(names.map((name) => fileNames(names).get(name))).toEqual(files);
});

test("long names are cut to whole letters and told apart by a digest", () => {
  const names = ["x", "y"].map((end) => `${"é".repeat(80)}${end}`);
  const [first, second] = names.map((name) => fileNames(names).get(name));
  expect(first).toMatch(/^é{50}-[0-9a-f]{8}$/);
  expect(second).toMatch(/^é{50}-[0-9a-f]{8}$/);
  expect(first).not.toBe(second);
});

const folded = (file: string) => file.toUpperCase().toLowerCase().normalize("NFC");
const isLegal = (file: string) =>
  /^[\p{L}\p{M}\p{N}_][\p{L}\p{M}\p{N}_.-]*(?<![.-])$/u.test(file) &&
  !/^(con|prn|aux|nul|(com|lpt)[\d¹²³])(\.|$)|^__proto__$/i.test(file);

test("things of one name have files of their own, none of which another writer has", () => {
  const taken = ["results.json", "Recipe.json", "a-b.png"];
  const endings = ["", ".png", ".npy"];
  const among = array(
    oneof(anyName, constantFrom("results.json", "recipe", "a-b.png", "aux.png")),
    {
      maxLength: 30,
    },
  );
  assert(
    property(among, (names) => {
      const files = uniqueFileNames(names, { mostBytes: 180, endings, taken });
      expect(files).toHaveLength(names.length);
      const paths = files.flatMap((file) => endings.map((ending) => folded(`${file}${ending}`)));
      expect(new Set([...paths, ...taken.map(folded)]).size).toBe(paths.length + taken.length);
      for (const file of files) {
        expect(isLegal(file), file).toBe(true);
        expect(new TextEncoder().encode(`${file}.npy`).length).toBeLessThan(200);
      }
      expect(uniqueFileNames(names, { mostBytes: 180, endings, taken })).toEqual(files);
    }),
  );
});

test.each([
  [["crane", "Crane", "crane"], {}, ["crane", "Crane-2", "crane-3"]],
  [["results.json", "x"], { taken: ["Results.json"] }, ["results.json-2", "x"]],
  [["conv.png", "conv"], { endings: ["", ".png"] }, ["conv.png", "conv-2"]],
  [["COM¹", "lpt³.txt", "com¹0"], {}, ["_COM¹", "_lpt³.txt", "com¹0"]],
])("%j with %j", (names, options, files) => {
  expect(uniqueFileNames(names, options)).toEqual(files);
});
