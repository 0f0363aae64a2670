/** @file preprocessor_config.json or processor_config.json beside a model, as Hugging Face's image processors write it. */
import * as v from "valibot";
import type { Graph } from "../../graph/graph.ts";
import { preprocessings, type Preprocessing } from "../../image/preprocess.ts";
import { besideKey } from "../../graph/metadata.ts";
import {
  areOfBytes,
  filterOf,
  isStatistics,
  normalization,
  objectOf,
  perChannel,
  sizeField,
} from "./told-fields.ts";
import type { Told } from "./told-preprocessing.ts";
import { smallest } from "../../statistics.ts";

const optional = <S extends v.GenericSchema>(schema: S) => v.nullish(schema);
const flag = optional(v.boolean());

const configSchema = v.looseObject({
  do_resize: flag,
  do_rescale: flag,
  do_normalize: flag,
  do_center_crop: flag,
  do_flip_channel_order: flag,
  do_pad: flag,
  rescale_factor: optional(v.pipe(v.number(), v.notValue(0))),
  rescale_offset: flag,
  image_mean: optional(perChannel),
  image_std: optional(perChannel),
  size: optional(sizeField),
  crop_size: optional(sizeField),
  crop_pct: optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  resample: optional(v.union([v.number(), v.string()])),
});

type Config = v.InferOutput<typeof configSchema>;

/** What the file beside the model says of its pictures; newer ones keep it with what they say of other inputs. */
export function transformersPreprocessing({ metadata }: Graph): Told {
  const [file, text] = (["preprocessor_config.json", "processor_config.json"] as const)
    .map((name) => [name, metadata.get(besideKey(name))] as const)
    .find(([, found]) => found !== undefined) ?? [""];
  if (text === undefined) return undefined;
  const root = objectOf(text);
  if (!root) return { refused: `${file} beside the model holds no JSON object` };
  const inner = root["image_processor"];
  const isNested = typeof inner === "object" && inner !== null;
  const value = isNested ? (inner as Readonly<Record<string, unknown>>) : root;
  return isOfPictures(value) ? toldBy(file, value) : undefined;
}

function toldBy(file: string, value: Readonly<Record<string, unknown>>): Told {
  const parsed = v.safeParse(configSchema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return {
      refused: `${file} beside the model has a "${v.getDotPath(issue)}" that makes no sense`,
    };
  }
  const config = parsed.output;
  const mean = [config.image_mean ?? 0.5].flat();
  const std = [config.image_std ?? 0.5].flat();
  if (!isStatistics(mean, std)) {
    return { refused: `${file} beside the model has means or deviations that make no sense` };
  }
  const { filter, doubts } = filterOf(config.resample ?? undefined, "bilinear");
  const fit = fitOf(config);
  const how: Preprocessing = {
    ...preprocessings.unit,
    name: file,
    filter,
    channels: config.do_flip_channel_order === true ? "bgr" : "rgb",
    ...arithmeticOf(config, mean, std),
    ...fit.how,
  };
  return {
    how,
    from: `${file} beside the model`,
    about: "network",
    doubts: [...doubts, ...rangeDoubts(config, mean, std), ...fit.doubts],
  };
}

/** Processors of sound and text have files of this name too. */
function isOfPictures(value: Readonly<Record<string, unknown>>): boolean {
  const keys = [
    "image_mean",
    "image_std",
    "do_rescale",
    "rescale_factor",
    "do_resize",
    "crop_size",
  ];
  return keys.some((key) => Object.hasOwn(value, key));
}

/** Old files say nothing of rescaling, which was always done. */
function arithmeticOf(
  { do_rescale, do_normalize, rescale_factor, rescale_offset, image_mean }: Config,
  mean: readonly number[],
  std: readonly number[],
): Pick<Preprocessing, "scale" | "mean" | "std"> {
  const factor = do_rescale === false ? 1 : (rescale_factor ?? 1 / 255);
  const offset = rescale_offset === true && do_rescale !== false ? 1 : 0;
  const isNormalized = do_normalize ?? (image_mean !== undefined && image_mean !== null);
  if (!isNormalized) return { scale: factor, mean: [offset], std: [1] };
  const shifted = mean.map((value) => value + offset);
  return normalization(factor, shifted, std);
}

/** Where the means tell that pictures have another range than the flags say, the means are believed. */
function rangeDoubts(
  { do_rescale, do_normalize, rescale_factor, image_mean }: Config,
  mean: readonly number[],
  std: readonly number[],
): readonly string[] {
  if (!(do_normalize ?? (image_mean !== undefined && image_mean !== null))) return [];
  const isOfBytes = areOfBytes(mean, std);
  if (do_rescale === false && !isOfBytes)
    return ["do_rescale is false, but its means are those of 0..1, which pictures are brought to"];
  const isRescaled = do_rescale === true && (rescale_factor ?? 1 / 255) !== 1;
  return isRescaled && isOfBytes
    ? ["do_rescale is true, but its means are those of 0..255, which pictures keep"]
    : [];
}

type Fit = Partial<Pick<Preprocessing, "resize" | "cropShare" | "size" | "border">>;

/** A fit, and in what it is not as told. */
interface FollowedFit {
  readonly how: Fit;
  readonly doubts: readonly string[];
}

/** How pictures are brought to the input's size. */
function fitOf(config: Config): FollowedFit {
  const { how, doubts } = isCropped(config) ? cropOf(config) : scalingOf(config);
  const unscaled = isCropped(config)
    ? "it cuts out the middle without scaling (do_resize is false), here pictures are scaled first: cut them yourself"
    : "it does not scale pictures (do_resize is false), here those of another size are";
  return {
    how,
    doubts: [
      // What its scaling would be like does not matter where it has none.
      ...(config.do_resize === false ? [unscaled] : doubts),
      ...(config.do_pad === true && how.resize !== "pad"
        ? ["the borders that it adds (do_pad) are left out"]
        : []),
    ],
  };
}

/** Image processors that know a crop do it unless they are told not to. */
function isCropped({ do_center_crop, crop_size }: Config): boolean {
  return (do_center_crop ?? true) && pairOf(crop_size) !== undefined;
}

function cropOf(config: Config): FollowedFit {
  const crop = pairOf(config.crop_size)!;
  const size = pairOf(config.size);
  const isExact = typeof config.size === "object" && size !== undefined;
  if (config.do_resize !== false && isExact && size.join() === crop.join())
    return { how: { resize: "stretch", size: crop }, doubts: [] };
  const scaled = shortestOf(config) ?? smallest(size ?? crop);
  const share = Math.min(smallest(crop) / scaled, 1);
  const doubts = [
    ...(isExact
      ? [
          `it stretches pictures to ${size.join(" x ")} before the crop, here they keep their proportions`,
        ]
      : []),
    ...(smallest(crop) > scaled
      ? [
          `it puts borders around pictures of ${scaled} pixels up to a crop of ${crop.join(" x ")}, here they are enlarged`,
        ]
      : []),
    ...(crop[0] === crop[1] || isExact
      ? []
      : [
          `it scales the shorter side to ${scaled} before a crop of ${crop.join(" x ")}, here pictures are scaled to cover the crop`,
        ]),
  ];
  const cropShare = config.do_resize === false ? 1 : share;
  return { how: { resize: "crop", cropShare, size: crop }, doubts };
}

/** Without a crop. */
function scalingOf(config: Config): FollowedFit {
  const size = pairOf(config.size);
  const shortest = shortestOf(config);
  if (shortest !== undefined && edgeOf(config.size, "longest_edge") === undefined) {
    const share = config.crop_pct ?? undefined;
    const doubts =
      share === undefined
        ? [
            "it keeps all of a picture that is no square (do_center_crop is not set), here the middle is cut out",
          ]
        : [];
    return { how: cropOfEdge(shortest, share), doubts };
  }
  if (size) return { how: { resize: "stretch", size }, doubts: [] };
  if (config.size === undefined || config.size === null) return { how: {}, doubts: [] };
  return {
    how: { resize: "pad", border: 0 },
    doubts: ["pictures of its own proportions are brought to one size with black borders"],
  };
}

/** ConvNeXt's way: small inputs are cut out of a larger picture, large ones are stretched. */
function cropOfEdge(edge: number, share: number | undefined): Fit {
  const size = [edge, edge] as const;
  if (share === undefined) return { resize: "crop", cropShare: 1, size };
  return edge >= 384 ? { resize: "stretch", size } : { resize: "crop", cropShare: share, size };
}

/** [height, width] where both are told. */
function pairOf(size: Config["size"]): readonly [number, number] | undefined {
  if (typeof size === "number") return [size, size];
  if (Array.isArray(size)) return size;
  if (!size || !("height" in size) || !("width" in size)) return undefined;
  return [Number(size.height), Number(size.width)];
}

/** Old files of ConvNeXt have a number for it. */
function shortestOf({ size, crop_pct }: Config): number | undefined {
  if (typeof size === "number" && typeof crop_pct === "number") return size;
  return edgeOf(size, "shortest_edge");
}

function edgeOf(size: Config["size"], edge: "shortest_edge" | "longest_edge"): number | undefined {
  if (typeof size !== "object" || size === null || !(edge in size)) return undefined;
  const value = (size as Readonly<Record<string, unknown>>)[edge];
  return typeof value === "number" ? value : undefined;
}
