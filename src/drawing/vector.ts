/** @file A drawing as an SVG document: text stays text, and pictures lie within it. */
import { base64Of } from "../bytes.ts";
import { colourAt, type ColorMap } from "../image/colormap.ts";
import type { Picture } from "../image/picture.ts";
import { drawnText, wholeText } from "../wording/markup.ts";
import { fontStack } from "./font-stack.ts";
import type { Colour, Drawing, Mark } from "./marks.ts";
import type { Typefaces } from "./typeface.ts";

/** What a drawing in letters of its own needs. */
export interface VectorTools {
  readonly faces: Typefaces;
  /** The picture as a PNG file. */
  encode(picture: Picture): Promise<Uint8Array>;
}

/** Colours between which a ramp is even. */
const stops = 32;

/** The document; `text` stands for it where it cannot be seen. Letters that the reader lacks Inter for keep its widths. */
export async function drawingSvg(
  { widthPx, heightPx, marks }: Drawing,
  text: string,
  tools: VectorTools,
): Promise<string> {
  const ramps: ColorMap[] = [];
  const pieces: string[] = [];
  for (const mark of marks) pieces.push(await markSvg(mark, ramps, tools));
  const gradients = ramps.map((map, i) => gradientSvg(map, i));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthPx} ${heightPx}" role="img" font-family="${fontStack}">`,
    `<title>${wholeText(text)}</title>`,
    `<defs>${gradients.join("")}</defs>`,
    `<rect width="${widthPx}" height="${heightPx}" fill="#fff"/>`,
    ...pieces,
    "</svg>\n",
  ].join("\n");
}

async function markSvg(mark: Mark, ramps: ColorMap[], tools: VectorTools): Promise<string> {
  switch (mark.kind) {
    case "rectangle":
      return `<rect ${sidesOf(mark)} fill="${hex(mark.colour)}"/>`;
    case "frame": {
      const { x, y, widthPx, heightPx } = mark;
      const around = { x: x - 0.5, y: y - 0.5, widthPx: widthPx + 1, heightPx: heightPx + 1 };
      return `<rect ${sidesOf(around)} fill="none" stroke="${hex(mark.colour)}"/>`;
    }
    case "ramp":
      if (!ramps.includes(mark.map)) ramps.push(mark.map);
      return `<rect ${sidesOf(mark)} fill="url(#ramp-${ramps.indexOf(mark.map)})"/>`;
    case "picture":
      return pictureSvg(mark, tools);
    case "line": {
      const points = mark.points.map(([x, y]) => `${mark.x + x},${mark.y + y}`).join(" ");
      return `<polyline points="${points}" fill="none" stroke="${hex(mark.colour)}" stroke-width="${mark.widthPx}" stroke-linejoin="round" stroke-linecap="round"/>`;
    }
    case "text":
      return textSvg(mark, tools);
  }
}

async function pictureSvg(
  mark: Extract<Mark, { kind: "picture" }>,
  { encode }: VectorTools,
): Promise<string> {
  const address = `data:image/png;base64,${base64Of(await encode(mark.picture))}`;
  const isEnlarged = mark.widthPx * mark.heightPx > mark.picture.widthPx * mark.picture.heightPx;
  const style =
    mark.enlarge === "squares" && isEnlarged ? ' style="image-rendering:pixelated"' : "";
  return `<image ${sidesOf(mark)} preserveAspectRatio="none"${style} href="${address}"/>`;
}

function textSvg(
  { text, face, sizePx, colour, x, y }: Extract<Mark, { kind: "text" }>,
  { faces }: VectorTools,
): string {
  if (text === "") return "";
  const weight = face === faces.bold ? ' font-weight="600"' : "";
  return `<text x="${x}" y="${y}" font-size="${sizePx}"${weight} fill="${hex(colour)}" textLength="${face.width(text, sizePx)}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${drawnText(text)}</text>`;
}

function gradientSvg(map: ColorMap, number: number): string {
  const colours = Array.from({ length: stops + 1 }, (_, i) => {
    const share = i / stops;
    return `<stop offset="${share}" stop-color="${hex(colourAt(map, share))}"/>`;
  });
  return `<linearGradient id="ramp-${number}">${colours.join("")}</linearGradient>`;
}

function sidesOf({
  x,
  y,
  widthPx,
  heightPx,
}: Readonly<Record<"x" | "y" | "widthPx" | "heightPx", number>>): string {
  return `x="${x}" y="${y}" width="${widthPx}" height="${heightPx}"`;
}

function hex(colour: Colour | readonly number[]): string {
  return `#${colour.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}
