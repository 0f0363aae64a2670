/** @file Pools whose windows their pads alone say: what is left of `ceil_mode` and `auto_pad` is what everybody counts alike. */
import { AttributeReader, toAttributes } from "./attributes.ts";
import type { Graph, Node, ValueShape } from "./graph.ts";
import { tensorOf, type Tensor } from "./tensor.ts";
import { poolWindowsOf, type Windows } from "./windows.ts";

const pools: ReadonlySet<string> = new Set(["AveragePool", "LpPool", "MaxPool"]);

/**
 * The traced graph with the windows of its pools as they ran, by explicit pads. ONNX Runtime infers shapes by other
 * formulas than it computes them by: it counts a window that would start in the end padding, which it drops when it runs,
 * so that nothing can be built on what such a pool gives. End pads here reach as far as the last window reads, and
 * `ceil_mode` is left where that is beyond the padding: pads cannot say it, which the divisors of means would count and
 * which may be as large as the kernel. Rows that only a negative pad could skip are cut off before the pool.
 */
export function withPlainPools(traced: Graph): Graph {
  const shapes = new Map(traced.shapes);
  const initializers = new Map(traced.initializers);
  const nodes = traced.nodes.flatMap((node) => {
    const plain = plainPool(traced, node);
    if (!plain) return [node];
    if (!plain.crop) return [plain.node];
    const { node: slice, shape, constants } = plain.crop;
    shapes.set(slice.outputs[0]!, shape);
    for (const [name, value] of constants) initializers.set(name, value);
    return [slice, plain.node];
  });
  if (nodes.every((node, i) => node === traced.nodes[i])) return traced;
  return { ...traced, nodes, shapes, initializers };
}

interface PlainPool {
  readonly node: Node;
  readonly crop: Crop | undefined;
}

/** Undefined for what is no such pool, is plain as it is, or cannot be said in another way. */
function plainPool(traced: Graph, node: Node): PlainPool | undefined {
  if (node.domain !== "" || !pools.has(node.operator)) return undefined;
  const attributes = new AttributeReader(node);
  const isAutomatic = attributes.string("auto_pad", "NOTSET") !== "NOTSET";
  if (!isAutomatic && attributes.int("ceil_mode", 0) === 0) return undefined;
  const shape = traced.shapes.get(node.inputs[0]!);
  const made = traced.shapes.get(node.outputs[0]!)?.dims.slice(2);
  if (!shape || shape.dims.includes(0) || made?.includes(0)) return undefined;
  const windows = poolWindowsOf(attributes, shape.dims.slice(2));
  if (String(windows.output) !== String(made)) return undefined;
  const spelling = spelled(windows, shape.dims.slice(2), node.operator === "AveragePool");
  const isCropped = [...spelling.before, ...spelling.behind].some((rows) => rows > 0);
  // Places that a second output tells would be those in what was cut.
  if (isCropped && node.outputs.length > 1) return undefined;
  const crop = isCropped ? cropped(node, shape, spelling) : undefined;
  const { auto_pad: _, ceil_mode: _ceil, ...others } = node.attributes;
  const said = toAttributes({
    pads: spelling.pads,
    ...(spelling.isCeil ? { ceil_mode: 1 } : {}),
  });
  const inputs = crop ? [crop.node.outputs[0]!] : node.inputs;
  return { node: { ...node, inputs, attributes: { ...others, ...said } }, crop };
}

interface Spelling {
  readonly pads: readonly number[];
  readonly isCeil: boolean;
  /** Rows to cut off before and behind each axis. */
  readonly before: readonly number[];
  readonly behind: readonly number[];
}

function spelled(windows: Windows, spatial: readonly number[], isMean: boolean): Spelling {
  const { kernel, strides, dilations, padsBegin, padsEnd, output } = windows;
  /** Rows behind the end that a negative pad takes away; maxima and norms read them all the same. */
  const taken = padsEnd.map((rows) => (isMean ? Math.max(-rows, 0) : 0));
  /** Rows that the last window reads behind the end; below 0 those that it leaves. */
  const beyond = spatial.map((size, axis) => {
    const read = (output[axis]! - 1) * strides[axis]! + (kernel[axis]! - 1) * dilations[axis]! + 1;
    return read - padsBegin[axis]! - size + taken[axis]!;
  });
  const ends = padsEnd.map((rows, axis) => Math.max(Math.min(rows, beyond[axis]!), 0));
  const isCeil = beyond.some((rows, axis) => rows > ends[axis]!);
  const behind = beyond.map((rows, axis) => {
    const makesOneMore = taken[axis]! - rows >= strides[axis]!;
    return isCeil || makesOneMore ? Math.max(-rows, 0) + taken[axis]! : 0;
  });
  const before = padsBegin.map((rows) => Math.max(-rows, 0));
  return { pads: [...padsBegin.map((rows) => Math.max(rows, 0)), ...ends], isCeil, before, behind };
}

interface Crop {
  readonly node: Node;
  readonly shape: ValueShape;
  readonly constants: readonly (readonly [string, Tensor])[];
}

/** What a pool reads without the rows that it leaves. */
function cropped(pool: Node, { type, dims }: ValueShape, { before, behind }: Spelling): Crop {
  const output = `${pool.outputs[0]!}/read`;
  const spatial = dims.slice(2);
  const ends = spatial.map((size, axis) => size - behind[axis]!);
  const constants = Object.entries({
    starts: before,
    ends,
    axes: spatial.map((_, i) => i + 2),
  }).map(
    ([name, values]) => [`${output}/${name}`, tensorOf("int64", [values.length], values)] as const,
  );
  const inputs = [pool.inputs[0]!, ...constants.map(([name]) => name)];
  const sizes = ends.map((end, axis) => end - before[axis]!);
  return {
    node: {
      name: output,
      operator: "Slice",
      domain: "",
      inputs,
      outputs: [output],
      attributes: {},
    },
    shape: { type, dims: [...dims.slice(0, 2), ...sizes] },
    constants,
  };
}
