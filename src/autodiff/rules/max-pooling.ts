/** @file The gradient of maximum pooling, to the first maximum of each window, without MaxPool's Indices (WebGPU has none). */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { ElementType } from "../../graph/tensor.ts";
import type { Windows } from "../../graph/windows.ts";
import { deinterleave, fit, interleave } from "./striding.ts";

/** Pooling along one axis only. */
interface Stage {
  readonly axis: number;
  /** Size of the axis before and after pooling, and before it rounded up to whole strides. */
  readonly size: number;
  readonly pooledSize: number;
  readonly wholeSize: number;
  readonly stride: number;
  readonly places: readonly AxisPlace[];
  /** What the windows read at each place in the kernel. */
  readonly taps: readonly Value[];
  /** Maximum of the taps. */
  readonly pooled: Value;
}

/** Where a place in the kernel falls along an axis: which phase of the stride, and how many rows into it. */
interface AxisPlace {
  readonly phase: number;
  /** Negative where the first windows begin in the padding. */
  readonly shift: number;
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
    const stage = stageOf(b, value, windows, axis, axis === axes[0] ? y : undefined);
    stages.push(stage);
    value = stage.pooled;
  }
  return stages.reduceRight((gradient, stage) => throughStage(b, stage, gradient), dy);
}

function isIdle(windows: Windows, axis: number): boolean {
  return windows.kernel[axis] === 1 && windows.strides[axis] === 1 && windows.padsBegin[axis] === 0;
}

/** `pooled` is computed unless it is known. */
function stageOf(
  b: GraphBuilder,
  value: Value,
  windows: Windows,
  axis: number,
  pooled: Value | undefined,
): Stage {
  const stride = windows.strides[axis]!;
  const size = value.dims[axis + 2]!;
  const wholeSize = Math.ceil(size / stride) * stride;
  const pooledSize = windows.output[axis]!;
  const places = Array.from({ length: windows.kernel[axis]! }, (_, tap): AxisPlace => {
    const offset = tap * windows.dilations[axis]! - windows.padsBegin[axis]!;
    const shift = Math.floor(offset / stride);
    return { phase: offset - shift * stride, shift };
  });
  const fill = lowest(value.type);
  const whole = fitAxis(b, value, axis, { begin: 0, end: wholeSize - size }, fill);
  const phases = deinterleave(b, whole, axis + 2, stride);
  const rows = wholeSize / stride;
  const taps = places.map(({ phase, shift }) =>
    isInside(shift, rows, pooledSize)
      ? fitAxis(b, phases[phase]!, axis, { begin: -shift, end: shift + pooledSize - rows }, fill)
      : b.fill(value.dims.with(axis + 2, pooledSize), fill, value.type),
  );
  return {
    axis,
    size,
    pooledSize,
    wholeSize,
    stride,
    places,
    taps,
    pooled: pooled ?? maximum(b, taps),
  };
}

/** False if windows at a place in the kernel read padding alone. */
function isInside(shift: number, rows: number, pooledSize: number): boolean {
  return shift < rows && shift + pooledSize > 0;
}

/** `fit` along one spatial axis. */
function fitAxis(
  b: GraphBuilder,
  value: Value,
  axis: number,
  { begin, end }: { readonly begin: number; readonly end: number },
  fill: number,
): Value {
  const only = (amount: number) =>
    value.dims.slice(2).map((_, other) => (other === axis ? amount : 0));
  return fit(b, value, { begin: only(begin), end: only(end) }, fill);
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
function gather(b: GraphBuilder, shares: readonly Value[], stage: Stage): Value {
  const { axis, size, pooledSize, wholeSize, stride, places } = stage;
  const rows = wholeSize / stride;
  const phases = Array.from({ length: stride }, (): Value[] => []);
  for (const [i, { phase, shift }] of places.entries()) {
    if (!isInside(shift, rows, pooledSize)) continue;
    const margins = { begin: shift, end: rows - shift - pooledSize };
    phases[phase]!.push(fitAxis(b, shares[i]!, axis, margins, 0));
  }
  const zeros = b.fill(shares[0]!.dims.with(axis + 2, rows), 0, shares[0]!.type);
  // ONNX Runtime adds two values on all threads, three or more on one.
  const sums = phases.map((parts) =>
    parts.length === 0 ? zeros : parts.reduce((total, part) => b.add(total, part)),
  );
  const whole = interleave(b, sums, axis + 2);
  return fitAxis(b, whole, axis, { begin: 0, end: size - wholeSize }, 0);
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
