/** @file No text that the page draws does more than show itself, however it comes to be drawn. */
import * as fc from "fast-check";
import { parseHTML } from "linkedom";
import { Fragment, h, options, render, type ComponentChildren } from "preact";
import { afterAll, beforeAll, expect, test } from "vitest";
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
      const wanted = [...shown, ...shown.flatMap((each) => [each, each, "7"]), shown[0]].join("");
      expect(place.textContent).toBe(wanted);
      expect(doing.exec(place.textContent ?? "")).toBe(null);
      const section = place.querySelector("section")!;
      expect(section.getAttribute("title")).toBe(shown[0]);
      expect(section.getAttribute("aria-label")).toBe(shown[0]);
      // What a choice stands for is the name itself.
      const option = place.querySelector("option") as unknown as { readonly value: string };
      expect(option.value).toBe(first);
      render(null, place);
    }),
    { numRuns: 300 },
  );
});
