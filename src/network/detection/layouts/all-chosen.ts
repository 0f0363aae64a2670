/** @file Networks that suppress boxes themselves, read before they do: all proposals with a score and a class each. */
import { preprocessings } from "../../../image/preprocess.ts";
import { say } from "../../../wording/face.ts";
import { proposals } from "../all-proposals.ts";
import { boxUnit } from "../box-unit.ts";
import type { DetectionLayout } from "../layout.ts";
import { numbersFrom } from "../numbers.ts";

export const allChosen: DetectionLayout = {
  networks:
    "files with NonMaxSuppression: SSD, RetinaNet and FCOS of torchvision, Ultralytics' `nms=True`, YOLOv7's `--end2end`",
  outputs:
    "boxes [k, 4], scores [k], labels [k], or a table of them; read before any is left out: left, top, right, bottom in pixels, a score, a class",
  preparation: { ...preprocessings.unit, resize: "stretch" },
  find(facts) {
    const scores = facts.outputs.find(({ name }) => name === proposals.scores);
    const predictions = scores?.dims[1];
    if (predictions === undefined) return undefined;
    const { unit, words } = boxUnit(facts.seen, "pixels");
    const column = (value: string) => numbersFrom({ value, predictions, width: 1 }, 0);
    return {
      output: proposals.scores,
      isAssumed: false,
      ...(facts.told.isDetector ? { preparation: preprocessings.letterbox } : {}),
      reading: {
        predictions,
        classes: undefined,
        scores: column(proposals.scores),
        scoreCount: 1,
        activation: undefined,
        labels: column(proposals.labels),
        boxes: {
          ...numbersFrom({ value: proposals.boxes, predictions, width: 4 }, 0),
          form: "corners",
          ...unit,
        },
        isSuppressed: false,
        notes: [
          say`the file suppresses boxes itself (NonMaxSuppression): here all its ${predictions} proposals are read, and suppressed as asked; their sides are assumed to be left, top, right and bottom ${words}, and classes are told as the file counts them`,
        ],
      },
    };
  },
};
