/** @file How far to believe a map: what the score does when places are hidden in the map's order, and what else it promises. */
import { LimpidError, type StopSignal, isFailure } from "../../errors.ts";
import { hasPlaces, type InputPart } from "../../graph/input-parts.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import type { Message } from "../../wording/face.ts";
import type { Heatmap } from "../heatmap.ts";
import { compareDrawn, drawnModel, type DrawnWeights } from "./drawn-weights.ts";
import {
  cellNumbers,
  cellsOf,
  nearnessToMiddle,
  orderBy,
  tiedShare,
  type Cells,
} from "./hidden-cells.ts";
import { hidingCurves, type HidingCurves } from "./hiding-curves.ts";

/** What hidden cells show: the input's own mean of each channel, or the input through a wide Gaussian. */
export type Fill = "mean" | "blur";

/** The curves of a map with hidden places filled in one way. */
export interface FilledCurves extends HidingCurves {
  readonly fill: Fill;
  /** The gain of an order from the middle outwards, which knows nothing of the input; null of numbers without places. */
  readonly middleSrg: number | null;
}

/** What speaks for and against believing a map. */
export interface Faithfulness {
  /** What the score is: logit, probability, activation ... */
  readonly scoreName: string;
  /** Cells along each side of the input, which are hidden as one. */
  readonly along: readonly number[];
  /** The share of cells that are as large as another one, so that their order is drawn. */
  readonly tiedShare: number;
  /** Whether the map is of slopes, whose sizes were taken. */
  readonly areSlopes: boolean;
  /** With the mean, and where there are neighbours with a blur. */
  readonly fills: readonly FilledCurves[];
  /** The map beside that of the network with drawn weights, or why there is none. */
  readonly drawn: DrawnWeights | { readonly reason: string | Message };
  /** What the sum of a map is off by that promises one, as a share of what it should be; undefined of others. */
  readonly completenessGap: number | undefined;
}

export interface FaithfulnessRequest {
  /** Of the target, as the map was made with. */
  readonly model: Model;
  /** [1, C, H, W] of all inputs. */
  readonly picture: Tensor;
  readonly map: Heatmap;
  readonly areSlopes: boolean;
  /** Makes the same map of another model of the same shape; undefined where it makes none. */
  again(model: Model): Promise<Heatmap | undefined>;
  readonly signal?: StopSignal;
  /** Told of the share that is done, from 0 to 1. */
  onProgress?(share: number): void;
}

/**
 * Judges a map by its own network. Throws `bad-option` for a map that puts no place before another or is not finite, and
 * `aborted`.
 */
export async function faithfulness(request: FaithfulnessRequest): Promise<Faithfulness> {
  const { model, picture, map, areSlopes } = request;
  const cells = cellsOf(partOf(model, map), picture.dims);
  const numbers = cellNumbers(map, cells, areSlopes);
  requireOrder(numbers);
  const fills = await filledCurves(request, cells, numbers);
  const drawn = await besideDrawn(request, cells, numbers);
  request.onProgress?.(1);
  return {
    scoreName: model.scoreName,
    along: cells.along,
    tiedShare: tiedShare(numbers),
    areSlopes,
    fills,
    drawn,
    completenessGap: completenessGap(map, model.parts.length === 1),
  };
}

/** The share of the work that the curves are, the rest is the map of drawn weights. */
const curvesShare = 0.8;

async function filledCurves(
  { model, picture, map, signal, onProgress }: FaithfulnessRequest,
  cells: Cells,
  numbers: Float64Array,
): Promise<readonly FilledCurves[]> {
  const middle = nearnessToMiddle(cells);
  const orders = [numbers, ...(middle ? [middle] : [])].map(orderBy);
  const fills: readonly Fill[] = hasPlaces(cells.part) ? ["mean", "blur"] : ["mean"];
  const found: FilledCurves[] = [];
  for (const [i, fill] of fills.entries()) {
    const request = {
      model,
      picture,
      target: map.target,
      cells,
      fill,
      ...(signal ? { signal } : {}),
      onProgress: (share: number) => onProgress?.((curvesShare * (i + share)) / fills.length),
    };
    const [own, ofMiddle] = await hidingCurves(request, orders);
    found.push({ ...own!, fill, middleSrg: ofMiddle?.srg ?? null });
  }
  return found;
}

/** Failures of a network that knows nothing are told, not thrown. */
async function besideDrawn(
  { model, map, areSlopes, again }: FaithfulnessRequest,
  cells: Cells,
  numbers: Float64Array,
): Promise<Faithfulness["drawn"]> {
  const other = drawnModel(model);
  if (typeof other === "string") return { reason: other };
  try {
    const drawn = await again(other.model);
    if (!drawn || !drawn.data.every(Number.isFinite)) {
      return { reason: "the method makes no finite map of the network with drawn weights" };
    }
    const theirs = cellNumbers(drawn, cells, areSlopes);
    return compareDrawn([map, drawn], [numbers, theirs], other.layers);
  } catch (error) {
    if (!isFailure(error) || error.code === "aborted") throw error;
    return { reason: error.said };
  }
}

/** The part that a map is of; the only one where there are no others. */
function partOf({ parts }: Model, { part }: Heatmap): InputPart {
  return parts.find(({ name }) => name === part) ?? parts[0]!;
}

function requireOrder(numbers: Float64Array): void {
  const isFinite = numbers.every(Number.isFinite);
  const varies = numbers.some((value) => value !== numbers[0]);
  if (isFinite && varies) return;
  throw new LimpidError(
    "bad-option",
    `trust: the map must put some places before others, got ${isFinite ? "the same number everywhere" : "numbers that are not finite"}. try another method or layer.`,
  );
}

/**
 * |sum - (y(x) - y(x'))| / |y(x) - y(x')| of methods that measure it; of a part of several inputs, over which the sum goes,
 * undefined.
 */
export function completenessGap(map: Heatmap, isWhole: boolean): number | undefined {
  const { conserved, delta } = map.figures ?? {};
  if (conserved !== undefined) return Math.abs(1 - conserved);
  if (delta === undefined || !isWhole) return undefined;
  // Where its own numbers are no shares of the score, what adds up to it does so before it is made of them.
  const isOfScore = map.unit === map.scoreName;
  const sum = isOfScore ? map.data.reduce((total, value) => total + value, 0) : map.score + delta;
  const gap = Math.abs(delta / (sum - delta));
  return Number.isFinite(gap) ? gap : undefined;
}
