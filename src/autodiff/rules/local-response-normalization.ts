/** @file The gradient of local response normalisation (Krizhevsky et al. 2012, section 3.3). */
import { AttributeReader } from "../../graph/attributes.ts";
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { Node } from "../../graph/graph.ts";

export interface LocalResponse {
  /** Channels in a window; of an even number the larger half lies behind. */
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/** The attributes of an LRN node. */
export function localResponseOf(n: AttributeReader): LocalResponse {
  return {
    size: n.int("size"),
    alpha: n.float("alpha", 0.0001),
    beta: n.float("beta", 0.75),
    bias: n.float("bias", 1),
  };
}

/**
 * The node itself in operators that a gradient shares: ONNX Runtime's own takes 10 % of a step of GoogLeNet, on one thread.
 */
export function localResponse(b: GraphBuilder, node: Node, x: Value): Value {
  const { size, alpha, beta, bias } = localResponseOf(new AttributeReader(node));
  const squares = sumOverChannels(b, b.mul(x, x), size, alpha / size, false);
  const scale = b.add(squares, b.scalar(bias, x.type));
  if (beta !== 0.75) return b.mul(x, b.op("Exp", [b.scale(b.op("Log", [scale]), -beta)]));
  const root = b.op("Sqrt", [scale]);
  return b.div(x, b.mul(root, b.op("Sqrt", [root])));
}

/**
 * y = x s^-beta with s = bias + alpha / size (sum of x^2 over a window of channels), so
 * dx = dy s^-beta - 2 alpha beta / size x (sum of dy x s^(-beta-1) over the channels whose window holds x).
 */
export function localResponseGradient(
  b: GraphBuilder,
  x: Value,
  dy: Value,
  { size, alpha, beta, bias }: LocalResponse,
): Value {
  const squares = sumOverChannels(b, b.mul(x, x), size, alpha / size, false);
  const scale = b.add(squares, b.scalar(bias, x.type));
  const factor = b.op("Exp", [b.scale(b.op("Log", [scale]), -beta)]);
  const direct = b.mul(dy, factor);
  const shares = b.div(b.mul(direct, x), scale);
  const weight = (2 * alpha * beta) / size;
  return b.sub(direct, b.mul(x, sumOverChannels(b, shares, size, weight, true)));
}

/**
 * The same between two values: multipliers m of x for which m (x - x') adds up to dy (y - y'). With r = s^-beta,
 * the difference of x r is shared evenly, and that of r is its rise over run in s, whose terms are
 * alpha / size (x + x') (x - x').
 */
export function localResponseMultiplier(
  b: GraphBuilder,
  x: Value,
  other: Value,
  dy: Value,
  { size, alpha, beta, bias }: LocalResponse,
): Value {
  const scaleOf = (value: Value) =>
    b.add(
      sumOverChannels(b, b.mul(value, value), size, alpha / size, false),
      b.scalar(bias, value.type),
    );
  const factorOf = (scale: Value) => b.op("Exp", [b.scale(b.op("Log", [scale]), -beta)]);
  const [scale, otherScale] = [scaleOf(x), scaleOf(other)];
  const [factor, otherFactor] = [factorOf(scale), factorOf(otherScale)];
  const run = b.sub(scale, otherScale);
  // Scales that hardly differ give a quotient of rounding errors: the slope stands for it.
  const isShort = b.greater(b.scale(scale, 1e-4), b.op("Abs", [run]));
  const slope = b.scale(b.div(factor, scale), -beta);
  const quotient = b.div(b.sub(factor, otherFactor), b.where(isShort, b.scalar(1, run.type), run));
  const steepness = b.where(isShort, slope, quotient);
  const sums = b.add(x, other);
  const shares = b.mul(b.scale(b.mul(dy, sums), 0.5), steepness);
  const through = b.mul(sums, sumOverChannels(b, shares, size, alpha / size, true));
  return b.add(b.scale(b.mul(dy, b.add(factor, otherFactor)), 0.5), through);
}

/** Sums over windows of channels as a 1 x 1 convolution with a band matrix, 4 to 10 times as fast as a pool over them. */
function sumOverChannels(
  b: GraphBuilder,
  value: Value,
  size: number,
  weight: number,
  backwards: boolean,
): Value {
  const channels = value.dims[1]!;
  const before = Math.floor((size - 1) / 2);
  const band = Array.from({ length: channels ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / channels), i % channels];
    const offset = (backwards ? row - column : column - row) + before;
    return offset >= 0 && offset < size ? weight : 0;
  });
  const dims = [channels, channels, ...value.dims.slice(2).map(() => 1)];
  return b.op("Conv", [value, b.cast(b.constant(band, dims), value.type)]);
}
