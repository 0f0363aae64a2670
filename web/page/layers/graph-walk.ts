/** @file Where arrow keys lead in a graph: along its lines, and across its ranks. */
import type { GraphFacts } from "../../graph-facts.ts";
import type { PlacedNode } from "./graph-layout.ts";

export class GraphWalk {
  readonly #facts: ReadonlyMap<string, GraphFacts>;
  readonly #nodes: ReadonlyMap<string, PlacedNode>;

  constructor(graph: readonly GraphFacts[], nodes: readonly PlacedNode[]) {
    this.#facts = new Map(graph.map((place) => [place.name, place]));
    this.#nodes = new Map(nodes.map((node) => [node.name, node]));
  }

  facts(name: string | undefined): GraphFacts | undefined {
    return name === undefined ? undefined : this.#facts.get(name);
  }

  /** Up and down to the nearest of those that are read or that read, else across; undefined for other keys and at ends. */
  next(name: string, key: string): string | undefined {
    const from = this.#nodes.get(name);
    if (!from) return undefined;
    if (key === "ArrowUp") return this.#nearest(from, this.#facts.get(name)!.before);
    if (key === "ArrowDown") {
      const readers = [...this.#facts.values()].filter(({ before }) => before.includes(name));
      return this.#nearest(
        from,
        readers.map((reader) => reader.name),
      );
    }
    const isLeft = key === "ArrowLeft";
    if (!isLeft && key !== "ArrowRight") return undefined;
    const beside = [...this.#nodes.values()].filter(
      ({ rank, x }) => rank === from.rank && (isLeft ? x < from.x : x > from.x),
    );
    return this.#nearest(
      from,
      beside.map((node) => node.name),
    );
  }

  #nearest(from: PlacedNode, names: readonly string[]): string | undefined {
    const far = (name: string) => {
      const { x, y } = this.#nodes.get(name)!;
      return Math.hypot(x - from.x, y - from.y);
    };
    return names.toSorted((a, b) => far(a) - far(b))[0];
  }
}
