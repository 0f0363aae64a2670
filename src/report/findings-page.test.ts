import { assert, property, string } from "fast-check";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { findingsPage, type Findings } from "./findings-page.ts";

const picture = (text: string) => ({
  png: Uint8Array.of(1),
  alt: text,
  title: text,
  notes: [text],
});

const saying = (text: string): Findings => ({
  title: text,
  language: "en",
  headings: {
    madeBy: "Made by Limpid",
    answer: "Answer",
    compared: "Compared",
    units: "Units",
    notes: "Assumed",
    recipe: "Recipe",
    fingerprint: "Fingerprint",
  },
  network: text,
  digest: "ab",
  version: "1",
  figure: picture(text),
  sentence: text,
  warnings: [text],
  answers: { head: ["Class", "Probability"], rows: [[text, "50 %"]] },
  compared: [picture(text)],
  units: [picture(text)],
  notes: [text],
  recipes: [["On the command line", text]],
});

const elements = (text: string) =>
  // What is written from right to left is marked so, and that is all.
  [...parseHTML(findingsPage(saying(text))).document.querySelectorAll(":not(bdi)")].map(
    ({ tagName, attributes }) => `${tagName} ${[...attributes].map(({ name }) => name).join(" ")}`,
  );

test("holds all that was found, and fetches nothing", () => {
  const { document } = parseHTML(findingsPage(saying("dog")));
  expect(document.querySelectorAll("img").length).toBe(3);
  const sources = [...document.querySelectorAll("img")].map((one) => one.getAttribute("src")!);
  expect(sources.every((address) => address.startsWith("data:image/png;base64,"))).toBe(true);
  expect(document.querySelectorAll("script, a[href]").length).toBe(0);
  expect(document.querySelector("pre")!.textContent).toBe("dog");
});

test("whatever names say, they are text: no element and no attribute comes of them", () => {
  const plain = elements("dog");
  const hostile = [
    "<img src=x onerror=RAN()>",
    '" onload="RAN()',
    "</style><script>RAN()</script>",
    "</pre><iframe>",
    "javascript:RAN()",
  ];
  for (const text of hostile) expect(elements(text)).toEqual(plain);
  assert(
    property(string({ unit: "binary" }), (text) => {
      expect(elements(text)).toEqual(plain);
    }),
    { numRuns: 50 },
  );
});

test("a name that is written from right to left moves nothing that stands beside it", () => {
  const { document } = parseHTML(findingsPage(saying("3: חתול (2)")));
  const marked = [...document.querySelectorAll("bdi")].map((one) => one.textContent);
  expect(marked.length).toBeGreaterThan(5);
  expect(new Set(marked)).toEqual(new Set(["חתול"]));
  expect(document.querySelector("pre")!.textContent).toBe("3: חתול (2)");
  expect(document.title).toBe("3: \u2068חתול\u2069 (2)");
});

test("recipes keep their lines and spaces", () => {
  const { document } = parseHTML(findingsPage(saying("a 5 %\n  b")));
  expect(document.querySelector("pre")!.textContent).toBe("a 5 %\n  b");
});
