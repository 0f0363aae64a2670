/** @file A part of what the network sees, marked as a box or painted by brush, and the text that addresses and calls hold. */

/** A part of the picture, in shares of its sides. */
export interface ShownBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Painted places of a grid over what the network sees: [height * width], row-major, 1 where painted. */
export interface PaintedGrid {
  readonly width: number;
  readonly height: number;
  readonly inside: Uint8Array<ArrayBuffer>;
}

export type ShownRegion =
  ({ readonly kind: "box" } & ShownBox) | ({ readonly kind: "painted" } & PaintedGrid);

/** Of a grid, so that no address makes the page reserve much. */
const mostPlaces = 256;

/** Digits of shares: a photo of 4000 pixels is told to half a pixel. */
const shareDigits = 4;

/** `box_LEFT_TOP_RIGHT_BOTTOM` in shares. */
export function boxRegion({ left, top, right, bottom }: ShownBox): string {
  return ["box", ...[left, top, right, bottom].map(shareText)].join("_");
}

/**
 * `painted_WIDTHxHEIGHT_RUNS`: the lengths of runs of places row by row, of those outside and those inside in turn, in
 * letters of base 36 with dots between them. Undefined where nothing is painted.
 */
export function paintedRegion({ width, height, inside }: PaintedGrid): string | undefined {
  if (!inside.includes(1)) return undefined;
  const runs: number[] = [];
  let [now, length] = [0, 0];
  for (const one of inside) {
    if (one !== now) {
      runs.push(length);
      [now, length] = [one, 0];
    }
    length += 1;
  }
  runs.push(length);
  return `painted_${width}x${height}_${runs.map((run) => run.toString(36)).join(".")}`;
}

/** The part of a text; undefined for any other text. */
export function regionIn(text: string | undefined): ShownRegion | undefined {
  return text === undefined ? undefined : (boxIn(text) ?? paintedIn(text));
}

const boxPattern = /^box_([\d.]+)_([\d.]+)_([\d.]+)_([\d.]+)$/;

function boxIn(text: string): ShownRegion | undefined {
  const found = boxPattern.exec(text)?.slice(1).map(Number);
  if (!found || found.some((share) => !(share >= 0 && share <= 1))) return undefined;
  const [left, top, right, bottom] = found as [number, number, number, number];
  return left < right && top < bottom ? { kind: "box", left, top, right, bottom } : undefined;
}

const paintedPattern = /^painted_(\d{1,3})x(\d{1,3})_([\da-z]{1,4}(?:\.[\da-z]{1,4})*)$/;

function paintedIn(text: string): ShownRegion | undefined {
  const found = paintedPattern.exec(text);
  if (!found) return undefined;
  const [width, height] = [Number(found[1]), Number(found[2])];
  if (Math.max(width, height) > mostPlaces) return undefined;
  const inside = new Uint8Array(width * height);
  let at = 0;
  for (const [i, run] of found[3]!.split(".").entries()) {
    const end = at + Number.parseInt(run, 36);
    inside.fill(i % 2, at, end);
    at = end;
  }
  if (at !== inside.length || !inside.includes(1)) return undefined;
  return { kind: "painted", width, height, inside };
}

function shareText(share: number): string {
  return String(Number(share.toFixed(shareDigits)));
}
