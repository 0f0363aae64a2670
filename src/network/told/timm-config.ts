/** @file timm's pretrained_cfg in config.json beside a model. */
import * as v from "valibot";
import type { Graph } from "../../graph/graph.ts";
import { preprocessings, type Preprocessing } from "../../image/preprocess.ts";
import { besideKey } from "../../graph/metadata.ts";
import { filterOf, isStatistics, normalization, objectOf, perChannel } from "./told-fields.ts";
import type { Told } from "./told-preprocessing.ts";

const side = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.nullish(v.pipe(v.number(), v.gtValue(0), v.maxValue(1)));
const sizes = v.nullish(v.tuple([side, side, side]));

const configSchema = v.looseObject({
  mean: perChannel,
  std: perChannel,
  input_size: sizes,
  test_input_size: sizes,
  crop_pct: share,
  test_crop_pct: share,
  crop_mode: v.nullish(v.string()),
  interpolation: v.nullish(v.string()),
});

/** timm's own defaults. */
const usual = { cropShare: 0.875, filter: "bilinear" } as const;

/** What the file beside the model says of its pictures. */
export function timmPreprocessing({ metadata, inputs }: Graph): Told {
  const text = metadata.get(besideKey("config.json"));
  const root = text === undefined ? undefined : objectOf(text);
  if (!root) return undefined;
  const nested = root["pretrained_cfg"];
  const [value, where] =
    typeof nested === "object" && nested !== null
      ? [nested, "pretrained_cfg"]
      : [root, "mean and std"];
  if (!Object.hasOwn(value, "mean") || !Object.hasOwn(value, "std")) return undefined;
  const parsed = v.safeParse(configSchema, value);
  const from = `config.json beside the model (${where})`;
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { refused: `${from} has a "${v.getDotPath(issue)}" that makes no sense` };
  }
  const config = parsed.output;
  const [mean, std] = [[config.mean].flat(), [config.std].flat()];
  if (!isStatistics(mean, std)) {
    return { refused: `${from} has means or deviations that make no sense` };
  }
  const { filter, doubts } = filterOf(config.interpolation ?? undefined, usual.filter);
  const fit = fitOf(
    config,
    inputs[0]?.dims?.some((dim) => dim === config.test_input_size?.[1]),
  );
  const how: Preprocessing = {
    ...preprocessings.unit,
    name: "pretrained_cfg",
    filter,
    ...normalization(1 / 255, mean, std),
    ...fit.how,
  };
  return { how, from, about: "network", doubts: [...doubts, ...fit.doubts] };
}

type Fit = Pick<Preprocessing, "resize" | "cropShare" | "size" | "border">;

/** How pictures are brought to the input's size; the size of tests is used where the file's input has it. */
function fitOf(
  config: v.InferOutput<typeof configSchema>,
  isTestSize = false,
): { readonly how: Fit; readonly doubts: readonly string[] } {
  const [, height, width] = (isTestSize ? config.test_input_size : config.input_size) ?? [];
  const told = (isTestSize ? config.test_crop_pct : undefined) ?? config.crop_pct;
  const cropShare = told ?? usual.cropShare;
  const size =
    height === undefined || width === undefined ? {} : { size: [height, width] as const };
  switch (config.crop_mode ?? "center") {
    case "squash": {
      const doubts = cropShare < 1 ? ["its crop after stretching is left out"] : [];
      return { how: { resize: "stretch", cropShare, ...size }, doubts };
    }
    case "border":
      return {
        how: { resize: "pad", cropShare, ...size },
        doubts: cropShare < 1 ? ["its crop after the border is left out"] : [],
      };
    default:
      return { how: { resize: "crop", cropShare, ...size }, doubts: [] };
  }
}
