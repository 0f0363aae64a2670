/** @file Other weights for a graph: those of a file, by names and shapes. */
import { LimpidError } from "../errors.ts";
import { listedNames } from "../wording/listed-names.ts";
import { requireFiniteWeights } from "./finite.ts";
import type { Graph } from "./graph.ts";
import { toHalf } from "./half.ts";
import {
  elementCount,
  formatShape,
  tensor,
  toFloat32,
  toNumbers,
  tensorOf,
  type Tensor,
} from "./tensor.ts";

/** What of a graph and of a file came together. */
export interface LoadedWeights {
  readonly graph: Graph;
  /** Names in the graph of weights that are the file's now. */
  readonly loaded: readonly string[];
  /** Names in the graph of weights that stay as they were. */
  readonly kept: readonly string[];
  /** Names in the file of floats that the graph has no place for. */
  readonly unused: readonly string[];
}

/** What training programs put before names of a network. */
const prefixes = ["module.", "model.", "_orig_mod."] as const;
const mostPrefixes = 3;

/**
 * The graph with the weights of a file: those of the same names and shapes, where "module.", "model.", "_orig_mod." and
 * what stands before all names of either may be left out. A matrix of the graph whose name is a file's with ".T" or "_transposed" behind it
 * takes that one turned. Throws `bad-file` where less than half of the graph's weights are in the file, where the file has
 * batch normalisations that the graph has in its convolutions, and for weights that are NaN or infinite.
 */
export function loadWeights(graph: Graph, file: ReadonlyMap<string, Tensor>): LoadedWeights {
  const weights = [...graph.initializers].filter(([, value]) => isWeight(value));
  const { found, strip } = bestMatch(weights, file);
  const names = weights.map(([name]) => name);
  const loaded = names.filter((name) => found.has(name));
  const kept = names.filter((name) => !found.has(name));
  const used = new Set([...found.values()].map(({ name }) => name));
  const unused = [...file].flatMap(([name, value]) =>
    used.has(name) || !isFloat(value) ? [] : [name],
  );
  if (loaded.length === 0 || 2 * loaded.length < names.length) {
    throw tooFew(kept, names.length, mismatch(weights, file, strip));
  }
  requireNoFolding(graph, found, file, unused);
  const initializers = new Map(graph.initializers);
  for (const [name, { value }] of found)
    initializers.set(name, like(graph.initializers.get(name)!, value));
  const result = { ...graph, initializers };
  requireFiniteWeights(result);
  return { graph: result, loaded, kept, unused };
}

function isFloat({ type }: Tensor): boolean {
  return type === "float32" || type === "float16" || type === "bfloat16" || type === "float64";
}

/** Single numbers of a graph are those of its formulas. */
function isWeight(value: Tensor): boolean {
  return isFloat(value) && elementCount(value.dims) > 1;
}

interface Found {
  /** In the file. */
  readonly name: string;
  readonly value: Tensor;
}

type Strip = readonly [ofFile: string, ofGraph: string];

interface Match {
  readonly found: ReadonlyMap<string, Found>;
  readonly strip: Strip;
}

/** With those prefixes left out that make the most names match. */
function bestMatch(
  weights: readonly (readonly [string, Tensor])[],
  file: ReadonlyMap<string, Tensor>,
): Match {
  const names = weights.map(([name]) => name);
  const choices = prefixesOf([...file.keys()]).flatMap((ofFile) =>
    prefixesOf(names).map((ofGraph): Strip => [ofFile, ofGraph]),
  );
  let best: Match = { found: new Map(), strip: ["", ""] };
  for (const strip of choices) {
    const found = matched(weights, file, strip);
    if (found.size > best.found.size) best = { found, strip };
  }
  return best;
}

/** What may be left out: nothing, a prefix that some name has or all have, a prefix behind it, and so on. */
function prefixesOf(names: readonly string[]): readonly string[] {
  const all = [""];
  for (let i = 0; i < mostPrefixes; i++) {
    const longer = all.flatMap((before) => [
      ...prefixes.map((prefix) => before + prefix),
      ...sharedPrefix(names, before),
    ]);
    for (const prefix of longer) {
      if (!all.includes(prefix) && names.some((name) => name.startsWith(prefix))) all.push(prefix);
    }
  }
  return all;
}

/** The first part of all names, as `net.`, behind what stands before it. */
function sharedPrefix(names: readonly string[], before: string): readonly string[] {
  const [first = ""] = names;
  const end = first.indexOf(".", before.length) + 1;
  const prefix = first.slice(0, end);
  return end > 0 && names.every((name) => name.startsWith(prefix)) ? [prefix] : [];
}

function without(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

function matched(
  weights: readonly (readonly [string, Tensor])[],
  file: ReadonlyMap<string, Tensor>,
  [ofFile, ofGraph]: Strip,
): ReadonlyMap<string, Found> {
  const byName = new Map(
    [...file].map(([name, value]) => [without(name, ofFile), { name, value }]),
  );
  const found = new Map<string, Found>();
  for (const [name, own] of weights) {
    const wanted = without(name, ofGraph);
    const same = byName.get(wanted);
    if (same && isFloat(same.value) && sameShape(same.value.dims, own.dims)) found.set(name, same);
    if (same) continue;
    const straight = byName.get(wanted.replace(/(\.T|[._]transposed)$/, ""));
    if (straight && isTurned(straight.value, own)) {
      found.set(name, { ...straight, value: turned(straight.value) });
    }
  }
  return found;
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

function isTurned(value: Tensor, own: Tensor): boolean {
  return isFloat(value) && value.dims.length === 2 && sameShape(value.dims.toReversed(), own.dims);
}

/** A matrix with rows as columns. */
function turned(value: Tensor): Tensor {
  const [rows, columns] = value.dims as [number, number];
  const numbers = toFloat32(value);
  const data = new Float32Array(numbers.length);
  for (let i = 0; i < data.length; i++)
    data[i] = numbers[(i % rows) * columns + Math.floor(i / rows)]!;
  return tensor("float32", [columns, rows], data);
}

/** The value in the element type of the graph's. */
function like(own: Tensor, value: Tensor): Tensor {
  if (value.type === own.type) return value;
  if (own.type === "float64") return tensorOf("float64", value.dims, toNumbers(value));
  const float = tensor("float32", value.dims, toFloat32(value));
  if (own.type === "float16") return toHalf(float);
  return own.type === "bfloat16" ? tensor("bfloat16", value.dims, upperHalves(float)) : float;
}

/** The bits of bfloat16 that come nearest, ties to even. */
function upperHalves({ data }: Tensor<"float32">): Uint16Array {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length);
  return Uint16Array.from(words, (word) => (word + 0x7fff + ((word >>> 16) & 1)) >>> 16);
}

/** A weight of the same name and another shape tells why nothing fits. */
function mismatch(
  weights: readonly (readonly [string, Tensor])[],
  file: ReadonlyMap<string, Tensor>,
  [ofFile, ofGraph]: Strip,
): string | undefined {
  for (const [name, own] of weights) {
    const value = file.get(ofFile + without(name, ofGraph));
    if (value && !sameShape(value.dims, own.dims)) {
      return `"${name}" is ${formatShape(own.dims)} there and ${formatShape(value.dims)} in the file`;
    }
  }
  return undefined;
}

/** Exporters to ONNX rename what they compute beforehand. */
const unfolded =
  "export the network without folding (torch.onnx.export with training=TrainingMode.PRESERVE and do_constant_folding=False, or torch.export.save)";

function tooFew(missing: readonly string[], count: number, other: string | undefined): LimpidError {
  const shape = other === undefined ? "" : `; ${other}`;
  const isRenamed = missing.some((name) => name.startsWith("onnx::"));
  return new LimpidError(
    "bad-file",
    `weights: at least half of the network's ${count} weights must be in the file, got ${count - missing.length}. missing are ${listedNames(missing)}${shape}. ${isRenamed ? unfolded : "give the weights of this very architecture, under the names that the network has"}.`,
  );
}

/**
 * Exporters put batch normalisations into the convolutions before them. Their weights have the same names then, and not
 * the same meaning.
 */
function requireNoFolding(
  graph: Graph,
  found: ReadonlyMap<string, Found>,
  file: ReadonlyMap<string, Tensor>,
  unused: readonly string[],
): void {
  // Names say little where a network has no normalisation at all.
  const isBare = graph.nodes.every(({ operator }) => operator !== "BatchNormalization");
  const kernels = [...found].filter(([name]) => graph.initializers.get(name)!.dims.length > 2);
  for (const name of unused) {
    if (!name.endsWith(".running_var")) continue;
    const group = parentOf(parentOf(name));
    const channels = file.get(name)!.dims[0];
    const wide = kernels.filter(([, { value }]) => value.dims[0] === channels);
    const beside = wide.find(([, each]) => parentOf(parentOf(each.name)) === group);
    const kernel = beside ?? (isBare ? wide[0] : undefined);
    if (kernel) throw foldedInto(parentOf(name), kernel[0]);
  }
}

function foldedInto(normalization: string, kernel: string): LimpidError {
  return new LimpidError(
    "bad-file",
    `weights: every batch normalisation of the file must be in the network, got none for "${normalization}", which the network has in "${kernel}" already. ${unfolded}.`,
  );
}

/** `layer1.0.bn1` of `layer1.0.bn1.weight`. */
function parentOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf("."), 0));
}
