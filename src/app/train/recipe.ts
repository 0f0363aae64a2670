/** @file The recipe of a training run: everything that makes it again. */
import * as v from "valibot";
import { LimpidError } from "../../errors.ts";
import { option, say } from "../../wording/face.ts";
import { described, index, type Recorded } from "../../wording/record-schema.ts";
import { trainingOptions } from "./options.ts";
import { jsonText } from "../../wording/shown-text.ts";
import { readJson } from "../../wording/read-json.ts";

/** A recipe; `recipe.json` holds it, and so do the record of a run and the model that comes of it. */
export const trainingRecipeSchema = v.object({
  data: described(v.string(), "the data set as it was asked for"),
  task: v.exactOptional(
    described(v.picklist(trainingOptions.task.choices), "what is learned of them, if not a class"),
  ),
  arch: described(v.string(), "the ready network, or the file with its layers"),
  from: v.exactOptional(described(v.string(), "the model that was fine-tuned")),
  freeze: v.exactOptional(described(v.string(), "the last layer of it that stayed as it was")),
  epochs: index("passes over the training data"),
  batch: index("pictures a step"),
  optimizer: described(v.picklist(trainingOptions.optimizer.choices), "what follows the gradient"),
  lr: described(v.number(), "learning rate"),
  schedule: described(v.picklist(trainingOptions.schedule.choices), "how the rate changes"),
  weightDecay: described(v.number(), "how strongly kernels are shrunk"),
  labelSmoothing: described(v.number(), "share of certainty taken from the labels"),
  augment: described(v.picklist(trainingOptions.augment.choices), "how pictures are varied"),
  fit: described(v.picklist(trainingOptions.fit.choices), "how photos are fitted"),
  dims: described(
    v.strictTuple([index("channels"), index("rows"), index("columns")]),
    "[C, H, W] of a picture",
  ),
  seed: index("where randomness starts"),
  versions: described(
    v.record(v.string(), v.string()),
    "of the program, its runtime and what it runs on",
  ),
});

export type TrainingRecipe = Recorded<typeof trainingRecipeSchema>;

/** The recipe as text that ends in a line break. */
export function formatTrainingRecipe(recipe: TrainingRecipe): string {
  return `${jsonText(recipe, 2)}\n`;
}

/** The recipe of a text. Throws `bad-file` if it is none; `path` is for messages. */
export function parseTrainingRecipe(text: string, path: string): TrainingRecipe {
  const read = readJson(text);
  if ("fault" in read) throw badRecipe(path, `be JSON, got ${read.fault}`);
  const parsed = v.safeParse(trainingRecipeSchema, read.value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue) ?? "it";
  throw badRecipe(path, `hold the recipe of a training run, got ${issue.received} at "${field}"`);
}

function badRecipe(path: string, must: string): LimpidError {
  return new LimpidError(
    "bad-file",
    say`train: "${path}" must ${must}. choose another folder with ${option("out")}.`,
  );
}

/** Throws `bad-option` if two recipes are not of the same run; the versions may differ. */
export function requireSameRun(
  stored: TrainingRecipe,
  asked: TrainingRecipe,
  folder: string,
): void {
  const names = Object.keys(trainingRecipeSchema.entries) as (keyof TrainingRecipe)[];
  const text = (recipe: TrainingRecipe, name: keyof TrainingRecipe) =>
    JSON.stringify(recipe[name]) ?? "nothing";
  const other = names.find(
    (name) => name !== "versions" && text(stored, name) !== text(asked, name),
  );
  if (other === undefined) return;
  throw new LimpidError(
    "bad-option",
    say`train: the run in the folder "${folder}" must have the same options, got ${other} ${text(asked, other)} where it had ${text(stored, other)}. repeat its options, or choose another folder with ${option("out")}.`,
  );
}
