/** @file Small detectors that suppress boxes themselves, with the tails that exporters write. */
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Attribute, Graph, Node, ValueInfo } from "../src/graph/graph.ts";
import { nodeOf } from "../src/graph/added-nodes.ts";
import { tensorOf, type Tensor } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";

/** What their tails leave. */
export const kept = { confidence: 0.4, overlap: 0.3, limit: 9 } as const;

/** A drawn network. */
interface Drawn {
  readonly seed: number;
  readonly heightPx: number;
  readonly widthPx: number;
  readonly classes: number;
}

const int = (value: number): Attribute => ({ kind: "int", value });
const ints = (value: readonly number[]): Attribute => ({ kind: "ints", value: [...value] });

/** Writes nodes whose sizes depend on the picture. */
class Tail {
  readonly nodes: Node[] = [];
  readonly constants = new Map<string, Tensor>();
  readonly #prefix: string;
  #count = 0;

  constructor(prefix = "tail") {
    this.#prefix = prefix;
  }

  op(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const name = this.#name();
    this.nodes.push(nodeOf(operator, inputs, name, attributes));
    return name;
  }

  topK(from: string, count: string): readonly [string, string] {
    const outputs = [this.#name(), this.#name()] as const;
    this.nodes.push({ ...nodeOf("TopK", [from, count], outputs[0]), outputs });
    return outputs;
  }

  ints(...numbers: number[]): string {
    return this.#constant(tensorOf("int64", [numbers.length], numbers));
  }

  int(number: number): string {
    return this.#constant(tensorOf("int64", [], [number]));
  }

  float(number: number): string {
    return this.#constant(tensorOf("float32", [], [number]));
  }

  slice(from: string, axis: number, start: number, end: number): string {
    return this.op("Slice", [from, this.ints(start), this.ints(end), this.ints(axis)]);
  }

  /** Places above the threshold, [k, 1]. */
  above(scores: string): string {
    const mask = this.op("Greater", [scores, this.float(kept.confidence)]);
    return this.op("Transpose", [this.op("NonZero", [mask])], { perm: ints([1, 0]) });
  }

  /** Places that suppression leaves, [k], of boxes [n, 4], scores [n] and classes [n], which boxes are moved apart by. */
  suppressed(boxes: string, scores: string, labels: string): string {
    const most = this.op("Add", [
      this.op("ReduceMax", [boxes], { keepdims: int(0) }),
      this.float(1),
    ]);
    const offsets = this.op("Mul", [this.op("Cast", [labels], { to: int(1) }), most]);
    const apart = this.op("Add", [boxes, this.op("Unsqueeze", [offsets, this.ints(1)])]);
    const chosen = this.op("NonMaxSuppression", [
      this.op("Unsqueeze", [apart, this.ints(0)]),
      this.op("Unsqueeze", [scores, this.ints(0, 1)]),
      this.#constant(tensorOf("int64", [1], [1000])),
      this.#constant(tensorOf("float32", [1], [kept.overlap])),
    ]);
    const places = this.op("Gather", [chosen, this.ints(2)], { axis: int(1) });
    return this.op("Squeeze", [places, this.ints(1)]);
  }

  #name(): string {
    return `${this.#prefix}/${this.#count++}`;
  }

  #constant(value: Tensor): string {
    const name = this.#name();
    this.constants.set(name, value);
    return name;
  }
}

interface Head {
  readonly b: GraphBuilder;
  /** Scores before their sigmoid or softmax, [n, width]. */
  readonly logits: Value;
  /** [n, 4], about 0. */
  readonly changes: Value;
  /** Centre and size of each, [n, 4]. */
  readonly anchors: Value;
}

/** One map at stride 8 and two anchors a place; the picture comes without a batch where torchvision's do. */
function head({ seed, heightPx, widthPx }: Drawn, width: number, hasBatch: boolean): Head {
  const b = new GraphBuilder();
  const random = randomStream("suppressing", seed);
  const draw = (count: number, size: number) =>
    Array.from({ length: count }, () => size * random.normal());
  const x = b.input("images", hasBatch ? [1, 3, heightPx, widthPx] : [3, heightPx, widthPx]);
  const picture = hasBatch ? x : b.op("Unsqueeze", [x, b.ints([0])]);
  const weights = b.constant(draw(6 * 3 * 64, 0.1), [6, 3, 8, 8]);
  const map = b.op("Tanh", [b.op("Conv", [picture, weights], { strides: [8, 8] })]);
  const rows = (numbers: number, size: number) => {
    const conv = b.op("Conv", [map, b.constant(draw(12 * numbers, size), [2 * numbers, 6, 1, 1])]);
    const [, , h, w] = conv.dims as [number, number, number, number];
    const split = b.op("Reshape", [conv, b.ints([2, numbers, h, w])]);
    const last = b.op("Transpose", [split], { perm: [2, 3, 0, 1] });
    return b.op("Reshape", [last, b.ints([2 * h * w, numbers])]);
  };
  const [h, w] = [heightPx / 8, widthPx / 8];
  const anchors = Array.from({ length: 2 * h * w }, (_, i) => {
    const [place, side] = [Math.floor(i / 2), 10 + 6 * (i % 2)];
    return [8 * (place % w) + 4, 8 * Math.floor(place / w) + 4, side, side];
  });
  return {
    b,
    logits: rows(width, 2),
    changes: rows(4, 0.3),
    anchors: b.constant(anchors.flat(), [2 * h * w, 4]),
  };
}

/** Corners of anchors [n, 4] that are changed by [n, 4], wherever these were chosen. */
function decoded(t: Tail, changes: string, anchors: string): string {
  const part = (from: string, start: number) => t.slice(from, 1, start, start + 2);
  const [at, size] = [part(anchors, 0), part(anchors, 2)];
  const centre = t.op("Add", [at, t.op("Mul", [part(changes, 0), size])]);
  const half = t.op("Div", [t.op("Mul", [size, t.op("Exp", [part(changes, 2)])]), t.float(2)]);
  return t.op("Concat", [t.op("Sub", [centre, half]), t.op("Add", [centre, half])], {
    axis: int(1),
  });
}

/** A graph whose outputs are what the tail gives. */
function behind(graph: Graph, { nodes, constants }: Tail, outputs: readonly ValueInfo[]): Graph {
  return {
    ...graph,
    nodes: [...graph.nodes, ...nodes],
    initializers: new Map([...graph.initializers, ...constants]),
    outputs,
    shapes: new Map(),
  };
}

/** Three outputs under names that say what they are. */
function lists(t: Tail, [boxes, scores, labels]: readonly [string, string, string]) {
  const info = (
    from: string,
    name: string,
    type: "float32" | "int64",
    dims: (number | string)[],
  ) => {
    t.nodes.push(nodeOf("Identity", [from], name));
    return { name, type, dims };
  };
  return [
    info(boxes, "boxes", "float32", ["k", 4]),
    info(scores, "scores", "float32", ["k"]),
    info(labels, "labels", "int64", ["k"]),
  ];
}

/** torchvision's SSD: thresholds class by class, boxes that were decoded before, suppression in a branch for what is not empty. */
function ssd(drawn: Drawn): Graph {
  const { b, logits, changes, anchors } = head(drawn, drawn.classes + 1, false);
  const scores = b.op("Softmax", [logits], { axis: -1 });
  const graph = b.build();
  const t = new Tail();
  const all = decoded(t, changes.name, anchors.name);
  const found = Array.from({ length: drawn.classes }, (_, c) => {
    const own = t.op("Gather", [scores.name, t.int(c + 1)], { axis: int(1) });
    const places = t.above(own);
    const above = t.op("GatherND", [own, places]);
    const count = t.op("ReduceMin", [
      t.op("Concat", [t.ints(50), t.op("Shape", [above])], { axis: int(0) }),
    ]);
    const [values, indices] = t.topK(above, count);
    const boxes = t.op("Gather", [t.op("GatherND", [all, places]), indices], { axis: int(0) });
    const label: Attribute = { kind: "tensor", value: tensorOf("int64", [1], [c + 1]) };
    const labels = t.op("ConstantOfShape", [t.op("Shape", [values])], { value: label });
    return [boxes, values, labels] as const;
  });
  const joined = [0, 1, 2].map((i) =>
    t.op(
      "Concat",
      found.map((parts) => parts[i]!),
      { axis: int(0) },
    ),
  ) as [string, string, string];
  const full = new Tail("branch");
  const keep = full.suppressed(...joined);
  const none = new Tail("empty");
  const branch = (of: Tail, output: string): Attribute => ({
    kind: "graph",
    value: {
      ...graph,
      inputs: [],
      nodes: of.nodes,
      initializers: of.constants,
      outputs: [{ name: output, type: "int64", dims: ["k"] }],
      shapes: new Map(),
    },
  });
  const empty = none.op("Identity", [none.ints()]);
  const size = t.op("ReduceProd", [t.op("Shape", [joined[0]])], { keepdims: int(0) });
  const places = t.op("If", [t.op("Equal", [size, t.int(0)])], {
    then_branch: branch(none, empty),
    else_branch: branch(full, keep),
  });
  const best = t.slice(places, 0, 0, kept.limit);
  const chosen = joined.map((value) => t.op("Gather", [value, best], { axis: int(0) }));
  return behind(graph, t, lists(t, chosen as [string, string, string]));
}

/** torchvision's RetinaNet: thresholds over all scores at once, boxes that are decoded once they are chosen. */
function retinaNet(drawn: Drawn): Graph {
  const { b, logits, changes, anchors } = head(drawn, drawn.classes, false);
  const scores = b.op("Reshape", [b.op("Sigmoid", [logits]), b.ints([-1])]);
  const graph = b.build();
  const t = new Tail();
  const places = t.above(scores.name);
  const above = t.op("GatherND", [scores.name, places]);
  const count = t.op("Shape", [above]);
  const [values, indices] = t.topK(above, count);
  const chosen = t.op("Gather", [t.op("Squeeze", [places, t.ints(1)]), indices], { axis: int(0) });
  const of = t.op("Div", [chosen, t.int(drawn.classes)]);
  const labels = t.op("Mod", [chosen, t.int(drawn.classes)]);
  const own = [changes.name, anchors.name].map((value) =>
    t.op("Gather", [value, of], { axis: int(0) }),
  ) as [string, string];
  const boxes = decoded(t, ...own);
  const keep = t.slice(t.suppressed(boxes, values, labels), 0, 0, kept.limit);
  const left = [boxes, values, labels].map((value) =>
    t.op("Gather", [value, keep], { axis: int(0) }),
  );
  return behind(graph, t, lists(t, left as [string, string, string]));
}

/** Ultralytics' `nms=True`: the best class of each place, a threshold, and a table that is filled up with zeros, [1, k, 6]. */
function ultralytics(drawn: Drawn): Graph {
  const { b, logits, changes, anchors } = head(drawn, drawn.classes, true);
  const scores = b.op("Sigmoid", [logits]);
  const graph = b.build();
  const t = new Tail();
  const all = decoded(t, changes.name, anchors.name);
  const most = t.op("ReduceMax", [scores.name, t.ints(1)], { keepdims: int(0) });
  const named = t.op("ArgMax", [scores.name], { axis: int(1), keepdims: int(0) });
  const places = t.above(most);
  const [boxes, values, labels] = [all, most, named].map((value) =>
    t.op("GatherND", [value, places]),
  ) as [string, string, string];
  const keep = t.slice(t.suppressed(boxes, values, labels), 0, 0, kept.limit);
  const column = (value: string) =>
    t.op("Reshape", [t.op("Gather", [value, keep], { axis: int(0) }), t.ints(-1, 1)]);
  const classes = t.op("Cast", [column(labels)], { to: int(1) });
  const left = t.op("Gather", [boxes, keep], { axis: int(0) });
  const table = t.op("Concat", [left, column(values), classes], { axis: int(1) });
  const rows = t.slice(t.op("Shape", [table]), 0, 0, 1);
  const missing = t.op("Sub", [t.ints(kept.limit), rows]);
  const pads = t.op("Concat", [t.ints(0, 0), missing, t.ints(0)], { axis: int(0) });
  const full = t.op("Pad", [table, pads]);
  t.nodes.push(nodeOf("Unsqueeze", [full, t.ints(0)], "output0"));
  const made = behind(graph, t, [{ name: "output0", type: "float32", dims: [1, kept.limit, 6] }]);
  return { ...made, metadata: new Map([["task", "detect"]]) };
}

/** YOLOv7's `--end2end`: classes and objectness are multiplied, and places are chosen of all at once, [k, 7]. */
function yolov7(drawn: Drawn): Graph {
  const { b, logits, changes, anchors } = head(drawn, drawn.classes + 1, true);
  const [object, classes] = b.ops(
    "Split",
    [b.op("Sigmoid", [b.op("Unsqueeze", [logits, b.ints([0])])]), b.ints([1, drawn.classes])],
    2,
    { axis: 2 },
  );
  const scores = b.op("Mul", [classes!, object!]);
  const graph = b.build();
  const t = new Tail();
  const boxes = t.op("Unsqueeze", [decoded(t, changes.name, anchors.name), t.ints(0)]);
  const most = t.op("ReduceMax", [scores.name, t.ints(2)], { keepdims: int(1) });
  const named = t.op("ArgMax", [scores.name], { axis: int(2), keepdims: int(1) });
  const labels = t.op("Cast", [named], { to: int(1) });
  const apart = t.op("Add", [boxes, t.op("Mul", [labels, t.float(640)])]);
  const chosen = t.op("NonMaxSuppression", [
    apart,
    t.op("Transpose", [most], { perm: ints([0, 2, 1]) }),
    t.ints(kept.limit),
    t.float(kept.overlap),
    t.float(kept.confidence),
  ]);
  const places = t.op("Gather", [chosen, t.ints(0, 2)], { axis: int(1) });
  const left = [boxes, labels, most].map((value) => t.op("GatherND", [value, places]));
  const picture = t.op("Cast", [t.slice(chosen, 1, 0, 1)], { to: int(1) });
  t.nodes.push(nodeOf("Concat", [picture, ...left], "output", { axis: int(1) }));
  return behind(graph, t, [{ name: "output", type: "float32", dims: ["k", 7] }]);
}

/** Files that suppress boxes themselves, by who writes them so. */
export const suppressingNetworks: Readonly<Record<string, (drawn: Drawn) => Graph>> = {
  "torchvision's SSD": ssd,
  "torchvision's RetinaNet": retinaNet,
  "Ultralytics with nms=True": ultralytics,
  "YOLOv7 with --end2end": yolov7,
};
