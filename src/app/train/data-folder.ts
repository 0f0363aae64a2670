/** @file A folder with one sub-folder a class as a data set, its pictures decoded when they are asked for. */
import { LimpidError } from "../../errors.ts";
import type { Picture } from "../../image/picture.ts";
import { preprocess, preprocessings, type Preprocessing } from "../../image/preprocess.ts";
import { randomStream } from "../../random.ts";
import type { DataSplit, Dataset } from "../../image/dataset.ts";
import { keptPictures } from "../../image/kept-pictures.ts";
import { joinPath } from "../../wording/paths.ts";
import {
  badFolder,
  heldOutNames,
  readClasses,
  subfolders,
  trainingNames,
  type ClassFiles,
} from "../pictures.ts";
import type { Platform } from "../platform.ts";

/**
 * How pictures are fitted: `crop` scales until the shorter side fits and cuts out the centre; `stretch`
 * gives up the proportions, as Keras' `flow_from_directory` does.
 */
export type FolderFit = "crop" | "stretch";

export interface DataFolderOptions {
  /** [C, H, W] of the pictures; C is 1 (luma) or 3 (RGB), whatever the files have. */
  readonly dims: readonly [1 | 3, number, number];
  /** `crop` by default. */
  readonly fit?: FolderFit;
  /** What the split of a folder that has none is drawn from; 0 by default. */
  readonly seed?: number;
  /** Decoded pictures are kept up to this size, for each part; a quarter gigabyte by default. */
  readonly mostBytes?: number;
}

type FolderReader = Pick<Platform, "find" | "list" | "readPicture">;

/** Share of each class that is held out where the folder does not say. */
const heldOutShare = 0.2;

/** The preprocessing, into 0..1, that makes of a picture what the data set makes of it. */
export function fitPreprocessing(fit: FolderFit): Preprocessing {
  return { ...preprocessings.unit, resize: fit, cropShare: 1 };
}

/** A picture of a data set. */
interface Entry {
  readonly path: string;
  readonly label: number;
}

/**
 * The data sets of a folder: FOLDER/{train, validation | val | valid | test}/CLASS/*, or FOLDER/CLASS/*, of
 * which a fifth of each class is held out, drawn from the seed. Classes and pictures are sorted by name, so
 * that they have the same numbers on every machine; hidden files and those that are no pictures by their
 * name are passed over. Throws `bad-file` where there are not at least two classes with enough pictures.
 */
export async function openDataFolder(
  platform: FolderReader,
  path: string,
  options: DataFolderOptions,
): Promise<DataSplit> {
  const parts = await subfolders(platform, path);
  const training = await trainingPart(platform, path, parts);
  const heldOut = heldOutNames.find((name) => parts.includes(name));
  if (training === undefined)
    return drawnSplit(platform, await readClasses(platform, path), options);
  const classes = await readClasses(platform, joinPath(path, training));
  if (heldOut === undefined) return drawnSplit(platform, classes, options);
  const held = await readClasses(platform, joinPath(path, heldOut));
  const [wanted, got] = [classes, held].map((of) => of.map(({ name }) => name).join(", "));
  if (wanted !== got) {
    throw badFolder(
      joinPath(path, heldOut),
      `must have the classes of "${training}", ${wanted}, got ${got}.`,
    );
  }
  return {
    training: folderDataset(platform, classes, options),
    heldOut: folderDataset(platform, held, options),
  };
}

/** The sub-folder to learn from, unless it is a class of that name. */
async function trainingPart(
  platform: FolderReader,
  path: string,
  parts: readonly string[],
): Promise<string | undefined> {
  const name = trainingNames.find((candidate) => parts.includes(candidate));
  if (name === undefined) return undefined;
  const isClass =
    (await subfolders(platform, joinPath(path, name))).length === 0 && parts.length > 1;
  return isClass && !parts.some((part) => heldOutNames.includes(part)) ? undefined : name;
}

/** A share of each class is held out, so that both parts have the classes as often. */
function drawnSplit(
  platform: FolderReader,
  classes: readonly ClassFiles[],
  options: DataFolderOptions,
): DataSplit {
  const { seed = 0 } = options;
  const halves = classes.map(({ name, paths }) => {
    if (paths.length < 2) {
      throw new LimpidError(
        "bad-file",
        `data: the class "${name}" must have at least two pictures, one to learn from and one to be judged on, got 1.`,
      );
    }
    const random = randomStream(seed, "split", name);
    const drawn = paths.map((path) => ({ path, key: random.uniform() }));
    const count = Math.max(Math.round(heldOutShare * paths.length), 1);
    const chosen = drawn.toSorted((a, b) => a.key - b.key).slice(0, count);
    const held = new Set(chosen.map(({ path }) => path));
    const part = (isHeld: boolean): ClassFiles => ({
      name,
      paths: paths.filter((path) => held.has(path) === isHeld),
    });
    return { training: part(false), heldOut: part(true) };
  });
  const datasetOf = (name: keyof DataSplit) =>
    folderDataset(
      platform,
      halves.map((half) => half[name]),
      options,
    );
  return { training: datasetOf("training"), heldOut: datasetOf("heldOut") };
}

function folderDataset(
  platform: FolderReader,
  classes: readonly ClassFiles[],
  options: DataFolderOptions,
): Dataset {
  const { dims, fit = "crop", mostBytes } = options;
  const entries: readonly Entry[] = classes.flatMap(({ paths }, label) =>
    paths.map((path) => ({ path, label })),
  );
  const preprocessing = fitPreprocessing(fit);
  const dataset: Dataset = {
    classes: classes.map(({ name }) => name),
    dims,
    length: entries.length,
    label: (index) => entries[index]!.label,
    title: (index) => entries[index]!.path,
    read: async (index) => {
      const { path, label } = entries[index]!;
      return {
        picture: fitted(await platform.readPicture(path), path, preprocessing, dims),
        label,
      };
    },
  };
  return keptPictures(dataset, mostBytes);
}

/** The picture as [C, H, W] in 0..1. */
function fitted(
  source: Picture,
  path: string,
  preprocessing: Preprocessing,
  [channels, heightPx, widthPx]: DataFolderOptions["dims"],
): Float32Array {
  try {
    return preprocess(source, preprocessing, { channels, heightPx, widthPx }).data;
  } catch (cause) {
    if (!(cause instanceof LimpidError)) throw cause;
    throw new LimpidError("bad-file", `data: "${path}" cannot be used. ${cause.message}`, {
      cause,
    });
  }
}
