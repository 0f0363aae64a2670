/** @file Whether a gradient is that of the network: compared with differences of the network's own score. */
import type { Graph } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { openProbe, type GradientProbe, type ProbeRequest } from "./gradient-probe.ts";

/** What a comparison of slopes found. */
export interface DerivativeCheck {
  /** `unknown` where the score is too rough, or too small, for differences to tell. */
  readonly verdict: "agrees" | "differs" | "unknown";
  /** The larger of both directions' differences of slopes, as a share of the gradient's length. */
  readonly error: number;
}

/** Slopes that differ by less are alike, those that differ by more are not; between them nothing is said. */
const alike = 0.01;
const unlike = 0.05;

/** Steps as shares of the first one: differences of a rough function change from one to the next. */
const steps = [1, 1 / 4, 1 / 16, 1 / 64] as const;

/** So many differences in a row that are alike show the slope itself. */
const settled = 3;

/** Rounding of a score in float32, behind many layers, as a share of it. */
const rounding = 2e-6;

/**
 * Compares the gradient of a class's score, at a traced graph's size, with central differences of the score in two
 * directions: along the gradient, and a random one that also sees what the gradient leaves out. Both are taken beside the
 * picture [1, C, H, W], where no unit stands exactly at a kink; where differences of several steps do not agree with each
 * other the function is rough and no error of the gradient. A difference must be found at two places to count. Throws as
 * `explainRows`.
 */
export async function checkDerivative(
  model: Model,
  traced: Graph,
  picture: Tensor,
  request: ProbeRequest,
): Promise<DerivativeCheck> {
  const here = await checkAt(model, traced, picture, { ...request, seed: 0 });
  if (here.verdict === "agrees") return here;
  const there = await checkAt(model, traced, picture, { ...request, seed: 1 });
  if (here.verdict === there.verdict || here.verdict === "unknown") return there;
  return { ...here, verdict: "unknown" };
}

async function checkAt(
  model: Model,
  traced: Graph,
  picture: Tensor,
  request: ProbeRequest & { readonly seed: number },
): Promise<DerivativeCheck> {
  const probe = await openProbe(model, traced, picture, request);
  try {
    const { gradient } = probe;
    const length = Math.sqrt(sumOf(gradient, (slope) => slope * slope));
    const along = scaledTo1(gradient);
    const random = randomDirection(gradient.length, request.seed);
    const found: DerivativeCheck[] = [];
    for (const direction of along ? [along, random] : [random]) {
      found.push(await compared(probe, direction, length));
    }
    return worst(found);
  } finally {
    await probe.close();
  }
}

function worst(found: readonly DerivativeCheck[]): DerivativeCheck {
  const order = ["agrees", "unknown", "differs"] as const;
  return found.reduce((all, one) => ({
    verdict: order[Math.max(order.indexOf(all.verdict), order.indexOf(one.verdict))]!,
    error: Math.max(all.error, one.error),
  }));
}

/** One direction, whose numbers are about 1 in size. */
async function compared(
  probe: GradientProbe,
  direction: Float32Array,
  length: number,
): Promise<DerivativeCheck> {
  const slope = sumOf(direction, (part, i) => part * probe.gradient[i]!);
  const first = firstStep(probe, slope);
  let best = Number.POSITIVE_INFINITY;
  const differences: number[] = [];
  for (const share of steps) {
    const step = first * share;
    const [above, below] = [
      await probe.score(direction, step),
      await probe.score(direction, -step),
    ];
    const difference = (above - below) / (2 * step);
    const size = Math.max(Math.abs(slope), Math.abs(difference), length / 2);
    const noise = (rounding * Math.max(Math.abs(above), Math.abs(below), probe.scale)) / step;
    if (size === 0 || noise > unlike * size) break;
    const error = Math.abs(difference - slope) / size;
    best = Math.min(best, error);
    if (best < alike) return { verdict: "agrees", error: best };
    differences.push(difference);
    const isSettled = differences
      .slice(-settled)
      .every((other) => Math.abs(difference - other) < alike * size);
    if (differences.length >= settled && isSettled && best > unlike)
      return { verdict: "differs", error: best };
  }
  if (best === Number.POSITIVE_INFINITY) {
    return { verdict: length === 0 ? "agrees" : "unknown", error: 0 };
  }
  return { verdict: best < unlike ? "agrees" : "unknown", error: best };
}

/** Small beside the value's own numbers, and beside what changes the score visibly. */
function firstStep({ size, scale }: GradientProbe, slope: number): number {
  const ofValue = 0.01 * (size || 1);
  return slope === 0 ? ofValue : Math.min(ofValue, (0.02 * scale) / Math.abs(slope));
}

function scaledTo1(gradient: Float32Array): Float32Array | undefined {
  const size = Math.sqrt(sumOf(gradient, (slope) => slope * slope) / gradient.length);
  return size > 0 && Number.isFinite(size) ? gradient.map((slope) => slope / size) : undefined;
}

function randomDirection(count: number, seed: number): Float32Array {
  const random = randomStream("derivative check", count, seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

function sumOf(values: Float32Array, of: (value: number, i: number) => number): number {
  let sum = 0;
  for (const [i, value] of values.entries()) sum += of(value, i);
  return sum;
}
