/** @file What a folder's activations are as JSON. */
import { trendSentence } from "../../activations/depth-trend.ts";
import type { ReceptiveFields } from "../../activations/receptive-field.ts";
import type { SeenPart } from "../../image/seen-part.ts";
import type { SetRecord } from "../../activations/set-record.ts";
import type { PictureFolder } from "../picture-folder.ts";
import type { FolderFindings, FoundLayer } from "./folder-findings.ts";
import type { FolderRecord, FolderSummary } from "./schema.ts";

/** What the findings are of. */
export interface FolderFacts {
  readonly model: string;
  readonly folder: PictureFolder;
  readonly preprocessing: FolderRecord["preprocessing"];
  readonly record: SetRecord;
  readonly fieldsOf: (layer: string) => ReceptiveFields;
}

/** With the parts that the network sees of cropped pictures among the strongest, by their numbers. */
interface DrawnFacts extends FolderFacts {
  readonly parts: ReadonlyMap<number, SeenPart>;
}

/** The JSON that `--json` prints: one entry a layer. */
export function folderSummary(
  { layers, trend }: FolderFindings,
  facts: FolderFacts,
): FolderSummary {
  return {
    ...factsOf(facts),
    layers: layers.map(layerSummary),
    ...(trend ? { trend: { ...trend, sentence: trendSentence(trend) } } : {}),
  };
}

/** The JSON of the file: the same with the strongest pictures of every channel. */
export function folderRecord({ layers, trend }: FolderFindings, facts: DrawnFacts): FolderRecord {
  const parts = [...facts.parts].toSorted(([one], [other]) => one - other);
  return {
    ...factsOf(facts),
    paths: facts.folder.paths,
    ...(parts.length > 0 ? { seen: parts.map(([picture, part]) => ({ picture, ...part })) } : {}),
    layers: layers.map((layer) => ({
      ...layerSummary(layer),
      channels: channelsOf(layer, facts.fieldsOf(layer.name)),
    })),
    ...(trend ? { trend: { ...trend, sentence: trendSentence(trend) } } : {}),
  };
}

function factsOf({ model, folder, preprocessing, record }: FolderFacts) {
  const broken = [...record.broken].map(([number, message]) => ({
    path: folder.paths[number]!,
    message,
  }));
  return {
    model,
    ...(preprocessing ? { preprocessing } : {}),
    pictures: folder.paths.length - broken.length,
    ...(folder.classes ? { classes: folder.classes } : {}),
    broken,
  };
}

function layerSummary({ name, operator, shape, statistics, classShare }: FoundLayer) {
  const { zeroShare, ...others } = statistics;
  return {
    name,
    operator,
    shape,
    zeroShare: zeroShare.mean,
    zeroShareInterval: [zeroShare.low, zeroShare.high] as const,
    ...others,
    ...(classShare ? { classShare } : {}),
  };
}

function channelsOf({ record }: FoundLayer, fieldOf: ReceptiveFields) {
  return Array.from({ length: record.sizes.channels }, (_, channel) => ({
    channel,
    top: record.tops.of(channel).map(({ picture, value, y, x }) => ({
      picture,
      value,
      place: [y, x] as const,
      field: fieldOf({ y, x, channel }),
    })),
  }));
}
