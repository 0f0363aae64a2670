/** @file No text that the page draws does more than show itself, however it comes to be drawn. */
import * as fc from "fast-check";
import { parseHTML } from "linkedom";
import { Fragment, h, options, render, type ComponentChildren } from "preact";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isolatedText } from "../../src/wording/isolated-text.ts";
import { shownLines } from "../../src/wording/shown-text.ts";
import { showLettersAlone } from "./shown-letters.ts";

const doing = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const { document } = parseHTML("<html><body></body></html>");
const before = options.vnode;

beforeAll(() => {
  Object.assign(globalThis, { document });
  showLettersAlone();
});
afterAll(() => {
  if (before) options.vnode = before;
  else delete options.vnode;
  Reflect.deleteProperty(globalThis, "document");
});

const name = fc.oneof(
  fc.string({ unit: "binary", minLength: 1 }),
  fc
    .array(
      fc.constantFrom(
        "\u202e",
        "\u2066",
        "\u2069",
        "\u200b",
        "\u200f",
        "\u001b[31m",
        "a",
        "\u05d0",
        "<b>",
        "\n",
        "é",
      ),
      { minLength: 1 },
    )
    .map((letters) => letters.join("")),
);

const Through = ({ text, children }: { text: string; children?: ComponentChildren }) =>
  h(Fragment, null, text, children);

test("nested, in lists, through components and in what is read out", () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
      const place = document.createElement("div");
      const [first] = names as [string];
      const drawn = () =>
        h(
          "section",
          { title: first, "aria-label": first },
          names,
          names.map((each) => h(Through, { text: each }, h("b", null, [each, 7]))),
          h("option", { value: first }, first),
        );
      render(drawn(), place);
      const shown = names.map(shownLines);
      const isolated = isolatedText(shown[0]!);
      const wanted = [...shown, ...shown.flatMap((each) => [each, each, "7"])].join("");
      expect(place.textContent).toBe(wanted + isolated);
      expect(doing.exec(wanted)).toBe(null);
      const section = place.querySelector("section")!;
      expect(section.getAttribute("title")).toBe(isolated);
      expect(section.getAttribute("aria-label")).toBe(isolated);
      // What a choice stands for is the name itself.
      const option = place.querySelector("option") as unknown as { readonly value: string };
      expect(option.value).toBe(first);
      for (const element of place.querySelectorAll("*"))
        for (const node of element.childNodes)
          if (node.nodeType === 3 && /\u05d0/.test(node.textContent ?? ""))
            expect(["bdi", "option"]).toContain(element.localName);
      render(null, place);
    }),
    { numRuns: 300 },
  );
});

test("a name that is written from right to left stands alone, in texts of SVG as well, and may change", () => {
  const place = document.createElement("div");
  const drawn = (text: string) =>
    h("div", null, h("p", null, "a ", text, ": 3"), h("svg", null, h("text", null, text, 4)));
  const marked = (type: string) =>
    [...place.querySelectorAll(type)].map((each) => each.textContent);
  render(drawn("\u05d0\u05d1 (2)"), place);
  expect([marked("bdi"), marked("tspan")]).toEqual([["\u05d0\u05d1"], ["\u05d0\u05d1"]]);
  expect(place.textContent).toBe("a \u05d0\u05d1 (2): 3\u05d0\u05d1 (2)4");
  render(drawn("b"), place);
  expect([marked("bdi"), marked("tspan")]).toEqual([[], []]);
  expect(place.textContent).toBe("a b: 3b4");
  render(drawn("\u05d1\u05d0"), place);
  expect(marked("bdi")).toEqual(["\u05d1\u05d0"]);
  expect(place.textContent).toBe("a \u05d1\u05d0: 3\u05d1\u05d04");
  render(null, place);
});
