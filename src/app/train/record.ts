/** @file The record of a training run, as schemas: what `limpid train --json` prints and `history.json` holds. */
import * as v from "valibot";
import { described, index, type Recorded } from "../../wording/record-schema.ts";
import { trainingRecipeSchema } from "./recipe.ts";

const loss = described(v.number(), "mean over the pictures");
const accuracy = described(
  v.number(),
  "share of the pictures (of a segmenter the places, of a detector the objects) whose class is found",
);
const quality = v.exactOptional(
  described(
    v.number(),
    "of a segmenter mean intersection over union of the classes, of a detector mean average precision at an overlap of 0.5",
  ),
);

const score = v.strictObject({ loss, accuracy, examples: index("pictures"), quality });

const epoch = v.strictObject({
  epoch: index("number of the epoch, from 1"),
  rate: described(v.number(), "learning rate of its last step"),
  training: described(score, "on the training data, each batch before its own step"),
  heldOut: described(score, "on the held-out data, after the epoch"),
  seconds: described(v.number(), "time of the epoch, evaluation included"),
  stepSeconds: described(v.number(), "time of it inside training steps"),
});

/** What `history.json` holds. */
export const trainingRecordSchema = v.strictObject({
  recipe: described(trainingRecipeSchema, "everything that makes the run again"),
  bestEpoch: index("the epoch whose network is in model.onnx"),
  accuracy: described(accuracy, "of that network on the held-out data"),
  loss: described(loss, "of that network on the held-out data"),
  quality: v.exactOptional(
    described(
      v.strictObject({
        measure: described(v.picklist(["mean IoU", "mAP50"]), "what is measured"),
        value: described(v.number(), "mean over the classes, in 0..1"),
        classes: described(v.array(v.nullable(v.number())), "of each class"),
      }),
      "how good a segmenter or detector is on the held-out data",
    ),
  ),
  confusion: described(
    v.array(v.array(index("pictures"))),
    "held-out pictures (places; objects, with a last row and column for nothing): a row for each true class, a column for each found one",
  ),
  history: described(v.array(epoch), "one an epoch"),
});

export type TrainingRecord = Recorded<typeof trainingRecordSchema>;

/** What `limpid train --json` prints. */
export const trainingSummarySchema = v.strictObject({
  model: described(v.string(), "path of the trained network"),
  parameters: index("numbers that are trained or were frozen"),
  epochs: index("epochs in all"),
  loss: described(loss, "of the best epoch on the held-out data"),
  accuracy: described(accuracy, "of the best epoch on the held-out data"),
  quality,
  seconds: described(v.number(), "time of all epochs"),
});

export type TrainingSummary = Recorded<typeof trainingSummarySchema>;
