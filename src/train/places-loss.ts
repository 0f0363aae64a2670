/** @file The loss of segmenters: how wrong the class of every place is. */
import type { GraphBuilder, Value } from "../graph/builder.ts";
import type { LabelForm } from "../image/dataset.ts";
import type { Loss, LossOptions } from "./losses.ts";
import { smoothingOf } from "./smoothing.ts";

/** Mean over the places of -sum over classes of t log(softmax(z)), where t is 1 at the label, smoothed as asked. */
export function placesCrossEntropy(labelForm: LabelForm, options: LossOptions = {}): Loss {
  const smoothing = smoothingOf("placesCrossEntropy", options);
  return {
    name: "places-cross-entropy",
    labelForm,
    build: (b, logits, labels) => {
      const classes = logits.dims[1]!;
      const elsewhere = smoothing / classes;
      const target = b.where(
        isLabel(b, logits, labels),
        b.scalar(1 - smoothing + elsewhere),
        b.scalar(elsewhere),
      );
      const logarithms = b.op("LogSoftmax", [logits], { axis: 1 });
      const each = b.reduceSum(b.mul(target, logarithms), [1], false);
      return b.neg(b.reduceMean(each, [1, 2], false));
    },
    found: (b, logits, labels) => {
      const isRight = b.op("Equal", [placesFound(b, logits), labels]);
      return b.reduceMean(b.cast(isRight, "float32"), [1, 2], false);
    },
  };
}

/** The class that is found at each place, [N, H, W], int32, from logits [N, classes, H, W]. */
export function placesFound(b: GraphBuilder, logits: Value): Value {
  return b.cast(b.op("ArgMax", [logits], { axis: 1, keepdims: 0 }), "int32");
}

/** [N, classes, H, W]. */
function isLabel(b: GraphBuilder, logits: Value, labels: Value): Value {
  const [batch, classes, height, width] = logits.dims as [number, number, number, number];
  const numbers = Array.from({ length: classes }, (_, i) => i);
  return b.op("Equal", [
    b.reshape(labels, [batch, 1, height, width]),
    b.constant(numbers, [1, classes, 1, 1], "int32"),
  ]);
}
