/** @file Options as data: what an option is called, holds and does is said once; faces, checks and documents are made from it. */

/** The numbers that an option may have; what is left out is open. */
export interface NumberRange {
  /** The smallest that is allowed. */
  readonly from?: number;
  /** Above which all must lie. */
  readonly over?: number;
  /** The largest that is allowed. */
  readonly to?: number;
  /** Below which all must lie. */
  readonly under?: number;
  readonly whole?: boolean;
}

/** What holds where nothing is given and that is no fixed value: words, such as "half the window". */
export interface DependentDefault {
  readonly depends: string;
}

interface OptionWords {
  /** What it does, a sentence without its full stop. */
  readonly description: string;
  /** What a command line calls the value; flags have none. */
  readonly value?: string;
}

/** On or off; off where nothing is given. */
interface FlagOption extends OptionWords {
  readonly kind: "flag";
  readonly default: false;
}

export interface NumberOption extends OptionWords {
  readonly kind: "number";
  readonly range: NumberRange;
  readonly default: number | DependentDefault;
}

/** One of some names. */
export interface ChoiceOption extends OptionWords {
  readonly kind: "choice";
  readonly choices: readonly string[];
  readonly default: string | DependentDefault;
}

/** Any text. */
interface TextOption extends OptionWords {
  readonly kind: "text";
  readonly default: string | DependentDefault;
}

/** Texts, one each time that it is given; `as` is what settings call them, where that is not the option's name. */
interface ListOption extends OptionWords {
  readonly kind: "list";
  readonly as?: string;
  readonly default: DependentDefault;
}

/**
 * One of some names, or a colour. As text it is one number from 0 (black) to 1 for all channels, or one for each;
 * what takes the value may want it in other numbers.
 */
export interface ColorOption extends OptionWords {
  readonly kind: "color";
  readonly choices: readonly string[];
  readonly default: string | DependentDefault;
}

/** An option in data, of which a command's help, a form, a document and all checks are made. */
export type OptionInfo =
  FlagOption | NumberOption | ChoiceOption | TextOption | ListOption | ColorOption;

/** Options by name, in the order in which they are shown. */
export type OptionTable = Readonly<Record<string, OptionInfo>>;

interface KindValues {
  readonly flag: boolean;
  readonly number: number;
  readonly text: string;
  readonly list: readonly string[];
}

/** In the place of a colour, in data: the numbers of a picture [C, H, W]. */
export interface WholePicture {
  readonly picture: Float32Array;
}

/** What an option holds. */
export type OptionValue<Info extends OptionInfo = OptionInfo> = Info extends {
  readonly choices: readonly (infer Name)[];
}
  ? Info["kind"] extends "color"
    ? Name | readonly number[] | WholePicture
    : Name
  : Info["kind"] extends keyof KindValues
    ? KindValues[Info["kind"]]
    : never;

/** What holds where nothing is given: a value, or undefined where it depends. */
type OptionDefault<Info extends OptionInfo> = Info["default"] extends DependentDefault
  ? undefined
  : OptionValue<Info>;

/** The values of a table's options; undefined where nothing is given and the default depends. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: OptionValue<Table[Name]> | OptionDefault<Table[Name]>;
};

/** "a positive whole number", "over 0 and under 1", "a whole number from 2 to 8". */
export function rangeText({ from, over, to, under, whole = false }: NumberRange): string {
  const isPositive = whole ? from === 1 : over === 0;
  if (isPositive && to === undefined && under === undefined) {
    return whole ? "a positive whole number" : "a positive number";
  }
  const least = from === undefined ? over !== undefined && `over ${over}` : `from ${from}`;
  const most = to === undefined ? under !== undefined && `under ${under}` : `to ${to}`;
  const ends = [least, most].filter((end) => end !== false);
  const joined = ends.join(from !== undefined && to !== undefined ? " " : " and ");
  return [...(whole ? ["a whole number"] : []), joined].join(" ").trim() || "a number";
}

/** The values that an option takes, in words: "paper or captum", "a positive number". */
export function valuesText(info: OptionInfo): string {
  if (info.kind === "flag") return "on or off";
  if (info.kind === "text") return "a text";
  if (info.kind === "list") return "a text, repeatable";
  if (info.kind === "number") return rangeText(info.range);
  const names = info.choices.join(", ");
  if (info.kind === "color") return `${names}, or a colour such as 0.5 or 1,0,0`;
  return info.choices.length === 2 ? info.choices.join(" or ") : `one of ${names}`;
}

/** What holds where nothing is given, in words: "50", "off", "half the window". */
export function defaultText({ default: usual }: OptionInfo): string {
  if (usual === false) return "off";
  if (typeof usual === "object") return usual.depends;
  return typeof usual === "number" && usual !== 0 && Math.abs(usual) < 1e-4
    ? usual.toExponential()
    : String(usual);
}
