/** @file TensorFlow's detection outputs: boxes [1, k, 4] with y before x as shares, classes, scores and how many there are. */
import { preprocessings } from "../../../image/preprocess.ts";
import type { DetectionLayout, LayoutFacts, SizedOutput } from "../layout.ts";
import type { Numbers } from "../detection.ts";
import { numbersFrom } from "../numbers.ts";
import { say } from "../../../wording/face.ts";

export const listedBoxes: DetectionLayout = {
  networks: "TensorFlow's object detection (SSD, EfficientDet, Faster R-CNN)",
  outputs:
    "detection_boxes [1, k, 4] (top, left, bottom, right as shares), detection_classes, detection_scores [1, k]; nothing is suppressed",
  preparation: { ...preprocessings.none, resize: "stretch" },
  find(facts) {
    const boxes = namedOutput(facts, /detection_boxes/, 3);
    const scores = namedOutput(facts, /detection_scores/, 2);
    const labels = namedOutput(facts, /detection_classes/, 2);
    if (!boxes || !scores || !labels) return undefined;
    const predictions = scores.dims[1]!;
    return {
      output: scores.name,
      isAssumed: false,
      reading: {
        predictions,
        classes: undefined,
        scores: columnOf(scores),
        scoreCount: 1,
        activation: undefined,
        labels: columnOf(labels),
        boxes: {
          ...numbersFrom({ value: boxes.name, predictions, width: 4 }, 0),
          form: "corners, y first",
          areShares: true,
          isUnitTold: true,
        },
        isSuppressed: true,
        notes: [
          say`classes of "${labels.name}" are told as the file counts them, from 1 more often than not`,
        ],
      },
    };
  },
};

function namedOutput(
  { outputs }: LayoutFacts,
  name: RegExp,
  axes: number,
): SizedOutput | undefined {
  return outputs.find((output) => name.test(output.name) && output.dims.length === axes);
}

function columnOf({ name, dims }: SizedOutput): Numbers {
  return numbersFrom({ value: name, predictions: dims[1]!, width: 1 }, 0);
}
