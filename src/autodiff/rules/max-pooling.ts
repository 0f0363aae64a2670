/** @file The gradient of maximum pooling, to the first maximum of each window, without MaxPool's Indices (WebGPU has none). */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
import type { ElementType } from "../../graph/tensor.ts";
import type { Windows } from "../../graph/windows.ts";
import { fit, interleave, type Margins } from "./striding.ts";

/** Pooling along one axis only: at place t of its kernel, window i reads row i * stride - begin + t * dilation. */
interface Stage {
  readonly axis: number;
  readonly value: Value;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
  /** Number of windows. */
  readonly count: number;
  /** What was put around the value. */
  readonly margins: AxisMargins;
}

interface AxisMargins {
  readonly begin: number;
  readonly end: number;
}

/** What windows give to one place in their kernel: row r belongs to window `first` + r. */
interface Share {
  readonly place: number;
  readonly value: Value;
  readonly first: number;
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
  const stages: (readonly [Stage, Value])[] = [];
  let value = x;
  for (const axis of axes.toReversed()) {
    const stage = stageOf(b, value, windows, axis);
    value = axis === axes[0] ? y : maximumUpTo(b, stage, stage.kernel - 1, 0);
    stages.push([stage, value]);
  }
  return stages.reduceRight(
    (gradient, [stage, pooled]) => throughStage(b, stage, pooled, gradient),
    dy,
  );
}

function isIdle(windows: Windows, axis: number): boolean {
  return windows.kernel[axis] === 1 && windows.strides[axis] === 1 && windows.padsBegin[axis] === 0;
}

function stageOf(b: GraphBuilder, value: Value, windows: Windows, axis: number): Stage {
  const [kernel, stride, dilation, begin, count] = [
    windows.kernel[axis]!,
    windows.strides[axis]!,
    windows.dilations[axis]!,
    windows.padsBegin[axis]!,
    windows.output[axis]!,
  ];
  const stage = { axis, kernel, stride, dilation, count };
  if (dilation === 1) return { ...stage, value, begin, margins: { begin: 0, end: 0 } };
  // A MaxPool may not have pads as large as its kernel, which the first places of a dilated one would need.
  const read = (count - 1) * stride + (kernel - 1) * dilation + 1;
  const margins = { begin, end: Math.max(0, read - begin - value.dims[axis + 2]!) };
  const padded = fit(b, value, along(value, axis, margins), lowest(value.type));
  return { ...stage, value: padded, begin: 0, margins };
}

/** Margins along one spatial axis. */
function along(value: Value, axis: number, { begin, end }: AxisMargins): Margins {
  const only = (amount: number) =>
    value.dims.slice(2).map((_, other) => (other === axis ? amount : 0));
  return { begin: only(begin), end: only(end) };
}

/** The most negative finite number of a floating type. */
function lowest(type: ElementType): number {
  if (type === "float64") return -Number.MAX_VALUE;
  return type === "float16" ? -65504 : -3.4028234663852886e38;
}

/** The maximum of the places up to `place`, of window `first` and all behind it, and of some more where they fit in. */
function maximumUpTo(b: GraphBuilder, stage: Stage, place: number, first: number): Value {
  const { axis, stride, dilation, count } = stage;
  const begin = stage.begin - first * stride;
  const value = fit(
    b,
    stage.value,
    along(stage.value, axis, { begin: Math.min(begin, 0), end: 0 }),
    0,
  );
  const size = value.dims[axis + 2]!;
  const read = (count - first - 1) * stride + place * dilation + 1;
  const pads = { begin: Math.max(begin, 0), end: 0 };
  pads.end = Math.max(0, read - size - pads.begin);
  if (place === 0 && stride === 1 && pads.begin + pads.end === 0) return value;
  const margins = along(value, axis, pads);
  const only = (amount: number) => margins.begin.map((_, other) => (other === axis ? amount : 1));
  return b.op("MaxPool", [value], {
    kernel_shape: only(place + 1),
    strides: only(stride),
    dilations: only(dilation),
    pads: [...margins.begin, ...margins.end],
  });
}

/**
 * Each window gives its gradient to the first place up to which the maximum is that of all: to the places up to one together
 * what a comparison says, to the last what is left over.
 */
function throughStage(b: GraphBuilder, stage: Stage, pooled: Value, gradient: Value): Value {
  const shares: Share[] = [];
  let before: Value | undefined;
  for (let place = 0; place < stage.kernel - 1; place++) {
    const upTo = givenUpTo(b, stage, place, pooled, gradient);
    if (!upTo) continue;
    const given = allWindows(b, stage, upTo);
    shares.push(before ? { place, first: 0, value: b.sub(given, before) } : upTo);
    before = given;
  }
  const rest = before ? b.sub(gradient, before) : gradient;
  return gather(b, [...shares, { place: stage.kernel - 1, first: 0, value: rest }], stage);
}

/** What windows give to their places up to one together; undefined if all those lie before the value. */
function givenUpTo(
  b: GraphBuilder,
  stage: Stage,
  place: number,
  pooled: Value,
  gradient: Value,
): Share | undefined {
  const { axis, stride, dilation, count } = stage;
  const first = Math.max(0, Math.ceil((stage.begin - place * dilation) / stride));
  if (first >= count) return undefined;
  let maximum = maximumUpTo(b, stage, place, first);
  const more = maximum.dims[axis + 2]! - (count - first);
  if (first === 0 && more > 0) {
    maximum = fit(b, maximum, along(maximum, axis, { begin: 0, end: -more }), 0);
  }
  // Windows that there are not have no gradient to give.
  const margins = first === 0 ? { begin: 0, end: 0 } : { begin: -first, end: more };
  const [whole, given] = [pooled, gradient].map((value) =>
    fit(b, value, along(value, axis, margins), 0),
  ) as [Value, Value];
  const isMaximum = b.cast(b.op("GreaterOrEqual", [maximum, whole]), gradient.type);
  return { place, first, value: b.mul(given, isMaximum) };
}

/** A share with one row for each window. */
function allWindows(b: GraphBuilder, { axis, count }: Stage, { value, first }: Share): Value {
  const end = count - first - value.dims[axis + 2]!;
  return fit(b, value, along(value, axis, { begin: first, end }), 0);
}

/** Adds what each place in the kernel got to the rows that were read there. */
function gather(b: GraphBuilder, shares: readonly Share[], stage: Stage): Value {
  const { axis, stride, dilation, margins } = stage;
  const size = stage.value.dims[axis + 2]!;
  const rows = Math.ceil(size / stride);
  const phases = Array.from({ length: stride }, (): Value[] => []);
  for (const { place, first, value } of shares) {
    const offset = place * dilation - stage.begin + first * stride;
    const shift = Math.floor(offset / stride);
    const end = rows - shift - value.dims[axis + 2]!;
    // Places that only ever read padding.
    if (shift >= rows || end >= rows) continue;
    phases[offset - shift * stride]!.push(
      fit(b, value, along(value, axis, { begin: shift, end }), 0),
    );
  }
  const { dims, type } = shares[0]!.value;
  // ONNX Runtime adds two values on all threads, three or more on one.
  const sums = phases.map((parts) =>
    parts.length === 0
      ? b.fill(dims.with(axis + 2, rows), 0, type)
      : parts.reduce((total, part) => b.add(total, part)),
  );
  const whole = interleave(b, sums, axis + 2);
  const end = size - rows * stride - margins.end;
  return fit(b, whole, along(whole, axis, { begin: -margins.begin, end }), 0);
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
