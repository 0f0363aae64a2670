/** @file From numbers to colours: perceptually even and safe for the colour-blind, with ends that are true numbers. */
import { LimpidError } from "../errors.ts";
import { colorSteps as steps, colorTables } from "./color-tables.ts";
import { toGrey, type Picture, type Plane } from "./picture.ts";

/** A colour map's name. */
export type ColorMap = keyof typeof colorTables;

/** THE list of colour maps. */
export const colorMaps = Object.keys(colorTables) as readonly ColorMap[];

/** A scale from numbers to colours; its ends are the true numbers that the colour bar names. */
export interface ColorScale {
  readonly min: number;
  readonly max: number;
  readonly map: ColorMap;
  /** Smallest and largest number, where some lie beyond the ends and have the ends' colours. */
  readonly beyond?: readonly [number, number];
}

/** Colour of numbers that are NaN or infinite: a grey that no map contains. */
const oddColour = [128, 128, 128] as const;

const tables = new Map<ColorMap, Uint8Array>();

/** The map as 256 RGB colours. */
function tableOf(map: ColorMap): Uint8Array {
  const known = tables.get(map);
  if (known) return known;
  const table = colorTables[map]();
  tables.set(map, table);
  return table;
}

function isDiverging(map: ColorMap): boolean {
  return map === "red-blue";
}

export interface ScaleOptions {
  /** Symmetric around 0 with a diverging map; otherwise from 0, or the smallest number if that is below, to the largest. */
  readonly signed: boolean;
  /** `red-blue` where signed, else `inferno`. */
  readonly map?: ColorMap;
  /**
   * Share of the numbers, the farthest from 0, that may lie beyond the ends; 0 by default. The bar then
   * names the ends and the true extremes. For pixel maps, whose few largest numbers would hide the rest; of sparse
   * maps, whose other numbers are under a hundredth of the largest, none lies beyond.
   */
  readonly beyondShare?: number;
}

/** Ends that are nearer to 0 than this share of the farthest number would show what is nothing, or nothing at all. */
const leastReach = 0.01;

/**
 * The scale that shows every finite number of the values, without clipping unless it is asked for. Throws
 * `bad-option` for a diverging map of unsigned numbers or the reverse, whose middle would lie.
 */
export function scaleFor(values: ArrayLike<number>, options: ScaleOptions): ColorScale {
  const { signed, map = signed ? "red-blue" : "inferno", beyondShare = 0 } = options;
  if (isDiverging(map) !== signed) {
    throw new LimpidError(
      "bad-option",
      `colour map: ${signed ? "signed numbers need a diverging map" : "numbers of one sign need a map from dark to light"}, got "${map}".`,
    );
  }
  let [lowest, highest] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < lowest) lowest = value;
    else if (value > highest) highest = value;
  }
  const farthest = Math.max(highest, -lowest);
  const most = beyondShare > 0 ? reachOf(values, beyondShare) : farthest;
  // Of a map of few numbers the bar shows all, beside which the others are nothing.
  const reach = most < leastReach * farthest ? farthest : most;
  const beyond: readonly [number, number] = [lowest, highest];
  const ends = signed
    ? { min: -reach, max: reach }
    : { min: Math.max(lowest, -reach), max: Math.min(highest, reach) };
  return lowest < ends.min || highest > ends.max ? { ...ends, map, beyond } : { ...ends, map };
}

/**
 * The distance from 0 that all but a share of the finite numbers keep within, told apart as float32. Floats that are not
 * negative are in the order of their bits, so that counting by the upper 16 leaves few to be sorted.
 */
function reachOf(values: ArrayLike<number>, beyondShare: number): number {
  const distances = new Float32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) distances[count++] = Math.abs(value);
  }
  const bits = new Uint32Array(distances.buffer, 0, count);
  const counts = new Uint32Array(2 ** 16);
  for (let i = 0; i < count; i++) counts[bits[i]! >>> 16]! += 1;
  let [rank, bin] = [count - 1 - Math.floor(beyondShare * count), 0];
  while (bin < counts.length - 1 && rank >= counts[bin]!) rank -= counts[bin++]!;
  const near = bits.filter((one) => one >>> 16 === bin).sort();
  if (!(rank >= 0 && rank < near.length)) return 0;
  const wanted = new Float32Array(near.buffer)[rank]!;
  if (values instanceof Float32Array) return wanted;
  let reach = 0;
  for (let i = 0; i < values.length; i++) {
    const distance = Math.abs(values[i]!);
    if (Math.fround(distance) === wanted) reach = Math.max(reach, distance);
  }
  return reach;
}

/** Where a number lies on the scale, clipped to 0..1; the place of 0 on a scale without extent. */
export function shareOf(scale: ColorScale, value: number): number {
  const extent = scale.max - scale.min;
  if (!(extent > 0)) return isDiverging(scale.map) ? 0.5 : 0;
  return Math.min(Math.max((value - scale.min) / extent, 0), 1);
}

/** The colour of a share 0..1 of a map. */
export function colourAt(map: ColorMap, share: number): readonly [number, number, number] {
  const at = 3 * Math.round(share * (steps - 1));
  const table = tableOf(map);
  return [table[at]!, table[at + 1]!, table[at + 2]!];
}

/** A plane of numbers in colour, RGB. NaN and infinity are grey. */
export function colorize(plane: Plane, scale: ColorScale): Picture {
  const { widthPx, heightPx } = plane;
  const data = new Uint8Array(3 * widthPx * heightPx);
  const table = tableOf(scale.map);
  const values = plane.data;
  for (let i = 0, to = 0; i < values.length; i++, to += 3) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      data.set(oddColour, to);
      continue;
    }
    const at = 3 * Math.round(shareOf(scale, value) * (steps - 1));
    data[to] = table[at]!;
    data[to + 1] = table[at + 1]!;
    data[to + 2] = table[at + 2]!;
  }
  return { widthPx, heightPx, channels: 3, data };
}

/** Below this share of the scale's reach the photo is untouched, so that what matters little adds no haze. */
const faintest = 0.03;
/** At this share the colour is as opaque as it gets; the photo still shows through. */
const strongest = 0.6;
const mostOpaque = 0.76;
/** Contrast that the photo keeps: dark places are lifted, so that colours stay clean over them. */
const photoContrast = 0.8;

/** How opaque a number's colour is, 0..1, by its share of the reach: 0 for what is small beside it, then smoothly up. */
function opacityOf(strength: number): number {
  const t = Math.min(Math.max((strength - faintest) / (strongest - faintest), 0), 1);
  return mostOpaque * t * t * (3 - 2 * t);
}

/** So many shades of a heat: more than the eye and a byte tell apart. */
const shades = 4096;

/** The heat alone, RGBA, as opaque as it is over a photo: numbers near 0, NaN and infinity cannot be seen. */
export function heatAlone({ data: values, widthPx, heightPx }: Plane, scale: ColorScale): Picture {
  const pixels = new Uint32Array(values.length);
  const { min, max } = scale;
  if (max > min) {
    const table = shadesOf(scale);
    const factor = (shades - 1) / (max - min);
    const [first, last] = [table[0]!, table[shades - 1]!];
    for (let i = 0; i < values.length; i++) {
      const at = (values[i]! - min) * factor + 0.5;
      // Of NaN all comparisons are false, and nothing is drawn.
      if (at >= 1 && at < shades) pixels[i] = table[at | 0]!;
      else if (at < 1 && at > -Infinity) pixels[i] = first;
      else if (at >= shades && at < Infinity) pixels[i] = last;
    }
  }
  return { widthPx, heightPx, channels: 4, data: new Uint8Array(pixels.buffer) };
}

/** The shades of the last scale: ends in shares of the reach are the same from map to map. */
let known:
  { readonly map: ColorMap; readonly ends: readonly number[]; table: Uint32Array } | undefined;

/** From `min` to `max`, one RGBA a shade, in the machine's order of bytes. */
function shadesOf({ min, max, map }: ColorScale): Uint32Array {
  const reach = Math.max(Math.abs(min), Math.abs(max));
  const [low, high] = [min / reach, max / reach];
  if (known?.map === map && known.ends[0] === low && known.ends[1] === high) return known.table;
  const bytes = new Uint8Array(4 * shades);
  for (let i = 0; i < shades; i++) {
    const share = i / (shades - 1);
    const alpha = Math.round(255 * opacityOf(Math.abs(low + share * (high - low))));
    if (alpha > 0) bytes.set([...colourAt(map, share), alpha], 4 * i);
  }
  const table = new Uint32Array(bytes.buffer);
  known = { map, ends: [low, high], table };
  return table;
}

/**
 * The heat over the photo, RGB: the photo in light grey, covered by the colour of the number the more, the
 * farther the number is from 0. Throws `shape-mismatch` unless photo and plane have one size.
 */
export function overlay(photo: Picture, plane: Plane, scale: ColorScale): Picture {
  const { widthPx, heightPx } = photo;
  if (plane.widthPx !== widthPx || plane.heightPx !== heightPx) {
    throw new LimpidError(
      "shape-mismatch",
      `overlay: photo and map must have one size, got ${widthPx} x ${heightPx} and ${plane.widthPx} x ${plane.heightPx}. resize the map.`,
    );
  }
  const grey = toGrey(photo).data;
  const heat = colorize(plane, scale).data;
  const reach = Math.max(Math.abs(scale.min), Math.abs(scale.max));
  const data = new Uint8Array(heat.length);
  for (let i = 0; i < grey.length; i++) {
    const value = plane.data[i]!;
    const alpha = Number.isFinite(value) && reach > 0 ? opacityOf(Math.abs(value) / reach) : 0;
    const ground = 255 - (255 - grey[i]!) * photoContrast;
    for (let c = 0; c < 3; c++) {
      data[3 * i + c] = Math.round((1 - alpha) * ground + alpha * heat[3 * i + c]!);
    }
  }
  return { widthPx, heightPx, channels: 3, data };
}
