/** @file Shows what layers make of a picture or a folder, for a user of the library. */
import { trendSentence } from "../../activations/depth-trend.ts";
import { SetRecord } from "../../activations/set-record.ts";
import type { Model } from "../../network/model.ts";
import { planFolder, runFolder } from "../activations/folder.ts";
import { writeFolderFiles } from "../activations/folder-files.ts";
import type { FoundLayer } from "../activations/folder-findings.ts";
import { folderSummary } from "../activations/folder-record.ts";
import { pictureTrend, planPicture, runPicture, type SeenLayer } from "../activations/picture.ts";
import { writePictureFiles } from "../activations/picture-files.ts";
import { activationsValues, type ActivationsSettings } from "../activations/request.ts";
import type { FolderSummary } from "../activations/schema.ts";
import type { JobContext } from "../context.ts";
import { openPictureFolder } from "../picture-folder.ts";
import { requireFolderPlace } from "../places.ts";
import { preprocessingFor, type Preparation } from "../preparation.ts";
import { preprocessingRecord } from "../preprocessing-record.ts";
import { tellAssumptions } from "../source.ts";
import type { NamedSource } from "./input.ts";
import { resultContext, type CallOptions, type ResultOptions } from "./options.ts";

/** Which layers are looked at, and how they are shown. */
export interface ActivationsOptions
  extends CallOptions, Pick<ActivationsSettings, "scale" | "top"> {
  /** Names of layers or parts of them; every convolution and pool by default. */
  readonly layer?: string | readonly string[];
  /** Channels of the only layer that get a sheet of their own: numbers, or a text such as "0-3". */
  readonly channel?: number | string | readonly number[];
}

/** The layers of one picture. */
export interface PictureLayers {
  readonly layers: readonly SeenLayer[];
  /** Whether zeros grow with depth; undefined where there are too few layers to tell. */
  readonly trend: string | undefined;
  /** Writes a sheet and the numbers of each layer, a chart and activations.json into a folder. */
  save(folder: string, options?: ResultOptions): Promise<void>;
}

/** The layers of a folder's pictures. */
export interface FolderLayers {
  readonly layers: readonly FoundLayer[];
  readonly trend: string | undefined;
  readonly record: FolderSummary;
  /** Writes a sheet of the strongest patches of each layer, a chart and activations.json into a folder. */
  save(folder: string, options?: ResultOptions): Promise<void>;
}

/** The network whose layers are shown. */
export interface LayeredNet {
  readonly model: Model;
  readonly name: string;
  readonly preparation: Preparation;
}

function settingsOf(
  { layer, channel, scale, top }: ActivationsOptions,
  preparation: Preparation,
): ActivationsSettings {
  return {
    layers: [layer ?? []].flat(),
    ...(channel === undefined ? {} : { channels: String(channel) }),
    ...(scale === undefined ? {} : { scale }),
    ...(top === undefined ? {} : { top }),
    ...preparation,
  };
}

/** What the layers make of one picture. Throws as `planPicture`. */
export async function pictureLayers(
  { model, name: modelName, preparation }: LayeredNet,
  { source, name }: NamedSource,
  options: ActivationsOptions,
  context: JobContext,
): Promise<PictureLayers> {
  const settings = settingsOf(options, preparation);
  const { scale } = activationsValues(settings);
  tellAssumptions(source, context);
  const plan = await planPicture(model, source, name, settings);
  const found = await runPicture(model, source, plan, context);
  const trend = pictureTrend(found);
  return {
    layers: found.layers,
    trend: trend && trendSentence(trend),
    save: async (folder, asked) => {
      const saving = resultContext("save", context, asked);
      await requireFolderPlace(context.platform, folder);
      const { chosen } = source;
      const place = { folder, picture: name, model: modelName, chosen, scale };
      await writePictureFiles(found, place, saving);
    },
  };
}

/** What the layers make of the pictures of a folder. Throws as `planFolder` and `runFolder`. */
export async function folderLayers(
  { model, name, preparation }: LayeredNet,
  path: string,
  options: ActivationsOptions,
  context: JobContext,
): Promise<FolderLayers> {
  const folder = await openPictureFolder(context.platform, path);
  context.platform.protect(folder.paths);
  const plan = await planFolder(model, folder, settingsOf(options, preparation));
  const chosen = await preprocessingFor(context.platform, model, preparation, folder.paths);
  tellAssumptions({ chosen, note: chosen.note }, context);
  const record = new SetRecord(plan.set);
  const findings = await runFolder(plan, context, record);
  const preprocessing = preprocessingRecord(chosen);
  const facts = { model: name, folder, preprocessing, record, fieldsOf: plan.fieldsOf };
  return {
    layers: findings.layers,
    trend: findings.trend && trendSentence(findings.trend),
    record: folderSummary(findings, facts),
    save: async (out, asked) => {
      const saving = resultContext("save", context, asked);
      await requireFolderPlace(context.platform, out);
      await writeFolderFiles(plan, findings, facts, out, saving);
    },
  };
}
