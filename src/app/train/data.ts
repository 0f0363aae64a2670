/** @file The data of a training run: drawn, MNIST's files, or a folder of photos. */
import { locatePlace } from "../bridge.ts";
import { existsSync } from "node:fs";
import { preprocessings, type Preprocessing } from "../../image/preprocess.ts";
import { fitPreprocessing, openDataFolder } from "./data-folder.ts";
import { holdsMnist, readMnist } from "./mnist-files.ts";
import type { TrainingRecipe } from "./folder.ts";
import type { DataSplit } from "../../image/dataset.ts";
import { digits } from "../../drawn/digits.ts";
import { pets } from "../../drawn/pets.ts";
import type { CommandIo } from "../../cli/io.ts";
import type { TaskName } from "./tasks.ts";

/** A data set: drawn, or a folder. */
export interface DataPlace {
  readonly task: TaskName;
  readonly path?: string;
}

const drawnTasks: readonly string[] = ["digits", "pets"];

/** What a user means by a name or a path. Throws as `locate`. */
export async function dataPlaceOf(
  asked: string,
  offline: boolean,
  io: CommandIo,
): Promise<DataPlace> {
  if (!existsSync(asked) && drawnTasks.includes(asked)) return { task: asked as TaskName };
  const { path, from } = await locatePlace(asked, offline, io);
  if (from !== "disk" && asked === "cats-dogs") return { task: asked, path };
  return { task: holdsMnist(path) ? "mnist" : "folder", path };
}

/** Data, and how pictures of users become what a network learns from. */
export interface OpenedData {
  readonly data: DataSplit;
  readonly preprocessing: Preprocessing;
}

/**
 * Opens the data of a recipe; `how` is what a model that is trained further wants, also of drawn pictures.
 * Throws `bad-file` for folders and files that hold no data set.
 */
export async function openData(
  { task, path }: DataPlace,
  { seed, dims, fit }: Pick<TrainingRecipe, "seed" | "dims" | "fit">,
  how?: Preprocessing,
): Promise<OpenedData> {
  const grey: Preprocessing = { ...preprocessings.unit, channels: "grey", cropShare: 1 };
  if (task === "digits") return { data: digits(seed), preprocessing: how ?? grey };
  if (task === "mnist") return { data: await readMnist(path!), preprocessing: how ?? grey };
  const fitted = { ...fitPreprocessing(fit), ...arithmeticOf(how ?? centred) };
  if (task === "pets") {
    const size = dims as readonly [number, number, number];
    return { data: pets(seed, undefined, size), preprocessing: fitted };
  }
  const size = dims as readonly [1 | 3, number, number];
  return { data: await openDataFolder(path!, { dims: size, fit, seed }), preprocessing: fitted };
}

/** Photos about 0 with a spread near 1, from which networks without normalisation learn sooner. */
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
