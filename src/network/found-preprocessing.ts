/** @file How a network's pictures are prepared where it is not said in Limpid's words: as other words, its first nodes or its boxes show. */
import { option, say, type Message } from "../wording/face.ts";
import { preprocessingOf, preprocessings, type Preprocessing } from "../image/preprocess.ts";
import { formatNumber } from "../wording/numbers.ts";
import { rangesOf, type ChosenPreprocessing } from "./choose-preprocessing.ts";
import type { Detector } from "./detection/detection.ts";
import { inputBounds, rangeWithin } from "./input-bounds.ts";
import { inputScaling } from "./input-scaling.ts";
import { metadataKeys } from "../graph/metadata.ts";
import type { Model } from "./model.ts";
import { changesNumbers, rangeBefore, rangeMaking } from "./scaled-range.ts";
import { toldPreprocessing, type ToldPreprocessing } from "./told/told-preprocessing.ts";
import { largest, smallest } from "../statistics.ts";

/** What the network's metadata says in words of other tools. */
export function toldElsewhere({ graph }: Model): Preprocessing | undefined {
  return toldPreprocessing(graph).told?.how;
}

/**
 * Of a network that does not say it in Limpid's own words: what its metadata says in those of other tools, what its own
 * scaling of the input shows, what is usual for its boxes, or what is assumed.
 */
export async function foundPreprocessing(model: Model): Promise<ChosenPreprocessing> {
  const { told, refused } = toldPreprocessing(model.graph);
  if (told?.about === "input") return toldChoice(model, withRefused(told, refused), told.how);
  const channels = model.inputDims()[1] === 1 ? 1 : 3;
  const scaling = await inputScaling(model);
  const whole = scaling && told && rangeMaking(scaling, told.how, channels);
  const scaled = scaling && (whole ?? rangeBefore(scaling, channels));
  if (!scaled && !told && !model.takesBytes) {
    const bounded = boundedChoice(model, channels, refused);
    if (bounded) return bounded;
  }
  const range = model.takesBytes
    ? { ...preprocessings.none, channels: scaled?.channels ?? "rgb" }
    : scaled;
  const own = model.takesBytes ? "the network takes bytes" : "the network scales its input itself";
  if (told) {
    const { scale, mean, std, channels: order } = range ?? told.how;
    const how = { ...told.how, scale, mean, std, channels: order };
    if (range && !whole && !model.takesBytes) return otherThanTold(model, told, how, refused);
    const isBeside = !range && scaling && changesNumbers(scaling);
    const doubts = [
      ...told.doubts,
      ...(range ? [`${own}, which is not done twice`] : []),
      ...(isBeside ? [`${own} besides, in a way that fits no usual range`] : []),
    ];
    return toldChoice(model, withRefused({ ...told, doubts }, refused), how);
  }
  const { detector } = model.head;
  if (detector) return ofDetector(detector, range, channels, refused);
  if (range) {
    const before = listedBefore(refused);
    const fed = say`${before}${own}, so it is fed ${wordsOfInput(range, channels)}`;
    return { how: range, chosenBy: "graph", told: range, note: fed };
  }
  const how = channels === 1 ? preprocessings.unit : usualOf(model);
  const reasons = [
    ...refused,
    ...(scaling && changesNumbers(scaling)
      ? ["the network scales its input itself in a way that fits no usual range"]
      : []),
  ];
  return { how, chosenBy: "default", note: assumption(how, reasons), reasons };
}

/** As most networks with such boxes take pictures; what the network does to its numbers itself is not done twice. */
function ofDetector(
  { layout, preparation }: Detector,
  range: Preprocessing | undefined,
  channels: 1 | 3,
  refused: readonly string[],
): ChosenPreprocessing {
  const { scale, mean, std, channels: order } = range ?? preparation;
  const how = { ...preparation, scale, mean, std, channels: order };
  const before = listedBefore(refused);
  const numbers = wordsOfInput(how, channels);
  const from = range ? "which the network's own scaling shows" : "as is assumed";
  const note = say`${before}the model does not say how its input is prepared; its boxes are of the layout ${layout}, so it is fed the ${fitWords(how)}, ${numbers}, ${from} (${option("preprocess", "FILE")} says otherwise)`;
  return { how, chosenBy: "boxes", note };
}

/** "whole picture in the middle of grey borders" */
function fitWords({ resize, corner }: Preprocessing): string {
  if (resize === "stretch") return "whole picture, stretched";
  if (resize === "crop") return "middle of the picture";
  return `whole picture ${corner === undefined ? "in the middle" : "at the top left"} of grey borders`;
}

/** What most networks of the model's format take. */
function usualOf(model: Model): Preprocessing {
  const usual = model.graph.metadata.get(metadataKeys.usualPreprocessing) ?? "";
  return Object.hasOwn(preprocessings, usual) ? preprocessingOf(usual) : preprocessings.torchvision;
}

/** What bounds that the network sets its input tell; undefined for others than those of pictures. */
function boundedChoice(
  model: Model,
  channels: 1 | 3,
  refused: readonly string[],
): ChosenPreprocessing | undefined {
  const how = rangeWithin(inputBounds(model.graph));
  if (!how) return undefined;
  const before = listedBefore(refused);
  const note = say`${before}the network cuts off its input beyond these bounds, so it is fed ${wordsOfInput(how, channels)}`;
  return { how, chosenBy: "graph", told: how, note };
}

/** Where the network's own scaling is a part of what is told, or another one, it shows what the input must be. */
function otherThanTold(
  model: Model,
  told: ToldPreprocessing,
  how: Preprocessing,
  refused: readonly string[],
): ChosenPreprocessing {
  const { how: fitted, told: kept } = toldChoice(model, told, how);
  const words = wordsOfInput(fitted, model.inputDims()[1] === 1 ? 1 : 3);
  const before = listedBefore(refused);
  const note = say`${before}${told.from} says how its input is prepared, but the network scales its input itself in another way: it is fed ${words}, as that needs, and what is told of means and deviations is left out`;
  return { how: fitted, chosenBy: "graph", note, ...(kept ? { told: kept } : {}) };
}

/** What is told and what beside it makes no sense, neither of which is kept back. */
function withRefused(told: ToldPreprocessing, refused: readonly string[]): ToldPreprocessing {
  return { ...told, doubts: [...told.doubts, ...refused] };
}

/** Reasons as they stand before what follows from them. */
export function listedBefore(reasons: readonly string[]): string {
  return reasons.map((reason) => `${reason}; `).join("");
}

/** That nothing says how pictures are prepared, why what looks like it is of no use, and what is done instead. */
export function assumption(how: Preprocessing, reasons: readonly string[] = []): Message {
  const before = listedBefore(reasons);
  return say`${before}the model does not say how its input is prepared; assumed ${option("preprocess", how.name)}`;
}

/** A preprocessing as told, at the size that the file's input has. */
function toldChoice(
  model: Model,
  { from, about, doubts }: ToldPreprocessing,
  { size, ...how }: Preprocessing,
): ChosenPreprocessing {
  const [, channels, ...sides] = model.input.dims ?? [];
  const isOpen = (axis: 0 | 1) => typeof sides[axis] !== "number" || sides[axis] <= 0;
  const isFitting = size?.every((side, axis) => isOpen(axis as 0 | 1) || sides[axis] === side);
  const said = [
    ...doubts,
    ...(size && !isFitting ? [`its size ${size.join(" x ")} is not that of the file's input`] : []),
  ];
  const fitted = size && isFitting ? { ...how, size } : how;
  const more = said.map((doubt) => `; ${doubt}`).join("");
  const words = wordsOfInput(fitted, channels === 1 ? 1 : 3);
  const isBeside = from.includes("beside the model");
  return {
    how: fitted,
    chosenBy: about === "network" && isBeside ? "beside" : "metadata",
    told: fitted,
    note: say`${from} says how its input is prepared: ${words}${more}`,
  };
}

/** "BGR from 0 to 255" */
export function wordsOfInput(how: Preprocessing, channels: 1 | 3): string {
  const ranges = rangesOf(how, channels)!;
  const min = smallest(ranges.map((range) => range.min));
  const max = largest(ranges.map((range) => range.max));
  const colours = channels === 1 || how.channels === "grey" ? "grey" : how.channels.toUpperCase();
  return `${colours} from ${formatNumber(min)} to ${formatNumber(max)}`;
}
