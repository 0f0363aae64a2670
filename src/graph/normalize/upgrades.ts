/**
 * @file Older forms of operators, written as the next opset has them, up to opset 21. Facts: the ONNX
 * operator changelog (https://onnx.ai/onnx/operators); where it leaves room, what ONNX Runtime does.
 */
import { inputsFromInts, sliceBounds, splitSizes } from "./attribute-inputs.ts";
import { batchNormalization, perActivation } from "./batch-normalization.ts";
import { experimental, meanVarianceNormalization } from "./experimental.ts";
import { groupNormalization } from "./group-normalization.ts";
import { tensorOf } from "../tensor.ts";
import { resizeFromUpsample, resizeGaps, resizeWithRegion, upsampleScales } from "./resize.ts";
import type { Rewrite, RewriteTable } from "./rewrite.ts";
import { coercedSoftmax } from "./softmax.ts";

const clip: Rewrite = (to) => {
  const x = to.input(0);
  const bound = (name: string) =>
    to.attributes.has(name) ? to.number(to.attributes.float(name), x) : "";
  to.change({ inputs: [x, bound("min"), bound("max")], drop: ["min", "max"] });
};

/** Before 7 what was no test dropped. */
const dropout: Rewrite = (to) => {
  const ratio = to.number(to.attributes.float("ratio", 0.5), to.input(0));
  const isTraining = to.attributes.int("is_test", 1) === 0;
  const training = isTraining ? [to.constant(tensorOf("bool", [], [1]))] : [];
  to.change({ inputs: [to.input(0), ratio, ...training], drop: ["ratio", "is_test"] });
};

const pad: Rewrite = (to) => {
  const x = to.input(0);
  const pads = to.ints(to.attributes.ints("pads"));
  const value = to.number(to.attributes.float("value", 0), x);
  to.change({ inputs: [x, pads, value], drop: ["pads", "value"] });
};

const topK: Rewrite = (to) => {
  const k = to.ints([to.attributes.int("k")]);
  to.change({ inputs: [to.input(0), k], drop: ["k"] });
};

/** Until 15 corners of regions were not moved by half a pixel. */
const roiAlign: Rewrite = (to) =>
  to.change({ add: { coordinate_transformation_mode: "output_half_pixel" } });

const gridSample: Rewrite = (to) => {
  const mode = to.attributes.string("mode", "bilinear").replace(/^bi/, "");
  to.change({ add: { mode } });
};

const fourierTransform: Rewrite = (to) => {
  const axis = to.int(to.attributes.int("axis", 1));
  to.change({ inputs: [to.input(0), to.optionalInput(1), axis], drop: ["axis"] });
};

const axes = inputsFromInts(["axes"]);

/** THE tables: what changed with each opset after 7. */
export const upgrades: ReadonlyMap<number, RewriteTable> = new Map<number, RewriteTable>([
  [
    9,
    {
      BatchNormalization: perActivation,
      MeanVarianceNormalization: meanVarianceNormalization,
      Scan: (to) => to.refuse(),
      Upsample: upsampleScales,
    },
  ],
  [10, { ...experimental, Slice: sliceBounds, TopK: topK, Upsample: resizeFromUpsample }],
  [
    11,
    {
      Clip: clip,
      Pad: pad,
      Resize: resizeWithRegion,
      Scatter: (to) => to.change({ operator: "ScatterElements" }),
    },
  ],
  [12, { Dropout: dropout }],
  [
    13,
    {
      Hardmax: coercedSoftmax,
      LogSoftmax: coercedSoftmax,
      ReduceSum: axes,
      Resize: resizeGaps,
      Softmax: coercedSoftmax,
      Split: inputsFromInts(["split"]),
      Squeeze: axes,
      Unsqueeze: axes,
    },
  ],
  [14, { BatchNormalization: batchNormalization }],
  [16, { RoiAlign: roiAlign }],
  [
    18,
    {
      ReduceL1: axes,
      ReduceL2: axes,
      ReduceLogSum: axes,
      ReduceLogSumExp: axes,
      ReduceMax: axes,
      ReduceMean: axes,
      ReduceMin: axes,
      ReduceProd: axes,
      ReduceSumSquare: axes,
      Split: splitSizes,
    },
  ],
  [20, { DFT: fourierTransform, GridSample: gridSample }],
  [21, { GroupNormalization: groupNormalization }],
]);
