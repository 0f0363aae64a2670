/** @file Older forms of operators, written as opset 21 has them. Facts: ONNX operator changelog. */
import type { Node } from "../graph.ts";
import { toNumbers } from "../tensor.ts";
import type { NodeRewriter, Rewrite } from "./rewrite.ts";

/** `rewrite` applies to models of an opset before `until`. */
export interface Upgrade {
  readonly until: number;
  readonly rewrite: Rewrite;
}

/** Attributes that became inputs, in the order of the inputs. */
function intsToInputs(names: readonly string[]): Rewrite {
  return (node, to, attributes) => {
    const moved = names.map((name) =>
      attributes.has(name) ? to.ints(node, attributes.ints(name)) : "",
    );
    if (moved.every((input) => input === "")) to.keep(node);
    else to.change(node, { inputs: [node.inputs[0]!, ...moved], drop: names });
  };
}

const axesToInput = intsToInputs(["axes"]);

/** Before 18, reductions but ReduceSum (before 13) had their axes as an attribute. */
const reduction: Upgrade = { until: 18, rewrite: axesToInput };

const clip: Rewrite = (node, to, attributes) => {
  const bound = (name: string) =>
    attributes.has(name) ? to.scalar(node, attributes.float(name)) : "";
  to.change(node, {
    inputs: [node.inputs[0]!, bound("min"), bound("max")],
    drop: ["min", "max"],
  });
};

const slice: Rewrite = (node, to, attributes) => {
  const starts = attributes.ints("starts");
  const axes = attributes.ints(
    "axes",
    starts.map((_, i) => i),
  );
  const lists = [starts, attributes.ints("ends"), axes].map((list) => to.ints(node, list));
  to.change(node, { inputs: [node.inputs[0]!, ...lists], drop: ["starts", "ends", "axes"] });
};

const pad: Rewrite = (node, to, attributes, version) => {
  if (version >= 11) {
    to.keep(node);
    return;
  }
  const pads = to.ints(node, attributes.ints("pads"));
  const value = to.scalar(node, attributes.float("value", 0));
  to.change(node, { inputs: [node.inputs[0]!, pads, value], drop: ["pads", "value"] });
};

const dropout: Rewrite = (node, to) => {
  to.change(node, { drop: ["ratio", "is_test"] });
};

const topK: Rewrite = (node, to, attributes) => {
  if (!attributes.has("k")) {
    to.keep(node);
    return;
  }
  const k = to.ints(node, [attributes.int("k")]);
  to.change(node, { inputs: [node.inputs[0]!, k], drop: ["k"] });
};

/** Before 13, the axes from `axis` on were taken as one. */
const flattenedSoftmax: Rewrite = (node, to, attributes) => {
  const axis = attributes.int("axis", 1);
  const [x] = node.inputs as [string];
  const shape = to.add(node, "Shape", [x]);
  const flat = to.add(node, "Flatten", [x], { axis });
  const result = to.add(node, node.operator, [flat], { axis: -1 });
  to.add(node, "Reshape", [result, shape], {}, node.outputs[0]);
};

/** Upsample, and Resize before 11: corners of pixels at whole places. */
const upsample: Rewrite = (node, to, attributes) => {
  const mode = attributes.string("mode", "nearest");
  const scales =
    node.inputs[1] ??
    to.constant(node, {
      type: "float32",
      dims: [attributes.floats("scales").length],
      data: Float32Array.from(attributes.floats("scales")),
    });
  to.change(node, {
    operator: "Resize",
    inputs: [node.inputs[0]!, "", scales],
    drop: ["scales", "mode"],
    add: {
      mode: mode === "bilinear" ? "linear" : mode,
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    },
  });
};

const resize: Rewrite = (node, to, attributes, version) => {
  if (version < 11) upsample(node, to, attributes, version);
  else dropEmptyInputs(node, to);
};

/** Resize-11 and -12 wanted empty tensors where later versions take a gap. */
function dropEmptyInputs(node: Node, to: NodeRewriter): void {
  const inputs = node.inputs.map((input, i) =>
    i > 0 && to.constantOf(input)?.data.length === 0 ? "" : input,
  );
  to.change(node, { inputs });
}

const split: Rewrite = (node, to, attributes, version) => {
  if (version < 13 && attributes.has("split")) {
    const sizes = to.ints(node, attributes.ints("split"));
    to.change(node, { inputs: [node.inputs[0]!, sizes], drop: ["split"] });
  } else if (node.inputs[1]) {
    to.keep(node);
  } else {
    to.change(node, { add: { num_outputs: node.outputs.length } });
  }
};

const batchNormalization: Rewrite = (node, to) => {
  // Versions before 9 could normalise every element on its own (spatial = 0); nothing exports that.
  // Outputs past the first belonged to training and are not computed in inference.
  const { outputs } = node;
  to.change({ ...node, outputs: outputs.slice(0, 1) }, { drop: ["spatial", "is_test"] });
};

const gridSample: Rewrite = (node, to, attributes) => {
  const mode = attributes.string("mode", "bilinear").replace(/^bi/, "");
  to.change(node, { drop: ["mode"], add: { mode } });
};

/** Until 20 the scale and bias of GroupNormalization were one number a group, now one a channel. */
const groupNormalization: Rewrite = (node, to) => {
  const [x, scale, bias] = node.inputs as [string, string, string];
  const channels = to.add(node, "Gather", [to.add(node, "Shape", [x]), to.ints(node, [1])], {});
  const groups = to.add(node, "Shape", [scale]);
  const repeats = to.add(node, "Div", [channels, groups]);
  const perChannel = (values: string) => {
    const column = to.add(node, "Unsqueeze", [values, to.ints(node, [1])]);
    const one = to.ints(node, [1]);
    const tiled = to.add(node, "Tile", [
      column,
      to.add(node, "Concat", [one, repeats], { axis: 0 }),
    ]);
    return to.add(node, "Reshape", [tiled, to.ints(node, [-1])]);
  };
  to.change(node, { inputs: [x, perChannel(scale), perChannel(bias)] });
};

const scatter: Rewrite = (node, to) => to.change(node, { operator: "ScatterElements" });

const oneHotDepth: Rewrite = (node, to) => {
  const depth = to.constantOf(node.inputs[1]);
  if (!depth) to.keep(node);
  else {
    const ints = to.ints(node, toNumbers(depth).map(Math.trunc));
    to.change(node, { inputs: [node.inputs[0]!, ints, node.inputs[2]!] });
  }
};

/** THE table of older forms. */
export const upgrades: Readonly<Record<string, Upgrade>> = {
  BatchNormalization: { until: 14, rewrite: batchNormalization },
  Clip: { until: 11, rewrite: clip },
  Dropout: { until: 12, rewrite: dropout },
  GridSample: { until: 20, rewrite: gridSample },
  GroupNormalization: { until: 21, rewrite: groupNormalization },
  Hardmax: { until: 13, rewrite: flattenedSoftmax },
  LogSoftmax: { until: 13, rewrite: flattenedSoftmax },
  OneHot: { until: 11, rewrite: oneHotDepth },
  Pad: { until: 18, rewrite: pad },
  ReduceL1: reduction,
  ReduceL2: reduction,
  ReduceLogSum: reduction,
  ReduceLogSumExp: reduction,
  ReduceMax: reduction,
  ReduceMean: reduction,
  ReduceMin: reduction,
  ReduceProd: reduction,
  ReduceSum: { until: 13, rewrite: axesToInput },
  ReduceSumSquare: reduction,
  Resize: { until: 13, rewrite: resize },
  Scatter: { until: 11, rewrite: scatter },
  Slice: { until: 10, rewrite: slice },
  Softmax: { until: 13, rewrite: flattenedSoftmax },
  Split: { until: 18, rewrite: split },
  Squeeze: { until: 13, rewrite: axesToInput },
  TopK: { until: 10, rewrite: topK },
  Unsqueeze: { until: 13, rewrite: axesToInput },
  Upsample: { until: Number.POSITIVE_INFINITY, rewrite: upsample },
};
