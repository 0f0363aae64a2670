/** @file The records of activations, as schemas: what `limpid activations --json` prints and activations.json holds. */
import * as v from "valibot";
import { seenPartSchema } from "../../image/seen-part-schema.ts";
import { preprocessingSchema } from "../preprocessing-record.ts";
import { described, index, measure, type Recorded } from "../../wording/record-schema.ts";

/** The file of a record, in the folder of the results. */
export const recordName = "activations.json";

const layerEntries = {
  name: described(v.string(), "name of the value"),
  operator: described(v.string(), "ONNX operator that gives it"),
};

const statisticsEntries = {
  mean: measure("of all its numbers"),
  spread: measure("their standard deviation"),
  effectiveChannels: measure(
    "how many channels carry the activity (Treves and Rolls 1991), 0 to all",
  ),
};

const deadChannels = (meaning: string) => described(v.array(index("number of a channel")), meaning);

const share = (meaning: string) => described(v.nullable(v.number()), meaning);

const pictureLayer = v.strictObject({
  ...layerEntries,
  shape: described(
    v.array(v.number()),
    "[C, H, W] or [C]; of signals [C, T], of volumes [C, D, H, W]",
  ),
  zeroShare: share("share of its numbers that are 0, 0 to 1"),
  deadChannels: deadChannels("channels that are 0 everywhere"),
  ...statisticsEntries,
  pictureLikeness: v.optional(
    measure(
      "median over channels of the size of their maps' correlation with the picture's luma, 0 to 1; left out where no channel varies over places",
    ),
  ),
  sheet: described(v.string(), "picture of all channels, a PNG file"),
  tensor: described(v.string(), "its numbers, an .npy file"),
});

export const pictureRecordSchema = v.strictObject({
  model: described(v.string(), "file name of the network, or its name"),
  picture: described(v.string(), "path of the picture"),
  preprocessing: v.optional(
    described(preprocessingSchema, "how the picture was prepared; left out for tensors"),
  ),
  seen: v.optional(
    described(
      seenPartSchema,
      "the part of the picture that the network sees; left out where that is all of it",
    ),
  ),
  layers: described(v.array(pictureLayer), "in the order of computation"),
  trend: v.optional(
    described(
      v.strictObject({
        correlation: measure("Spearman's rank correlation of the share of zeros with depth"),
        layers: index("convolutions behind rectifiers that it is over"),
        sentence: v.string(),
      }),
      "left out where there are fewer than three such layers",
    ),
  ),
});

const interval = (meaning: string) =>
  described(v.tuple([v.nullable(v.number()), v.nullable(v.number())]), meaning);

const folderLayerEntries = {
  ...layerEntries,
  shape: described(v.array(v.number()), "[N, C, H, W] or [N, C]"),
  zeroShare: share("share of its numbers that are 0, 0 to 1, mean over pictures"),
  zeroShareInterval: interval("its 95 % interval"),
  pictures: index("pictures that were looked at"),
  deadChannels: deadChannels("channels that are 0 everywhere in every picture"),
  silentChannels: measure("channels that are 0 everywhere in one picture, mean over pictures"),
  ...statisticsEntries,
  classShare: v.optional(
    described(
      v.strictObject({
        accuracy: measure("share of pictures whose class is found, 0 to 1"),
        interval: interval("its 95 % interval"),
        chance: measure("what guessing finds"),
        pictures: index("pictures that were judged"),
        classes: index("classes that were told apart"),
        folds: index("parts that took turns in being judged"),
      }),
      "how often the nearest class mean of pooled activations is the picture's class; left out where there are no classes",
    ),
  ),
};

const patch = v.strictObject({
  picture: index("index in `paths`"),
  value: measure("the channel's largest number in it"),
  place: described(v.tuple([index("row"), index("column")]), "where that is in the layer"),
  field: described(
    v.strictObject({
      left: v.number(),
      top: v.number(),
      widthPx: v.number(),
      heightPx: v.number(),
    }),
    "the part of the network's input that it sees",
  ),
});

const channel = v.strictObject({
  channel: index("its number"),
  top: described(v.array(patch), "strongest pictures, the strongest first"),
});

const folderEntries = {
  model: described(v.string(), "file name of the network, or its name"),
  preprocessing: v.optional(described(preprocessingSchema, "how the pictures were prepared")),
  pictures: index("pictures that could be used"),
  classes: v.optional(described(v.array(v.string()), "names of the sub-folders that are classes")),
  broken: described(
    v.array(v.strictObject({ path: v.string(), message: v.string() })),
    "pictures that could not be used, and why",
  ),
};

const folderTrend = v.optional(
  described(
    v.strictObject({
      correlation: described(
        v.strictObject({
          mean: measure("over pictures"),
          low: measure("end of its 95 % interval"),
          high: measure("end of its 95 % interval"),
        }),
        "Spearman's rank correlation of the share of zeros with depth",
      ),
      pictures: index("pictures that have one"),
      layers: index("convolutions behind rectifiers that it is over"),
      sentence: v.string(),
    }),
    "left out where there are fewer than three such layers",
  ),
);

export const folderSummarySchema = v.strictObject({
  ...folderEntries,
  layers: described(v.array(v.strictObject(folderLayerEntries)), "in the order of computation"),
  trend: folderTrend,
});

export const folderRecordSchema = v.strictObject({
  ...folderEntries,
  paths: described(v.array(v.string()), "the pictures, in the order of their numbers"),
  seen: v.optional(
    described(
      v.array(v.strictObject({ picture: index("index in `paths`"), ...seenPartSchema.entries })),
      "the parts that the network sees of those pictures among the strongest that are cropped; left out where none is",
    ),
  ),
  layers: described(
    v.array(v.strictObject({ ...folderLayerEntries, channels: v.array(channel) })),
    "in the order of computation",
  ),
  trend: folderTrend,
});

/** One picture: printed and written alike. */
export type PictureRecord = Recorded<typeof pictureRecordSchema>;

/** A folder as it is printed. */
export type FolderSummary = Recorded<typeof folderSummarySchema>;

/** A folder as it is written: with the strongest pictures of every channel. */
export type FolderRecord = Recorded<typeof folderRecordSchema>;
