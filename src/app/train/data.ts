/** @file The data of a training run: drawn, MNIST's files, or a folder of photos. */
import { digits } from "../../drawn/digits.ts";
import { pets } from "../../drawn/pets.ts";
import { LimpidError } from "../../errors.ts";
import type { DataSplit } from "../../image/dataset.ts";
import { preprocessings, type Preprocessing } from "../../image/preprocess.ts";
import type { JobContext } from "../context.ts";
import { locatePlace } from "../open.ts";
import type { JobPlatform } from "../job-platform.ts";
import { fitPreprocessing, openDataFolder } from "./data-folder.ts";
import { holdsMnist, readMnist } from "./mnist-files.ts";
import type { TrainingRecipe } from "./recipe.ts";
import type { TaskName } from "./tasks.ts";

/** A data set: drawn, or a folder. */
export type DataPlace =
  | { readonly task: "digits" }
  | { readonly task: "pets" }
  | { readonly task: Exclude<TaskName, "digits" | "pets">; readonly path: string };

/** What a user means by a name or a path. Throws as the platform's `locate`. */
export async function dataPlaceOf(asked: string, context: JobContext): Promise<DataPlace> {
  const { platform } = context;
  const isDrawn = asked === "digits" || asked === "pets";
  if (isDrawn && !(await platform.find(asked))) return { task: asked };
  const { path, from } = await locatePlace(asked, context);
  if (from !== "disk" && asked === "cats-dogs") return { task: asked, path };
  return { task: (await holdsMnist(platform, path)) ? "mnist" : "folder", path };
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
  platform: Pick<JobPlatform, "find" | "list" | "readBytes" | "readPicture" | "protect">,
  place: DataPlace,
  { seed, dims, fit }: Pick<TrainingRecipe, "seed" | "dims" | "fit">,
  wanted?: Preprocessing,
): Promise<OpenedData> {
  if (place.task === "digits" || place.task === "mnist") {
    const grey: Preprocessing = { ...preprocessings.unit, channels: "grey", cropShare: 1 };
    const data = place.task === "digits" ? digits(seed) : await readMnist(platform, place.path);
    return { data, preprocessing: wanted ?? grey };
  }
  const preprocessing = { ...fitPreprocessing(fit), ...arithmeticOf(wanted ?? centred) };
  if (place.task === "pets") return { data: pets(seed, undefined, dims), preprocessing };
  const [channels, height, width] = dims;
  const options = { dims: [channelsOf(channels), height, width], fit, seed } as const;
  const data = await openDataFolder(platform, place.path, options);
  for (const { length, title } of [data.training, data.heldOut]) {
    platform.protect(Array.from({ length }, (_, i) => title(i)));
  }
  return { data, preprocessing };
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
