/** @file Scores of the classes of a map: each one's mean over the places where the network finds it. */
import type { Graph } from "../graph/graph.ts";
import { Appended } from "./appended.ts";
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
    : firstOfLargest(b, numbers, classAxis);
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

/** Where a value is the first of the largest along an axis; how many there are is known when it is traced. */
function firstOfLargest(b: Appended, value: string, axis: number): string {
  const at = { axis: { kind: "int", value: axis }, keepdims: { kind: "int", value: 1 } } as const;
  const best = b.node("ArgMax", [value], "best class", at);
  const shape = b.node("Shape", [value], "shape");
  const count = b.node("Gather", [shape, b.whole("class axis", [axis])], "classes");
  const limit = b.node("Reshape", [count, b.whole("no axes", [])], "class count");
  const [first, step] = [b.whole("first class", [0], []), b.whole("class step", [1], [])];
  const range = b.node("Range", [first, limit, step], "class numbers");
  const sizes = [1, 1, 1, 1].map((size, i) => (i === axis ? -1 : size));
  const classes = b.node("Reshape", [range, b.whole("class sizes", sizes)], "all classes");
  return b.node("Equal", [best, classes], "found");
}
