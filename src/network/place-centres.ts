/** @file Where the places of a layer lie on the picture: each in the middle of what it sees. */
import type { Graph, Node } from "../graph/graph.ts";
import { TracedNode } from "../graph/traced-node.ts";
import { gridOf, type PlaceCentres } from "../image/placed-plane.ts";
import { branchSpans } from "./branch-spans.ts";
import { Folds } from "./folds.ts";
import { volumeDims } from "./part-nodes.ts";
import { spanRules } from "./span-rules.ts";
import { middlesOf, pixelSpan, type Span, type Spans } from "./spans.ts";

/** What is known of a layer's places. */
export interface KnownPlaces {
  /** Undefined where they lie on the plain grid: the middles of as many equal parts of the picture. */
  readonly centres: PlaceCentres | undefined;
  /** False if the way from the picture mixes places, so that the grid is all that can be said. */
  readonly isKnown: boolean;
}

/**
 * The places of a value of a traced graph whose input is [N, C, H, W]; `axes` are those of its rows and columns, of a
 * signal that of its positions, of a volume those of slices, rows and columns. A
 * place lies in the middle of its receptive field, as if the picture went on behind its borders (Araujo et al. 2019,
 * doi 10.23915/distill.00021): convolutions, pools, padding, resampling, crops, flips, rolls, and branches that are joined are followed.
 * Gates and normalisations over all places leave each where it is, and so does a branch that mixes places beside one
 * that does not. Where ways that lead to parts of the picture that lie apart are joined, no place is known.
 */
export function placesOfLayer(graph: Graph, name: string, axes: readonly number[]): KnownPlaces {
  const dims = graph.shapes.get(name)?.dims ?? [];
  const spans = spansOf(graph, name);
  const known = sideNames.slice(-axes.length).map((side, i) => {
    const axis = axes[i]!;
    return [side, centresOf(spans[axis], side, dims[axis]!), gridOf(dims[axis]!)] as const;
  });
  const of = Object.fromEntries(known.map(([side, found, grid]) => [side, found ?? grid]));
  const centres: PlaceCentres = {
    x: of["width"]!,
    y: of["height"] ?? gridOf(1),
    ...(of["depth"] ? { z: of["depth"] } : {}),
  };
  const isGrid = Object.values(of).every(isPlain);
  return {
    centres: isGrid ? undefined : centres,
    isKnown: known.every(([, found]) => found !== undefined),
  };
}

const sideNames = ["depth", "height", "width"] as const;

/** Height and width of the input in pixels. */
function sidesOf(graph: Graph): readonly [number, number] {
  const dims = graph.shapes.get(graph.inputs[0]?.name ?? "")?.dims ?? [];
  return [dims[2] ?? 1, dims[3] ?? 1];
}

/** Which side of the picture each axis of a value goes along; undefined for others, and where places are mixed. */
export function sidesOfAxes(graph: Graph, name: string): readonly (Span["side"] | undefined)[] {
  return spansOf(graph, name).map((span) => span?.side);
}

function spansOf(graph: Graph, name: string): Spans {
  const known = spansByGraph.get(graph) ?? spansIn(graph);
  spansByGraph.set(graph, known);
  return known.get(name) ?? [];
}

/** What every value of a graph sees: of many layers each is asked for, and of each layer several things. */
const spansByGraph = new WeakMap<Graph, ReadonlyMap<string, Spans>>();

function spansIn(graph: Graph): ReadonlyMap<string, Spans> {
  const [heightPx, widthPx] = sidesOf(graph);
  const pixels = [undefined, undefined, pixelSpan("height", heightPx), pixelSpan("width", widthPx)];
  const known = new Map<string, Spans>([[graph.inputs[0]?.name ?? "", pixels]]);
  const folds = new Folds();
  for (const node of graph.nodes) {
    const volume = volumeSpans(graph, node);
    if (volume) {
      known.set(node.outputs[0]!, volume);
      continue;
    }
    const n = new TracedNode(graph, node);
    const isStandard = node.domain === "" || node.domain === "ai.onnx";
    const rule = isStandard ? ruleOf(n, known) : undefined;
    const inputs = node.inputs.map((read) => known.get(read));
    if (inputs.every((spans) => spans === undefined) && node.operator !== "If") continue;
    for (const [i, output] of node.outputs.entries()) {
      // An output that is left out has no name, as inputs that are.
      if (output === "") continue;
      const lost = (n.dimsOf(output) ?? []).map(() => undefined);
      known.set(output, rule?.(n, inputs, i) ?? lost);
    }
    if (rule) folds.follow(n, known);
  }
  return known;
}

/** Of the node that folds the rows of a volume's slices, one below the other on the picture, to slices and rows. */
function volumeSpans(graph: Graph, node: Node): Spans | undefined {
  const dims = volumeDims(graph, node);
  if (!dims) return undefined;
  const [depth, height, width] = dims.slice(-3) as [number, number, number];
  const sides = [pixelSpan("depth", depth), pixelSpan("height", height), pixelSpan("width", width)];
  return [...dims.slice(0, -3).map(() => undefined), ...sides];
}

/** The branches of an If read values that are no inputs of it. */
function ruleOf({ node }: TracedNode, known: ReadonlyMap<string, Spans>) {
  if (node.operator !== "If") {
    return Object.hasOwn(spanRules, node.operator) ? spanRules[node.operator] : undefined;
  }
  return (n: TracedNode, _: unknown, output: number) => branchSpans(n, output, known);
}

/** In shares of the picture, in any order; undefined where places are mixed, so that several have one centre. */
function centresOf(
  span: Span | undefined,
  side: Span["side"],
  count: number,
): readonly number[] | undefined {
  if (count === 1 && (!span || span.isTorn)) return [0.5];
  if (span?.isTorn || span?.side !== side || span.first.length !== count) return undefined;
  const centres = middlesOf(span).map((middle) => (middle + 0.5) / span.pixels);
  return new Set(centres).size === centres.length ? centres : undefined;
}

function isPlain(centres: readonly number[]): boolean {
  return gridOf(centres.length).every((at, i) => Math.abs(at - centres[i]!) < 1e-9);
}
