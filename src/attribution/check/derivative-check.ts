/** @file Whether a gradient is that of the network: compared with differences of the network's own score. */
import type { Graph, Node } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { randomStream } from "../../random.ts";
import {
  openProbe,
  type GradientProbe,
  type PlacedProbeRequest,
  type ProbeRequest,
} from "./gradient-probe.ts";
import { staircaseBetween } from "./nodes-between.ts";
import type { PlainNetwork } from "./plain-network.ts";

/** What a comparison of slopes found. */
export interface DerivativeCheck {
  /** `unknown` where the score is too rough, or too small, for differences to tell. */
  readonly verdict: "agrees" | "differs" | "unknown";
  /** The first node that rounds, as quantised networks do, where that is why differences cannot tell. */
  readonly staircase?: Node;
  /** The larger of both directions' differences of slopes, as a share of the gradient's length. */
  readonly error: number;
  /** The score of the graph that gives the gradient against that of the moved value, as a share. */
  readonly forward: number;
}

/** Slopes that differ by less are alike, those that differ by more are not; between them nothing is said. */
const alike = 0.03;
const unlike = 0.1;

/**
 * Steps as shares of the first one, which is as small as rounding allows, where a larger one passes more kinks; and what
 * ends the search: a rough score is not made smoother by runs without end.
 */
const steps = [
  { share: 1, enough: alike },
  { share: 4, enough: 0.06 },
  { share: 16, enough: unlike },
  { share: 1 / 4, enough: unlike },
  { share: 64, enough: unlike },
] as const;

/** So many differences in a row that are alike show the slope itself. */
const settled = 3;

/** Rounding of a score in float32, behind many layers, as a share of it, and what it may make of a slope. */
const rounding = 2.5e-7;
const roundedShare = 0.02;

/**
 * Compares the gradient of a class's score, at a traced graph's size, with central differences of the score in two
 * directions: along the gradient, and a random one that also sees what the gradient leaves out. Both are taken beside the
 * picture [1, C, H, W], where no unit stands exactly at a kink; where differences of several steps do not agree with each
 * other, or a node rounds, the function is rough and no error of the gradient. A difference must be found at two places
 * to count. Throws as `explainRows`.
 */
export async function checkDerivative(
  plain: PlainNetwork,
  traced: Graph,
  picture: Tensor,
  request: ProbeRequest,
): Promise<DerivativeCheck> {
  const here = await checkAt(plain, traced, picture, { ...request, seed: 0 });
  if (here.verdict === "agrees") return here;
  const staircase = staircaseBetween(traced, request.value, plain.model.explained);
  if (staircase) return { ...here, verdict: "unknown", staircase };
  const there = await checkAt(plain, traced, picture, { ...request, seed: 1 });
  if (here.verdict === there.verdict || here.verdict === "unknown") return there;
  return { ...here, verdict: "unknown" };
}

async function checkAt(
  plain: PlainNetwork,
  traced: Graph,
  picture: Tensor,
  request: PlacedProbeRequest,
): Promise<DerivativeCheck> {
  const probe = await openProbe(plain, traced, picture, request);
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
    forward: Math.min(all.forward, one.forward),
  }));
}

/** One direction, whose numbers are about 1 in size. */
async function compared(
  probe: GradientProbe,
  direction: Float32Array,
  length: number,
): Promise<DerivativeCheck> {
  const slope = sumOf(direction, (part, i) => part * probe.gradient[i]!);
  const first = firstStep(probe, Math.max(Math.abs(slope), length / 2));
  let [best, forward] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const differences: number[] = [];
  for (const { share, enough } of steps) {
    const step = first * share;
    const [above, below] = [
      await probe.score(direction, step),
      await probe.score(direction, -step),
    ];
    const difference = (above - below) / (2 * step);
    forward = Math.min(forward, Math.abs((above + below) / 2 - probe.own) / probe.scale);
    const size = Math.max(Math.abs(slope), Math.abs(difference), length / 2);
    const noise = (rounding * Math.max(Math.abs(above), Math.abs(below), probe.scale)) / step;
    if (size === 0) return { verdict: "agrees", error: 0, forward };
    if (noise > size) continue;
    const error = Math.abs(difference - slope) / size;
    best = Math.min(best, error);
    if (best < enough) return { verdict: "agrees", error: best, forward };
    differences.push(difference);
    const isSettled = differences
      .slice(-settled)
      .every((other) => Math.abs(difference - other) < alike * size);
    if (differences.length >= settled && isSettled && best > unlike) {
      return { verdict: "differs", error: best, forward };
    }
  }
  return { verdict: best < unlike ? "agrees" : "unknown", error: best, forward };
}

/** Small beside the value's own numbers; so large that rounding does not show in the slope. */
function firstStep({ size, scale }: GradientProbe, slope: number): number {
  const most = 0.01 * (size || 1);
  return slope === 0 ? most : Math.min(most, (rounding * scale) / (roundedShare * slope));
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
  for (let i = 0; i < values.length; i += 1) sum += of(values[i]!, i);
  return sum;
}
