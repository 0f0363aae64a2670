/** @file How inputs that are no photos are shown: which bands, and what their axes count. */
import { largest } from "../../statistics.ts";
import type { AxisRange } from "../../drawing/axis.ts";
import { LimpidError } from "../../errors.ts";
import type { InputPart } from "../../graph/input-parts.ts";
import type { Model } from "../../network/model.ts";
import { option, say } from "../../wording/face.ts";
import type { OptionTable } from "../../wording/option.ts";
import type { Source } from "../source.ts";

/** THE options. */
export const shownOptions = {
  bands: {
    kind: "text",
    value: "numbers",
    description: "bands of a picture of many that are shown as red, green and blue, from 1: 4,3,2",
    default: { depends: "1,2,3, or the only one" },
  },
  rate: {
    kind: "number",
    range: { over: 0 },
    value: "hertz",
    description: "samples of a signal in a second, so that its axis counts seconds",
    default: { depends: "none: samples are counted" },
  },
  axes: {
    kind: "text",
    value: "ranges",
    description:
      'what the rows and columns of a spectrogram are: "Hz:0-8000,s:0-2", first row and column to last; "Hz:0-8000:up" shows the first row at the bottom',
    default: { depends: "none: they are shown as a picture" },
  },
} as const satisfies OptionTable;

/** As texts say it. */
export interface AskedShown {
  readonly bands?: string;
  readonly rate?: string;
  readonly axes?: string;
}

/** What rows and columns of a picture count. */
export interface PictureAxes {
  readonly rows: AxisRange;
  readonly columns: AxisRange;
  /** Whether the first row is shown at the bottom. */
  readonly isUp: boolean;
}

/** How inputs are shown. */
export interface Shown {
  /** From 0; one or three. */
  readonly bands?: readonly number[];
  /** Samples a second. */
  readonly rateHz?: number;
  readonly axes?: PictureAxes;
}

/** Throws `bad-option` for texts of other kinds, and for what is said of an input of another kind. */
export function shownOf(
  asked: AskedShown,
  model: Pick<Model, "parts">,
  source: Pick<Source, "input">,
): Shown {
  const shown = readShown(asked);
  requireShown(shown, model, source);
  return shown;
}

/** Throws `bad-option` for texts of other kinds. */
export function readShown({ bands, rate, axes }: AskedShown): Shown {
  return {
    ...(bands === undefined ? {} : { bands: bandsOf(bands) }),
    ...(rate === undefined ? {} : { rateHz: rateOf(rate) }),
    ...(axes === undefined ? {} : { axes: axesOf(axes) }),
  };
}

function bandsOf(text: string): readonly number[] {
  const bands = text.split(",").map(Number);
  const isRight = bands.every((band) => Number.isInteger(band) && band > 0);
  if (isRight && (bands.length === 1 || bands.length === 3)) return bands.map((band) => band - 1);
  throw new LimpidError(
    "bad-option",
    `bands: they must be one or three numbers from 1 on, got "${text}". give them as in 4,3,2.`,
  );
}

function rateOf(text: string): number {
  const rate = Number(text);
  if (text.trim() !== "" && Number.isFinite(rate) && rate > 0) return rate;
  throw new LimpidError("bad-option", `rate: it must be a number over 0, got "${text}".`);
}

const number = String.raw`-?\d+(?:\.\d+)?(?:e-?\d+)?`;
const range = new RegExp(
  String.raw`^\s*([^:,]+?)\s*:\s*(${number})\s*-\s*(${number})\s*(:up)?\s*$`,
  "i",
);

function axesOf(text: string): PictureAxes {
  const [rows, columns, ...more] = text.split(",").map((part) => range.exec(part));
  if (!rows || !columns || more.length > 0 || columns[4] !== undefined) {
    throw new LimpidError(
      "bad-option",
      `axes: they must be two ranges, of rows and of columns, got "${text}". give them as in Hz:0-8000,s:0-2.`,
    );
  }
  const still = [rows, columns].find(([, , from, to]) => Number(from) === Number(to));
  if (still) {
    throw new LimpidError(
      "bad-option",
      `axes: a range must be from one number to another, got "${still[0]}". give the first and the last.`,
    );
  }
  const axis = ([, name, from, to]: RegExpExecArray): AxisRange => {
    return { name: name!, from: Number(from), to: Number(to) };
  };
  return { rows: axis(rows), columns: axis(columns), isUp: rows[4] !== undefined };
}

/** Throws `bad-option` for what is said of an input of another kind. */
function requireShown(
  { bands, rateHz, axes }: Shown,
  { parts }: Pick<Model, "parts">,
  { input }: Pick<Source, "input">,
): void {
  const has = (kind: InputPart["kind"]) => parts.some((part) => part.kind === kind);
  const kinds = parts.map(({ kind }) => kind).join(", ");
  if (rateHz !== undefined && !has("signal")) throw otherKind("rate", "a signal", kinds);
  if (axes && !has("picture")) throw otherKind("axes", "a picture", kinds);
  if (!bands) return;
  if (!has("picture")) throw otherKind("bands", "a picture", kinds);
  const channels =
    parts.length > 1 ? largest(parts.map((part) => Number(part.channels))) : input.dims[1]!;
  const missing = bands.find((band) => band >= channels);
  if (missing === undefined) return;
  throw new LimpidError(
    "bad-option",
    `bands: they must be from 1 to ${channels}, got ${missing + 1}. choose others.`,
  );
}

function otherKind(name: string, wanted: string, got: string): LimpidError {
  return new LimpidError(
    "bad-option",
    say`${name}: the network must take ${wanted}, got ${got}. leave ${option(name)} out.`,
  );
}
