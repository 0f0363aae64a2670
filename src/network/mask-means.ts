/** @file Scores of the classes of a map: each one's mean over the places where the network finds it. */
import type { Attribute, Graph, Node } from "../graph/graph.ts";
import { tensorOf, type Tensor } from "../graph/tensor.ts";
import { mapClassAxis } from "./class-axis.ts";
import type { Head } from "./head.ts";

/** The values that are put behind a map. */
export interface MaskMeans {
  readonly graph: Graph;
  /** [N, classes]: mean logits. */
  readonly logits: string;
  /** [N, classes]: means of what the final activation gives. */
  readonly activated: string;
}

/**
 * The graph with one number a class behind a map [N, C, H, W]: the mean of its logit over the places where it is found,
 * which are those where it is the largest, or where it is above 0 if classes do not exclude each other; over all places
 * if there are none. Which places these are does not change with the picture's gradient, as in the semantic-segmentation
 * targets of pytorch-grad-cam (Vinogradova et al. 2020, arXiv 2002.11434). Of values that are no classes, all places.
 */
export function withMaskMeans(graph: Graph, head: Head, isChannelsLast: boolean): MaskMeans {
  const b = new Appended(head.output);
  const { isPlane } = head;
  const classAxis = isPlane ? 1 : mapClassAxis(graph, head, isChannelsLast);
  const axes = b.whole(
    "places",
    [1, 2, 3].filter((axis) => axis !== classAxis),
  );
  const without = { keepdims: { kind: "int", value: 0 } } as const;
  // A map without an axis of channels gets one; its logits may have it still.
  const sizes = isPlane ? b.whole("plane sizes", [0, 1, -1, 1]) : undefined;
  const inPlace = (value: string, name: string) =>
    sizes === undefined ? value : b.node("Reshape", [value, sizes], name);
  const numbers = inPlace(head.logits, "plane");
  if (head.kind === "value-map") {
    const mean = b.node("ReduceMean", [numbers, axes], "mean", without);
    return { graph: b.behind(graph), logits: mean, activated: mean };
  }
  const weights = weightsOf(b, { numbers, axes, classAxis, isEach: head.activation === "sigmoid" });
  const meanOf = (value: string, name: string) => {
    const shares = b.node("Mul", [value, weights], `${name} shares`);
    return b.node("ReduceSum", [shares, axes], name, without);
  };
  const logits = meanOf(numbers, "mean logits");
  const activated =
    head.activated === head.logits
      ? logits
      : meanOf(inPlace(head.activated, "probability plane"), "mean probabilities");
  return { graph: b.behind(graph), logits, activated };
}

/** Numbers of classes at every place, and the name of the axes of the places. */
interface Found {
  readonly numbers: string;
  readonly axes: string;
  readonly classAxis: number;
  /** Whether classes do not exclude each other. */
  readonly isEach: boolean;
}

/** Equal weights, which sum to 1, of the places where a class is found; of all places if there are none. */
function weightsOf(b: Appended, { numbers, axes, classAxis, isEach }: Found): string {
  const found = isEach
    ? b.node("Greater", [numbers, b.numbers("zero", [], [0])], "found")
    : b.largest(numbers, classAxis);
  const mask = b.node("Cast", [found], "mask", { to: { kind: "int", value: 1 } });
  const keeping = { keepdims: { kind: "int", value: 1 } } as const;
  const count = b.node("ReduceSum", [mask, axes], "count", keeping);
  const isSomewhere = b.node("Greater", [count, b.numbers("none", [], [0])], "is somewhere");
  const ones = b.node(
    "Add",
    [b.node("Mul", [mask, b.numbers("zeros", [], [0])], "blank"), b.numbers("one", [], [1])],
    "everywhere",
  );
  const chosen = b.node("Where", [isSomewhere, mask, ones], "chosen");
  const total = b.node("ReduceSum", [chosen, axes], "total", keeping);
  return b.node("Div", [chosen, total], "weights");
}

/** Nodes and constants behind an output, whose values have names that say what they are. */
class Appended {
  readonly #of: string;
  readonly #nodes: Node[] = [];
  readonly #constants = new Map<string, Tensor>();

  constructor(output: string) {
    this.#of = output;
  }

  node(
    operator: string,
    inputs: readonly string[],
    what: string,
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const name = this.#name(what);
    this.#nodes.push({ name, operator, domain: "", inputs, outputs: [name], attributes });
    return name;
  }

  numbers(what: string, dims: readonly number[], values: readonly number[]): string {
    const name = this.#name(what);
    this.#constants.set(name, tensorOf("float32", dims, values));
    return name;
  }

  whole(what: string, values: readonly number[]): string {
    const name = this.#name(what);
    this.#constants.set(name, tensorOf("int64", [values.length], values));
    return name;
  }

  /** Where a value is the first of the largest along an axis; how many there are is known when it is traced. */
  largest(value: string, axis: number): string {
    const at = { axis: { kind: "int", value: axis }, keepdims: { kind: "int", value: 1 } } as const;
    const best = this.node("ArgMax", [value], "best class", at);
    const shape = this.node("Shape", [value], "shape");
    const axisAt = this.whole("class axis", [axis]);
    const count = this.node("Gather", [shape, axisAt], "classes");
    const scalar = this.whole("no axes", []);
    const limit = this.node("Reshape", [count, scalar], "class count");
    const first = this.#name("first class");
    this.#constants.set(first, tensorOf("int64", [], [0]));
    const step = this.#name("class step");
    this.#constants.set(step, tensorOf("int64", [], [1]));
    const range = this.node("Range", [first, limit, step], "class numbers");
    const sizes = [1, 1, 1, 1].map((size, i) => (i === axis ? -1 : size));
    const classes = this.node("Reshape", [range, this.whole("class sizes", sizes)], "all classes");
    return this.node("Equal", [best, classes], "found");
  }

  behind(graph: Graph): Graph {
    return {
      ...graph,
      nodes: [...graph.nodes, ...this.#nodes],
      initializers: new Map([...graph.initializers, ...this.#constants]),
    };
  }

  #name(what: string): string {
    return `${this.#of}, ${what}`;
  }
}
