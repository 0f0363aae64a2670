/** @file The gradient of maximum pooling, to the first maximum of each window, without MaxPool's Indices (WebGPU has none). */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { ElementType } from "../../graph/tensor.ts";
import type { Windows } from "../../graph/windows.ts";
import { fit, interleave, readMargins, tapPlaces, tapsOf } from "./striding.ts";

/** Pooling along one axis only. */
interface Stage {
  readonly windows: Windows;
  /** Spatial sizes of what is pooled. */
  readonly spatial: readonly number[];
  /** What the windows read at each place in the kernel. */
  readonly taps: readonly Value[];
  /** Maximum of the taps. */
  readonly pooled: Value;
}

/**
 * The gradient to `x` [N, C, ...spatial] of its maximum over `windows`. Pooling runs along one axis
 * after the other, the last one first: then the first maximum of each stage leads back to the first
 * maximum in row-major order, and a k x k window costs 2 k comparisons.
 */
export function maxPoolGradient(
  b: GraphBuilder,
  x: Value,
  y: Value,
  dy: Value,
  windows: Windows,
): Value {
  const axes = windows.kernel.map((_, axis) => axis).filter((axis) => !isIdle(windows, axis));
  const stages: Stage[] = [];
  let value = x;
  for (const axis of axes.toReversed()) {
    const spatial = value.dims.slice(2);
    const alone = alongAxis(windows, axis, spatial);
    const taps = tapsOf(b, value, alone, lowest(x.type));
    value = axis === axes[0] ? y : maximum(b, taps);
    stages.push({ windows: alone, spatial, taps, pooled: value });
  }
  return stages.reduceRight((gradient, stage) => throughStage(b, stage, gradient), dy);
}

function isIdle(windows: Windows, axis: number): boolean {
  return windows.kernel[axis] === 1 && windows.strides[axis] === 1 && windows.padsBegin[axis] === 0;
}

/** The windows of one axis; the others are left as they are. */
function alongAxis(windows: Windows, axis: number, spatial: readonly number[]): Windows {
  const only = (list: readonly number[], others: number) =>
    list.map((entry, i) => (i === axis ? entry : others));
  return {
    kernel: only(windows.kernel, 1),
    strides: only(windows.strides, 1),
    dilations: only(windows.dilations, 1),
    padsBegin: only(windows.padsBegin, 0),
    padsEnd: only(windows.padsEnd, 0),
    output: spatial.map((size, i) => (i === axis ? windows.output[axis]! : size)),
  };
}

function maximum(b: GraphBuilder, taps: readonly Value[]): Value {
  return taps.length === 1 ? taps[0]! : b.op("Max", taps);
}

/** The most negative finite number of a floating type. */
function lowest(type: ElementType): number {
  if (type === "float64") return -Number.MAX_VALUE;
  return type === "float16" ? -65504 : -3.4028234663852886e38;
}

/** Each window gives its gradient to its first tap that equals the maximum; what is left over goes to the last. */
function throughStage(b: GraphBuilder, stage: Stage, gradient: Value): Value {
  let rest = gradient;
  const shares = stage.taps.slice(0, -1).map((tap) => {
    const isMaximum = b.cast(b.op("Equal", [tap, stage.pooled]), gradient.type);
    const share = b.mul(rest, isMaximum);
    rest = b.sub(rest, share);
    return share;
  });
  return gather(b, [...shares, rest], stage);
}

/** Adds what each place in the kernel got to the elements that were read there. */
function gather(b: GraphBuilder, shares: readonly Value[], { windows, spatial }: Stage): Value {
  const axis = windows.kernel.findIndex((_, i) => !isIdle(windows, i));
  const margins = readMargins(spatial, windows);
  const stride = windows.strides[axis]!;
  const rows = (margins.begin[axis]! + spatial[axis]! + margins.end[axis]!) / stride;
  const phases = Array.from({ length: stride }, (): Value[] => []);
  for (const [i, place] of tapPlaces(windows).entries()) {
    const shift = place.shift[axis]!;
    const only = (amount: number) => spatial.map((_, other) => (other === axis ? amount : 0));
    const end = rows - shift - windows.output[axis]!;
    phases[place.phase[axis]!]!.push(fit(b, shares[i]!, { begin: only(shift), end: only(end) }, 0));
  }
  const zeros = b.fill(shares[0]!.dims.with(axis + 2, rows), 0, shares[0]!.type);
  const sums = phases.map((parts) => sum(b, parts) ?? zeros);
  const outer = {
    begin: margins.begin.map((amount) => -amount),
    end: margins.end.map((amount) => -amount),
  };
  return fit(b, interleave(b, sums, axis + 2), outer, 0);
}

function sum(b: GraphBuilder, parts: readonly Value[]): Value | undefined {
  return parts.length > 1 ? b.op("Sum", parts) : parts[0];
}

/** As `maxPoolGradient` for one window over all of `x`; `y` and `dy` are [N, C, 1, ...]. */
export function globalMaxPoolGradient(b: GraphBuilder, x: Value, dy: Value): Value {
  const [batch, channels] = x.dims as [number, number];
  const cells = x.dims.slice(2).reduce((product, size) => product * size, 1);
  const rows = b.reshape(x, [batch, channels, cells]);
  const first = b.op("ArgMax", [rows], { axis: 2 });
  const places = b.ints(Array.from({ length: cells }, (_, i) => i));
  const isFirst = b.cast(b.op("Equal", [places, first]), dy.type);
  return b.reshape(b.mul(isFirst, b.reshape(dy, [batch, channels, 1])), x.dims);
}
