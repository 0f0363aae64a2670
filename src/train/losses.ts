/** @file Losses as graph pieces: from logits and the class of each example to one number an example. */
import { LimpidError } from "../errors.ts";
import type { GraphBuilder, Value } from "../graph/builder.ts";
import type { LabelForm } from "../image/dataset.ts";
import { boxLoss } from "./box-loss.ts";
import { placesCrossEntropy } from "./places-loss.ts";
import { smoothingOf } from "./smoothing.ts";
import type { CellBoxes, TrainableNetwork } from "./trainable-network.ts";

/** What training makes small. */
export interface Loss {
  readonly name: string;
  /** Of the labels of one example; a class by default. */
  readonly labelForm?: LabelForm;
  /**
   * The loss of each example, [N], from logits [N, classes] ([N, 1] of one unit) and labels [N], int32; with a
   * `labelForm` from logits [N, classes, ...] and labels [N, ...dims], and a detector's boxes. Throws `bad-option`
   * for a network that it does not suit.
   */
  build(b: GraphBuilder, logits: Value, labels: Value, boxes?: CellBoxes): Value;
  /** With a `labelForm`: the share of its places or objects whose class is found in each example, [N]. */
  found?(b: GraphBuilder, logits: Value, labels: Value, boxes?: CellBoxes): Value;
}

export interface LossOptions {
  /** Share of the target that is given evenly over all classes (Szegedy et al. 2016), in 0..1; 0 by default. */
  readonly labelSmoothing?: number;
}

/** -sum over classes of t log(softmax(z)), where t is 1 at the label, smoothed as asked. */
export function crossEntropy(options: LossOptions = {}): Loss {
  const smoothing = smoothingOf("crossEntropy", options);
  return {
    name: "cross-entropy",
    build: (b, logits, labels) => {
      const target = classTargets(b, "cross-entropy", logits, labels, smoothing);
      const logarithms = b.op("LogSoftmax", [logits], { axis: 1 });
      return b.neg(b.reduceSum(b.mul(target, logarithms), [1], false));
    },
  };
}

/** -(t log(s) + (1 - t) log(1 - s)) with s = sigmoid(z), as softplus(z) - t z, which never overflows. */
export function binaryCrossEntropy(options: LossOptions = {}): Loss {
  const smoothing = smoothingOf("binaryCrossEntropy", options);
  return {
    name: "binary-cross-entropy",
    build: (b, logits, labels) => {
      if (logits.dims[1] !== 1) {
        throw new LimpidError(
          "bad-option",
          `binary-cross-entropy: the network must end in one unit, got ${logits.dims[1]}. use cross-entropy.`,
        );
      }
      const each = [logits.dims[0]!];
      const z = b.reshape(logits, each);
      const target = unitTargets(b, labels, smoothing);
      return b.sub(b.op("Softplus", [z]), b.mul(target, z));
    },
  };
}

/** Mean over the classes of (p - t)^2, where p is softmax(z) (sigmoid(z) of one unit): the score of Brier (1950). */
export function meanSquaredError(): Loss {
  return {
    name: "mean-squared-error",
    build: (b, logits, labels) => {
      const unit = logits.dims[1] === 1;
      const target = unit
        ? b.reshape(unitTargets(b, labels, 0), logits.dims)
        : classTargets(b, "mean-squared-error", logits, labels, 0);
      const p = unit ? b.op("Sigmoid", [logits]) : b.op("Softmax", [logits], { axis: 1 });
      const difference = b.sub(p, target);
      return b.reduceMean(b.mul(difference, difference), [1], false);
    },
  };
}

/** The loss that fits what a network tells, and of a classifier its own activation. */
export function lossOf(
  network: Pick<TrainableNetwork, "activation" | "answers">,
  options?: LossOptions,
  labelForm?: LabelForm,
): Loss {
  const { answers = "class" } = network;
  if (answers !== (labelForm?.kind ?? "class")) {
    throw new LimpidError(
      "bad-option",
      `train: a network that tells ${answers} must be given labels of such, got labels of ${labelForm?.kind ?? "class"}. choose another network.`,
    );
  }
  if (labelForm?.kind === "places") return placesCrossEntropy(labelForm, options);
  if (labelForm?.kind === "boxes") return boxLoss(labelForm);
  return network.activation === "sigmoid" ? binaryCrossEntropy(options) : crossEntropy(options);
}

/** 1 - s + s / classes at the label, s / classes elsewhere, [N, classes]. */
function classTargets(
  b: GraphBuilder,
  loss: string,
  logits: Value,
  labels: Value,
  smoothing: number,
): Value {
  const [batch, classes] = logits.dims as [number, number];
  if (classes === 1) {
    throw new LimpidError(
      "bad-option",
      `${loss}: the network must have two classes or more, got one unit. use binary-cross-entropy.`,
    );
  }
  const numbers = Array.from({ length: classes }, (_, i) => i);
  const isLabel = b.op("Equal", [
    b.reshape(labels, [batch, 1]),
    b.constant(numbers, [1, classes], "int32"),
  ]);
  const elsewhere = smoothing / classes;
  return b.where(isLabel, b.scalar(1 - smoothing + elsewhere), b.scalar(elsewhere));
}

/** 1 - s / 2 for class 1 and s / 2 for class 0, [N]. */
function unitTargets(b: GraphBuilder, labels: Value, smoothing: number): Value {
  const label = b.cast(labels, "float32");
  if (smoothing === 0) return label;
  return b.add(b.scale(label, 1 - smoothing), b.scalar(smoothing / 2));
}
