/** @file The data of a training run: drawn, MNIST's files, or a folder of photos. */
import { digits } from "../../drawn/digits.ts";
import { pets } from "../../drawn/pets.ts";
import { shapeScenes } from "../../drawn/shapes.ts";
import { LimpidError } from "../../errors.ts";
import type { DataSplit } from "../../image/dataset.ts";
import { preprocessings, type Preprocessing } from "../../image/preprocess.ts";
import { option, say } from "../../wording/face.ts";
import type { JobContext } from "../context.ts";
import { locatePlace } from "../open.ts";
import type { JobPlatform } from "../job-platform.ts";
import { fitPreprocessing, openDataFolder } from "./data-folder.ts";
import { holdsMnist, readMnist } from "./mnist-files.ts";
import type { TrainingRecipe } from "./recipe.ts";
import { drawnTasks, questions, type QuestionName, type TaskName } from "./tasks.ts";

type DrawnTask = Exclude<TaskName, FolderTask>;
type FolderTask = "mnist" | "cats-dogs" | "folder";

/** A data set: drawn, or a folder. */
export type DataPlace =
  | { readonly task: DrawnTask; readonly question: QuestionName }
  | { readonly task: FolderTask; readonly question: "classify"; readonly path: string };

/**
 * What a user means by a name or a path, and what is learned of it. Throws as the platform's `locate`, and
 * `bad-option` for a question that the data do not answer.
 */
export async function dataPlaceOf(
  asked: string,
  question: QuestionName | undefined,
  context: JobContext,
): Promise<DataPlace> {
  const { platform } = context;
  if (Object.hasOwn(drawnTasks, asked) && !(await platform.find(asked))) {
    return drawnPlace(asked as keyof typeof drawnTasks, question);
  }
  if (question !== undefined && question !== "classify")
    throw unanswered(asked, question, ["classify"]);
  const { path, from } = await locatePlace(asked, context);
  if (from !== "disk" && asked === "cats-dogs") return { task: asked, question: "classify", path };
  const task = (await holdsMnist(platform, path)) ? "mnist" : "folder";
  return { task, question: "classify", path };
}

function drawnPlace(name: keyof typeof drawnTasks, asked: QuestionName | undefined): DataPlace {
  const tasks: Partial<Record<QuestionName, DrawnTask>> = drawnTasks[name];
  const known = questions.filter((one) => tasks[one] !== undefined);
  const question = asked ?? known[0]!;
  const task = tasks[question];
  if (task !== undefined) return { task, question };
  throw unanswered(name, question, known);
}

function unanswered(
  data: string,
  question: QuestionName,
  known: readonly QuestionName[],
): LimpidError {
  return new LimpidError(
    "bad-option",
    say`train: ${option("task")} of "${data}" must be ${known.join(" or ")}, got ${question}. its pictures have no other labels.`,
  );
}

/** Data, and how pictures of users become what a network learns from. */
export interface OpenedData {
  readonly data: DataSplit;
  readonly preprocessing: Preprocessing;
}

/**
 * Opens the data of a recipe; `wanted` is what a model that is fine-tuned wants, also of drawn pictures.
 * Throws `bad-file` for folders and files that hold no data set.
 */
export async function openData(
  platform: DataReader,
  place: DataPlace,
  { seed, dims, fit }: Pick<TrainingRecipe, "seed" | "dims" | "fit">,
  wanted?: Preprocessing,
): Promise<OpenedData> {
  const grey: Preprocessing = { ...preprocessings.unit, channels: "grey", cropShare: 1 };
  const preprocessing = { ...fitPreprocessing(fit), ...arithmeticOf(wanted ?? centred) };
  switch (place.task) {
    case "digits":
      return { data: digits(seed), preprocessing: wanted ?? grey };
    case "mnist":
      return { data: await readMnist(platform, place.path), preprocessing: wanted ?? grey };
    case "pets":
      return { data: pets(seed, undefined, dims), preprocessing };
    case "shapes-segment":
      return { data: shapeScenes("places", seed, dims, segmentedScenes), preprocessing };
    case "shapes-detect":
      return { data: shapeScenes("boxes", seed, dims), preprocessing };
    case "cats-dogs":
    case "folder":
      return { data: await folderOf(platform, place.path, { seed, dims, fit }), preprocessing };
  }
}

/** A class at every place is more to learn than a few boxes. */
const segmentedScenes = { training: 8000, heldOut: 500 } as const;

type DataReader = Pick<JobPlatform, "find" | "list" | "readBytes" | "readPicture" | "protect">;

/** A folder of photos, which are never written over. */
async function folderOf(
  platform: DataReader,
  path: string,
  { seed, dims, fit }: Pick<TrainingRecipe, "seed" | "dims" | "fit">,
): Promise<DataSplit> {
  const [channels, height, width] = dims;
  const options = { dims: [channelsOf(channels), height, width], fit, seed } as const;
  const data = await openDataFolder(platform, path, options);
  for (const { length, title } of [data.training, data.heldOut]) {
    platform.protect(Array.from({ length }, (_, i) => title(i)));
  }
  return data;
}

function channelsOf(channels: number): 1 | 3 {
  if (channels === 1 || channels === 3) return channels;
  throw new LimpidError(
    "bad-option",
    `train: a network of photos must take 1 or 3 channels, got ${channels}. choose another model.`,
  );
}

/** Photos about 0 with a standard deviation near 1, from which networks without normalisation learn sooner. */
const centred: Preprocessing = {
  ...preprocessings.unit,
  name: "centred",
  mean: [0.5],
  std: [0.25],
};

/** All of a preprocessing but how pictures are fitted. */
function arithmeticOf({ name, channels, scale, mean, std }: Preprocessing) {
  return { name, channels, scale, mean, std };
}
