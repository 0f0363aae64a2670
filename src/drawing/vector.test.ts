import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { picture } from "../image/picture.ts";
import type { Drawing } from "./marks.ts";
import { drawingSvg } from "./vector.ts";
import type { Typeface } from "./typeface.ts";

const face: Typeface = {
  width: (text, sizePx) => (Array.from(text).length * sizePx) / 2,
  glyphs: () => [],
};
const bold: Typeface = { ...face };
const tools = { faces: { regular: face, bold }, encode: async () => Uint8Array.of(1, 2, 3, 255) };
const black = [0, 0, 0] as const;
const box = { x: 1, y: 2, widthPx: 30, heightPx: 40 };

const drawing: Drawing = {
  widthPx: 100,
  heightPx: 50,
  marks: [
    { kind: "rectangle", ...box, colour: [255, 0, 16] },
    { kind: "frame", ...box, colour: black },
    { kind: "ramp", ...box, map: "inferno" },
    { kind: "ramp", ...box, map: "inferno" },
    { kind: "picture", ...box, picture: picture(1, 1, 1, Uint8Array.of(7)), enlarge: "squares" },
    {
      kind: "line",
      x: 5,
      y: 5,
      points: [
        [0, 0],
        [1, 2],
      ],
      widthPx: 2,
      colour: black,
    },
    { kind: "text", text: '<a&b">\u202e', face: bold, sizePx: 10, colour: black, x: 3, y: 9 },
  ],
};

test("a name that is written from right to left stands alone, in what is drawn and in what stands for it", async () => {
  const [text] = drawing.marks.slice(-1);
  const named = {
    ...drawing,
    marks: [{ ...text!, text: "חתול 2: 0.5" } as (typeof drawing.marks)[0]],
  };
  const svg = await drawingSvg(named, "חתול: 1", tools);
  expect(svg).toContain('><tspan style="unicode-bidi:isolate">חתול</tspan> 2: 0.5</text>');
  expect(svg).toContain("<title>\u2068חתול\u2069: 1</title>");
});

test("every mark becomes an element of its place", async () => {
  const svg = await drawingSvg(drawing, "what it shows <b>", tools);
  const { document } = parseHTML(svg);
  const get = (selector: string) => document.querySelector(selector)!;
  expect(get("title").textContent).toBe("what it shows <b>");
  expect(get('rect[fill="#ff0010"]').getAttribute("width")).toBe("30");
  expect(get("rect[stroke]").getAttribute("x")).toBe("0.5");
  expect(document.querySelectorAll('rect[fill="url(#ramp-0)"]').length).toBe(2);
  expect(document.querySelectorAll("linearGradient").length).toBe(1);
  expect(get("image").getAttribute("href")).toBe("data:image/png;base64,AQID/w==");
  expect(get("image").getAttribute("style")).toBe("image-rendering:pixelated");
  expect(get("polyline").getAttribute("points")).toBe("5,5 6,7");
  expect(get("text").textContent).toBe(String.raw`<a&b">\u202e`);
  expect(get("text").getAttribute("font-weight")).toBe("600");
  expect(document.querySelectorAll("a, b").length).toBe(0);
});
