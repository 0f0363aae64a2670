/** @file The feature maps that feed the head of a detector, one a scale. */
import { producers, type Graph } from "../graph/graph.ts";
import { valuesRead } from "../graph/edit.ts";
import { valuesOfMap } from "./activated-layers.ts";
import { mapLayout } from "./map-layout.ts";
import { placesOfLayer } from "./place-centres.ts";

/**
 * The feature maps of a traced graph that its head reads, the finest first: P3, P4 and P5 of a YOLO, the last map of a
 * DETR. The head is what lies behind: the branches of each scale, up to the last maps before boxes are listed, which
 * all come from one map. Empty for a network without feature maps.
 */
export function headScales(graph: Graph): readonly string[] {
  const exits = lastMaps(graph);
  const tree = new Dominators(graph);
  const found = new Map<string, number>();
  for (const group of bySize(graph, exits)) {
    const answers = new Set(group.flatMap((exit) => [...valuesOfMap(graph, exit)]));
    let value = group.reduce<string | undefined>(
      (common, exit) => (common === undefined ? undefined : tree.common(common, exit)),
      group[0],
    );
    while (value !== undefined && (answers.has(value) || !isMap(graph, value))) {
      value = tree.above(value);
    }
    if (value !== undefined) found.set(value, placesOf(graph, value));
  }
  return [...found].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
}

/** The feature maps that no other follows on some way to an output. */
function lastMaps(graph: Graph): readonly string[] {
  const makers = producers(graph);
  const [seen, maps, left] = [new Set<string>(), [] as string[], graph.outputs.map(nameOf)];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (isMap(graph, value)) maps.push(value);
    else for (const each of readBy(makers.get(value))) left.push(each);
  }
  return maps;
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function readBy(node: Parameters<typeof valuesRead>[0] | undefined): readonly string[] {
  return node ? valuesRead(node) : [];
}

/** Several channels at places of the picture; what is reshaped from lists of boxes has other axes, and attention too. */
function isMap(graph: Graph, name: string): boolean {
  if (graph.inputs.some((input) => input.name === name)) return false;
  if (graph.shapes.get(name)?.dims.length !== 4) return false;
  const layout = mapLayout(graph, name);
  if (!layout || layout.channels < 2 || layout.sides.length !== 2) return false;
  return placesOfLayer(graph, name, layout.grid.axes).isKnown;
}

function placesOf(graph: Graph, name: string): number {
  const { height, width } = mapLayout(graph, name)!;
  return height * width;
}

function bySize(graph: Graph, maps: readonly string[]): readonly (readonly string[])[] {
  const groups = new Map<string, readonly string[]>();
  for (const name of maps) {
    const { height, width } = mapLayout(graph, name)!;
    const size = `${height} x ${width}`;
    groups.set(size, [...(groups.get(size) ?? []), name]);
  }
  return [...groups.values()];
}

/** Which values every way from the picture to a value leads through (Cooper et al. 2001, for graphs without loops). */
class Dominators {
  /** The nearest of each value that depends on the picture; undefined for the picture. */
  readonly #above = new Map<string, string | undefined>();
  readonly #depths = new Map<string, number>();

  constructor(graph: Graph) {
    for (const { name } of graph.inputs) this.#set(name, undefined);
    for (const node of graph.nodes) {
      const read = valuesRead(node).filter((name) => this.#depths.has(name));
      const [first, ...others] = read;
      if (first === undefined) continue;
      const common = others.reduce<string | undefined>(
        (value, other) => (value === undefined ? undefined : this.common(value, other)),
        first,
      );
      for (const output of node.outputs) if (output !== "") this.#set(output, common);
    }
  }

  above(value: string): string | undefined {
    return this.#above.get(value);
  }

  /** The nearest value that all ways to both lead through, either of them included. */
  common(a: string, b: string): string | undefined {
    let [one, other]: (string | undefined)[] = [a, b];
    while (one !== undefined && other !== undefined && one !== other) {
      if (this.#depths.get(one)! < this.#depths.get(other)!) other = this.#above.get(other);
      else one = this.#above.get(one);
    }
    return one === other ? one : undefined;
  }

  #set(value: string, above: string | undefined): void {
    this.#above.set(value, above);
    this.#depths.set(value, above === undefined ? 0 : this.#depths.get(above)! + 1);
  }
}
