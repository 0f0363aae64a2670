/** @file Boxes that a detector found, drawn over a picture: what is explained strong, others thin, each with its name. */
import type { Colour, Mark } from "./marks.ts";
import type { Box, CellDrawing } from "./sheet.ts";
import { fitText, type Typeface, type Typefaces } from "./typeface.ts";

/** A box over a picture, with its sides in shares of the picture's. */
export interface ShownBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly name: string;
  /** As it is written behind the name. */
  readonly score: string;
  /** Boxes of one class have one colour. */
  readonly class: number;
  readonly isExplained: boolean;
}

/** Bright enough for dark letters on them, and apart from each other to most eyes. */
const classColours = [
  [255, 176, 0],
  [86, 204, 242],
  [120, 220, 110],
  [255, 140, 190],
  [245, 232, 80],
  [255, 128, 80],
  [190, 160, 255],
  [80, 220, 200],
] as const satisfies readonly Colour[];

const ink: Colour = [20, 20, 24];

/**
 * How far lines reach to the outside of a box and to its inside, and the dark edges that set them off from any picture; in
 * units of the sheet, whose halves are pixels of a raster.
 */
const strong = { outside: 0.5, inside: -1, edge: 0.5 } as const;
const thin = { outside: 0, inside: -0.5, edge: 0.5 } as const;

/** What a cell shows of boxes: on the photo their names too. */
export function boxesOver(boxes: readonly ShownBox[], shows: "outlines" | "names"): CellDrawing {
  // What is explained lies above the rest, and better boxes above others.
  const ordered = [
    ...boxes.filter(({ isExplained }) => !isExplained).toReversed(),
    ...boxes.filter(({ isExplained }) => isExplained).toReversed(),
  ];
  return (area, faces) => {
    const placed = ordered.map((shown) => ({ shown, box: boxIn(area, shown) }));
    const outlines = placed.flatMap(({ shown, box }) => outlineOf(box, area, shown));
    return shows === "outlines" ? outlines : [...outlines, ...namesOf(placed, area, faces)];
  };
}

interface PlacedBox {
  readonly shown: ShownBox;
  readonly box: Box;
}

/** What a box covers of the picture, in units of the sheet; as much of it as lies inside. */
function boxIn(area: Box, { left, top, right, bottom }: ShownBox): Box {
  const [fromX, toX] = [left, right].map((share) => area.widthPx * within(share, 0, 1));
  const [fromY, toY] = [top, bottom].map((share) => area.heightPx * within(share, 0, 1));
  const widthPx = Math.max(inHalves(toX! - fromX!), leastSidePx);
  const heightPx = Math.max(inHalves(toY! - fromY!), leastSidePx);
  return {
    x: inHalves(area.x) + within(inHalves(fromX!), 0, area.widthPx - widthPx),
    y: inHalves(area.y) + within(inHalves(fromY!), 0, area.heightPx - heightPx),
    widthPx,
    heightPx,
  };
}

function inHalves(value: number): number {
  return Math.round(2 * value) / 2;
}

/** Smaller boxes would be a dot. */
const leastSidePx = 4;

function within(value: number, least: number, most: number): number {
  return Math.max(Math.min(value, most), least);
}

/** A line around a box between two dark edges, all inside of the picture. */
function outlineOf(box: Box, area: Box, { isExplained, class: named }: ShownBox): Mark[] {
  const { outside, inside, edge } = isExplained ? strong : thin;
  return [
    ...ring(box, area, outside + edge, inside - edge, ink),
    ...ring(box, area, outside, inside, colourOf(named)),
  ];
}

function colourOf(named: number): Colour {
  return classColours[named % classColours.length]!;
}

/** Four strips around a box, from so far outside to so far inside, negative. */
function ring(box: Box, area: Box, outside: number, inside: number, colour: Colour): Mark[] {
  const most = edgesOf(area);
  const outer = grown(edgesOf(box), outside, most);
  const inner = grown(outer, inside - outside, most);
  const strip = (left: number, top: number, right: number, bottom: number): Mark => ({
    kind: "rectangle",
    x: left,
    y: top,
    widthPx: right - left,
    heightPx: bottom - top,
    colour,
  });
  return [
    strip(outer.left, outer.top, outer.right, inner.top),
    strip(outer.left, inner.bottom, outer.right, outer.bottom),
    strip(outer.left, inner.top, inner.left, inner.bottom),
    strip(inner.right, inner.top, outer.right, inner.bottom),
  ];
}

type Edges = Readonly<Record<"left" | "top" | "right" | "bottom", number>>;

function edgesOf({ x, y, widthPx, heightPx }: Box): Edges {
  return { left: x, top: y, right: x + widthPx, bottom: y + heightPx };
}

function grown({ left, top, right, bottom }: Edges, by: number, most: Edges): Edges {
  return {
    left: Math.max(left - by, most.left),
    top: Math.max(top - by, most.top),
    right: Math.min(right + by, most.right),
    bottom: Math.min(bottom + by, most.bottom),
  };
}

/** Letters of the explained boxes and of others, and what is around them, in units of the sheet. */
const lettersPx = { explained: 8.5, other: 7 } as const;
const paddingPx = 2.5;

/** What a name may take of the picture's width. */
const mostOfWidth = 0.7;

/** The names, on plates that cover no other: the explained ones are placed first, and what has no room is left out. */
function namesOf(placed: readonly PlacedBox[], area: Box, faces: Typefaces): Mark[] {
  const plates: Box[] = [];
  const marks: Mark[][] = [];
  for (const one of placed.toReversed()) {
    const { isExplained } = one.shown;
    const face = isExplained ? faces.bold : faces.regular;
    const sizePx = isExplained ? lettersPx.explained : lettersPx.other;
    const text = nameText(one.shown, face, sizePx, mostOfWidth * area.widthPx);
    const size = {
      widthPx: face.width(text, sizePx) + 2 * paddingPx,
      heightPx: Math.ceil(1.35 * sizePx),
    };
    const plate = platePlace(one, size, { area, plates, placed });
    if (!plate) continue;
    plates.push(plate);
    marks.unshift(nameMarks(plate, text, { face, sizePx, shown: one.shown }));
  }
  return marks.flat();
}

/** A name that is too long ends in an ellipsis; the score stays. */
function nameText(
  { name, score }: ShownBox,
  face: Typeface,
  sizePx: number,
  mostPx: number,
): string {
  const behind = ` ${score}`;
  return `${fitText(face, name, sizePx, mostPx - face.width(behind, sizePx))}${behind}`;
}

interface Letters {
  readonly face: Typeface;
  readonly sizePx: number;
  readonly shown: ShownBox;
}

/** Dark letters on the colour of the class; of boxes that are not explained letters of that colour on dark. */
function nameMarks(plate: Box, text: string, { face, sizePx, shown }: Letters): Mark[] {
  const bright = colourOf(shown.class);
  const [ground, letters] = shown.isExplained ? [bright, ink] : [ink, bright];
  return [
    { kind: "rectangle", ...plate, colour: ground },
    {
      kind: "text",
      text,
      face,
      sizePx,
      colour: letters,
      x: plate.x + paddingPx,
      y: plate.y + Math.round(0.5 * plate.heightPx + 0.36 * sizePx),
    },
  ];
}

type Size = Pick<Box, "widthPx" | "heightPx">;

interface Surroundings {
  readonly area: Box;
  /** Plates that are there already. */
  readonly plates: readonly Box[];
  readonly placed: readonly PlacedBox[];
}

/** Where a name lies at its box, inside the picture: where it hides least of other boxes; undefined where names lie already. */
function platePlace(own: PlacedBox, size: Size, around: Surroundings): Box | undefined {
  const { area, plates } = around;
  let best: { readonly plate: Box; readonly cost: number } | undefined;
  for (const [rank, [x, y]] of placesAt(own.box, size).entries()) {
    const isInside = y >= area.y && y + size.heightPx <= area.y + area.heightPx;
    if (!isInside) continue;
    const plate = { ...size, x: within(x, area.x, area.x + area.widthPx - size.widthPx), y };
    if (plates.some((other) => shared(plate, other) > 0)) continue;
    const cost = hidden(plate, own, around.placed) + rank * rankCost;
    if (!best || cost < best.cost) best = { plate, cost };
  }
  return best?.plate;
}

/** What a later place costs, as a share of a plate that hides a box. */
const rankCost = 0.05;

/** Upper left corners of plates at a box, the usual ones first: above, below, inside, beside. */
function placesAt(
  { x, y, widthPx, heightPx }: Box,
  size: Size,
): readonly (readonly [x: number, y: number])[] {
  const [endX, endY] = [x + widthPx, y + heightPx];
  const [above, below] = [y - size.heightPx, endY];
  const right = endX - size.widthPx;
  const beside = [y, y + (heightPx - size.heightPx) / 2, endY - size.heightPx];
  return [
    [x, above],
    [right, above],
    [x, below],
    [right, below],
    [x, y],
    [right, y],
    [x, endY - size.heightPx],
    [right, endY - size.heightPx],
    ...beside.flatMap((at) => [[endX, at] as const, [x - size.widthPx, at] as const]),
  ];
}

/** How much of a plate lies on boxes: those that are explained count most, its own less. */
function hidden(plate: Box, own: PlacedBox, placed: readonly PlacedBox[]): number {
  const size = plate.widthPx * plate.heightPx;
  return placed.reduce((sum, { shown, box }) => {
    const weight = box === own.box ? 0.5 : shown.isExplained ? 2 : 1;
    // A large box is hidden less by a plate than a small one.
    const share = shared(plate, box) / Math.min(size, box.widthPx * box.heightPx);
    return sum + weight * share * Math.min(1, (4 * size) / (box.widthPx * box.heightPx));
  }, 0);
}

function shared(a: Box, b: Box): number {
  const width = Math.min(a.x + a.widthPx, b.x + b.widthPx) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.heightPx, b.y + b.heightPx) - Math.max(a.y, b.y);
  return Math.max(width, 0) * Math.max(height, 0);
}
