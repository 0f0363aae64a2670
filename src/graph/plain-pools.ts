/** @file Pools whose windows their pads alone say: what is left of `ceil_mode` and `auto_pad` is what everybody counts alike. */
import { constant, nodeOf } from "./added-nodes.ts";
import { AttributeReader, toAttributes } from "./attributes.ts";
import { allNames, freeName } from "./free-name.ts";
import type { Graph, Node, ValueShape } from "./graph.ts";
import type { Tensor } from "./tensor.ts";
import { coverageOf, poolWindowsOf, type Windows } from "./windows.ts";

const pools: ReadonlySet<string> = new Set(["AveragePool", "LpPool", "MaxPool"]);

/**
 * The traced graph with the windows of its pools as they ran, by explicit pads. ONNX Runtime infers shapes by other
 * formulas than it computes them by: it counts a window that would start in the end padding, which it drops when it runs,
 * so that nothing can be built on what such a pool gives. End pads here reach as far as the last window reads, and
 * `ceil_mode` is left where that is beyond the padding: pads cannot say it, which the divisors of means would count and
 * which may be as large as the kernel. Rows that only a negative pad could skip are cut off before the pool.
 */
export function withPlainPools(traced: Graph): Graph {
  const spellings = traced.nodes.map((node) => spellingOf(traced, node));
  if (spellings.every((spelling) => !spelling)) return traced;
  const shapes = new Map(traced.shapes);
  const constants = new Map(traced.initializers);
  const names = allNames(traced);
  const nodes = traced.nodes.flatMap((node, i) => {
    const spelling = spellings[i];
    if (!spelling) return [node];
    if (!isCropped(spelling)) return [plainPool(node, spelling, node.inputs[0]!)];
    const shape = traced.shapes.get(node.inputs[0]!)!;
    // A name of the pool's own would be taken for the pool where a part of it is asked for.
    const crop = cropped(node.inputs[0]!, shape, spelling, freeName("read-rows", names), constants);
    const read = crop.node.outputs[0]!;
    shapes.set(read, crop.shape);
    return [crop.node, plainPool(node, spelling, read)];
  });
  return { ...traced, nodes, shapes, initializers: constants };
}

/** Undefined for what is no such pool, is plain as it is, or cannot be said in another way. */
function spellingOf(traced: Graph, node: Node): Spelling | undefined {
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
  // Places that a second output tells would be those in what was cut.
  return isCropped(spelling) && node.outputs.length > 1 ? undefined : spelling;
}

/** The pool over what it reads, its windows spelled out. */
function plainPool(node: Node, { pads, isCeil }: Spelling, read: string): Node {
  const { auto_pad: _, ceil_mode: _ceil, ...others } = node.attributes;
  const said = toAttributes({ pads, ...(isCeil ? { ceil_mode: 1 } : {}) });
  return { ...node, inputs: [read], attributes: { ...others, ...said } };
}

interface Spelling {
  readonly pads: readonly number[];
  readonly isCeil: boolean;
  /** Rows to cut off before and behind each axis. */
  readonly before: readonly number[];
  readonly behind: readonly number[];
}

function isCropped({ before, behind }: Spelling): boolean {
  return [...before, ...behind].some((rows) => rows > 0);
}

function spelled(windows: Windows, spatial: readonly number[], isMean: boolean): Spelling {
  const { strides, padsBegin, padsEnd } = windows;
  const coverage = coverageOf(windows);
  /** Rows behind the end that a negative pad takes away; maxima and norms read them all the same. */
  const taken = padsEnd.map((rows) => (isMean ? Math.max(-rows, 0) : 0));
  /** Rows that the last window reads behind the end; below 0 those that it leaves. */
  const beyond = spatial.map(
    (size, axis) => coverage[axis]! - padsBegin[axis]! - size + taken[axis]!,
  );
  const ends = padsEnd.map((rows, axis) => Math.max(Math.min(rows, beyond[axis]!), 0));
  const isCeil = beyond.some((rows, axis) => rows > ends[axis]!);
  const behind = beyond.map((rows, axis) => {
    const makesOneMore = taken[axis]! - rows >= strides[axis]!;
    return isCeil || makesOneMore ? Math.max(-rows, 0) + taken[axis]! : 0;
  });
  const before = padsBegin.map((rows) => Math.max(-rows, 0));
  return { pads: [...padsBegin.map((rows) => Math.max(rows, 0)), ...ends], isCeil, before, behind };
}

/** What a pool reads without the rows that it leaves, under a name. */
function cropped(
  value: string,
  { type, dims }: ValueShape,
  { before, behind }: Spelling,
  output: string,
  constants: Map<string, Tensor>,
): { readonly node: Node; readonly shape: ValueShape } {
  const spatial = dims.slice(2);
  const ends = spatial.map((size, axis) => size - behind[axis]!);
  const axes = spatial.map((_, axis) => axis + 2);
  const given = Object.entries({ starts: before, ends, axes });
  const bounds = given.map(([name, rows]) => constant({ constants }, `${output}/${name}`, rows));
  const sizes = ends.map((end, axis) => end - before[axis]!);
  return {
    node: nodeOf("Slice", [value, ...bounds], output),
    shape: { type, dims: [...dims.slice(0, 2), ...sizes] },
  };
}
