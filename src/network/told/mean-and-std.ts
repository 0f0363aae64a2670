/** @file Means and deviations that exporters keep in a model's metadata, by themselves or within what they say of a transform. */
import type { Graph } from "../../graph/graph.ts";
import { preprocessings, type Preprocessing } from "../../image/preprocess.ts";
import { plain } from "./plain-name.ts";
import { isStatistics, normalization } from "./told-fields.ts";
import type { Told } from "./told-preprocessing.ts";
import { numbersOf, readLiteral, type Literal } from "./python-literal.ts";

/** A mean and a deviation that stand together, or one of them alone, and where. */
interface Statistics {
  readonly mean: readonly number[] | undefined;
  readonly std: readonly number[] | undefined;
  /** What multiplies numbers from 0 to 255 first, where it is told. */
  readonly factor: number | undefined;
  readonly channels: Preprocessing["channels"] | undefined;
  /** Keys of the metadata. */
  readonly keys: readonly string[];
}

/** Deeper objects are no preparation. */
const mostLevels = 4;

const before =
  "(?:image|images|img|input|pixel|pixels|normali[sz]e|normali[sz]ation|norm|rgb|bgr|data|dataset|channel|preprocess|preprocessing|preprocessor|transform|transforms|train|training)*";
const meanKey = new RegExp(`^${before}(?:mean|means|meanvalue|meanvalues)$`);
const stdKey = new RegExp(
  `^${before}(?:std|stds|stdev|stddev|stdvalue|stdvalues|standarddeviation|standarddeviations)$`,
);
const factorKey = /^(?:rescale|rescalefactor|inputscale|imagescale|pixelscale)$/;
const orderKey =
  /^(?:channelorder|colou?rorder|colou?rspace|colou?rmode|colou?rformat|pixelformat|inputformat|channelsorder)$/;
/** Keys whose values say how pictures are prepared, in whatever words. */
const transformKey = new RegExp(
  `^(?:${before}(?:transform|transforms|transformation|preprocessing|preprocess|preprocessor|normali[sz]e|normali[sz]ation|range|mean|means|std|stds|stddev)|preproc|valtransforms?|testtransforms?)$`,
);

/** What the metadata says of the means and deviations of the network's pictures. */
export function statisticsPreprocessing({ metadata, inputs }: Graph): Told {
  const entries = [...metadata].filter(([key]) => !key.startsWith("limpid."));
  const found = [...flatStatistics(entries), ...entries.flatMap(heldStatistics)];
  const whole = distinct(found.filter(({ mean, std }) => mean && std));
  const [first] = whole;
  if (whole.length > 1) {
    const where = keysText(whole.flatMap(({ keys }) => keys));
    return {
      refused: `its metadata says several means and deviations (${where}), of which none is read`,
    };
  }
  if (first) return toldBy(first, inputs[0]?.dims?.[1]);
  const [half] = found;
  if (half) {
    const [there, missing] = half.mean ? ["a mean", "deviation"] : ["a deviation", "mean"];
    return {
      refused: `its metadata has ${there} (${keysText(half.keys)}) without a ${missing}, which is not read`,
    };
  }
  const unread = entries.filter(([key]) => transformKey.test(plain(key)));
  if (unread.length === 0) return undefined;
  const [, text] = unread[0]!;
  const cut = text.length > 40 ? `${text.slice(0, 40)}...` : text;
  return {
    refused: `its metadata has ${keysText(unread.map(([key]) => key))} ("${cut}"), where no mean and deviation can be read`,
  };
}

function keysText(keys: readonly string[]): string {
  return [...new Set(keys)].map((key) => `"${key}"`).join(", ");
}

function distinct(found: readonly Statistics[]): readonly Statistics[] {
  const keyed = found.map((each) => [JSON.stringify([each.mean, each.std]), each] as const);
  return [...new Map(keyed.toReversed()).values()].toReversed();
}

function toldBy(
  { mean: means, std: stds, factor = 1, channels, keys }: Statistics,
  inputChannels: number | string | undefined,
): Told {
  const [mean, std] = [means!, stds!];
  const from = `its metadata (${keysText(keys)})`;
  const isFitting =
    typeof inputChannels !== "number" ||
    [mean, std].every(({ length }) => length === 1 || length === inputChannels);
  if (!isStatistics(mean, std) || !isFitting) {
    return { refused: `${from} has means or deviations that make no sense for this input` };
  }
  // Caffe's means of blue, green and red.
  const isCaffe = [103.9, 116.8, 123.7].every((value, c) => Math.abs((mean[c] ?? 0) - value) < 0.5);
  const arithmetic = normalization(factor, mean, std);
  const isOfOne = arithmetic.scale !== 1 && mean.every((v) => v === 0) && std.every((v) => v === 1);
  const doubts = [
    ...(channels === undefined && mean.length === 3 && !isCaffe
      ? ["the order of colours is not told, RGB is assumed"]
      : []),
    ...(isOfOne && factor === 1 ? ["the range is not told, 0 to 1 is assumed"] : []),
  ];
  const how: Preprocessing = {
    ...preprocessings.unit,
    name: "mean and std of the metadata",
    ...arithmetic,
    channels: channels ?? (isCaffe ? "bgr" : "rgb"),
  };
  return { how, from, about: "network", doubts };
}

/** Of keys such as `mean` and `std` of the metadata themselves. */
function flatStatistics(entries: readonly (readonly [string, string])[]): readonly Statistics[] {
  const scope = entries.map(([key, text]) => [key, literalOf(text)] as const);
  return statisticsAt(scope, undefined);
}

/** A list of numbers may stand without brackets. */
function literalOf(text: string): Literal {
  const value = readLiteral(text);
  if (value !== undefined) return value;
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const numbers = words.map(Number);
  return numbers.length > 0 && numbers.every(Number.isFinite) ? numbers : text;
}

/** Of objects within a value, and of code such as `Normalize(mean=[...], std=[...])`. */
function heldStatistics([key, text]: readonly [string, string]): readonly Statistics[] {
  const value = readLiteral(text);
  if (value !== undefined) return statisticsIn(value, key, 0);
  const numbersBehind = (word: string) =>
    [
      ...text.matchAll(
        new RegExp(
          `\\b${word}\\W{0,4}[=:]\\s*(?:[\\w.]+\\()?([[(][^\\])]{0,200}[\\])]|[-+.\\de]+)`,
          "g",
        ),
      ),
    ]
      .map(([, list]) => numbersOf(readLiteral(list!)))
      .filter((numbers) => numbers !== undefined);
  const [means, stds] = [numbersBehind("mean"), numbersBehind("std")];
  if (means.length === 0 && stds.length === 0) return [];
  const count = Math.max(means.length, stds.length);
  return Array.from({ length: count }, (_, i) => ({
    mean: means[i],
    std: stds[i],
    factor: undefined,
    channels: undefined,
    keys: [key],
  }));
}

function statisticsIn(value: Literal, key: string, level: number): readonly Statistics[] {
  if (level > mostLevels) return [];
  if (Array.isArray(value)) {
    return (value as readonly Literal[]).flatMap((item) => statisticsIn(item, key, level + 1));
  }
  if (!(value instanceof Map)) return [];
  const entries = [...(value as ReadonlyMap<string, Literal>)];
  const inner = entries.flatMap(([, item]) => statisticsIn(item, key, level + 1));
  return [...statisticsAt(entries, key), ...inner];
}

/** Of the keys of one object; `holder` is the metadata's key that it stands under. */
function statisticsAt(
  scope: readonly (readonly [string, Literal])[],
  holder: string | undefined,
): readonly Statistics[] {
  const named = (of: RegExp) => scope.filter(([key]) => of.test(plain(key)));
  const read = (of: RegExp) =>
    named(of).flatMap(([key, value]) => {
      const numbers = numbersOf(value);
      return numbers && numbers.length > 0 ? [{ key, numbers }] : [];
    });
  const [means, stds] = [read(meanKey), read(stdKey)];
  const [factor] = read(factorKey);
  const orders = named(orderKey).map(([, value]) => orderOf(value));
  const count = Math.max(means.length, stds.length);
  return Array.from({ length: count }, (_, i) => ({
    mean: means[i]?.numbers,
    std: stds[i]?.numbers,
    factor: factor?.numbers[0],
    channels: orders.find((order) => order !== undefined),
    keys:
      holder === undefined
        ? [means[i]?.key, stds[i]?.key].filter((key) => key !== undefined)
        : [holder],
  }));
}

function orderOf(value: Literal): Preprocessing["channels"] | undefined {
  if (typeof value !== "string") return undefined;
  const order = plain(value);
  if (order === "rgb" || order === "bgr") return order;
  return ["grey", "gray", "grayscale", "greyscale", "l"].includes(order) ? "grey" : undefined;
}
