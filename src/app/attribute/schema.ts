/** @file The record of an attribution, as a schema: what `limpid attribute --json` prints and `results.json` holds. */
import * as v from "valibot";
import { boxSchema } from "./boxes.ts";
import { trustSchema } from "./trust-record.ts";
import { regionPlaces } from "../../scores/target-marks.ts";
import { headKinds } from "../../network/head-kind.ts";
import { seenPartSchema } from "../../image/seen-part-schema.ts";
import { preprocessingSchema } from "../preprocessing-record.ts";
import { described, index, measure, type Recorded } from "../../wording/record-schema.ts";

const summary = v.strictObject({
  input: described(v.string(), "the file"),
  row: index("picture of the file's tensor; 0 for picture files"),
  seen: v.optional(
    described(
      seenPartSchema,
      "the part of the picture that the network sees, of which places and shares are told; left out where that is all of it",
    ),
  ),
  method: described(v.string(), "name of the method"),
  layer: described(
    v.string(),
    'where the map lies: a layer, several joined by " + ", or the network\'s input for pixels',
  ),
  part: v.optional(
    described(
      v.string(),
      "the network's input that the map is of; left out where it has one alone",
    ),
  ),
  role: v.optional(
    described(
      v.string(),
      "what the layer is, where it was chosen for that: bottleneck, last decoder map",
    ),
  ),
  explains: described(v.string(), "what is explained, in words"),
  target: described(v.nullable(index("class")), "the class; null unless one class is explained"),
  label: described(v.nullable(v.string()), "the class's name; null if it has none"),
  group: v.optional(
    described(
      v.strictObject({
        number: described(v.number(), "from 1, in the order of their first classes"),
        of: described(v.number(), "how many there are"),
      }),
      "which of an output's softmaxes, or blocks of sigmoids, the class is of; left out where it has only one",
    ),
  ),
  output: described(
    v.nullable(v.string()),
    "the network's output that is explained; null for units of layers",
  ),
  region: v.optional(
    described(
      v.strictObject({
        where: described(
          v.picklist(regionPlaces),
          "found: where the class is found; highest: the highest 1 % of a channel; everywhere: all places, as the class is found nowhere; mask, box and pixel: the part that was named",
        ),
        share: measure("of what the network sees"),
        box: described(
          v.strictObject({
            left: measure("in pixels of the photo, or of the tensor"),
            top: v.number(),
            right: v.number(),
            bottom: v.number(),
          }),
          "the least box around it",
        ),
      }),
      "the part of the picture that is meant, of outputs and layers with numbers at places",
    ),
  ),
  kind: described(
    v.nullable(v.picklist(Object.keys(headKinds) as (keyof typeof headKinds)[])),
    "what the output's numbers are; null for units of layers",
  ),
  assumed: described(
    v.boolean(),
    "whether nothing tells the kind: neither an activation function, nor names, nor an operator that chooses the largest",
  ),
  probability: measure(
    "of the class, by the network's own activation; null unless one class is explained that has one",
  ),
  logit: measure("of the class; null unless one class is explained that has one"),
  score: measure("the number that is explained"),
  scoreKind: described(
    v.string(),
    "what the score is: logit, probability, a difference of them, activation ...",
  ),
  reference: v.optional(
    described(
      v.strictObject({
        name: described(v.string(), "the picture, or the folder"),
        own: measure("the number that is explained, of the picture itself"),
        value: measure("the same of the reference, the mean over its pictures"),
      }),
      "what the score is the difference from: score is own less value; left out where it is the picture's own",
    ),
  ),
  present: v.optional(
    described(
      v.array(
        v.strictObject({
          target: index("label"),
          label: described(v.nullable(v.string()), "its name; null if it has none"),
          probability: measure("by its own sigmoid"),
        }),
      ),
      "the labels above 0.5, the most probable first; left out where the output's numbers are no answers of yes or no each",
    ),
  ),
  min: measure("smallest number of the map"),
  max: measure("largest number of the map"),
  unit: described(v.string(), "unit of the map's numbers"),
  text: described(v.string(), "what a picture of the map would show"),
  maximum: v.strictObject({
    x: measure("share of the picture's width, from the left"),
    y: measure("share of the picture's height, from the top; 0.5 of signals and numbers"),
    z: v.optional(measure("share of a volume's depth, from its first slice")),
    value: measure(
      "the first of the largest numbers; it lies at the centre of what its place sees",
    ),
  }),
  channelSums: v.optional(
    described(
      v.array(v.nullable(v.number())),
      "the sum of the map over all places, signs and all, of each channel of an input that is no grey or colour picture",
    ),
  ),
  halfMassShare: measure("smallest share of the picture that holds half of the positive mass"),
  entropy: measure("of the positive mass, as a share of the largest possible; 1 is even"),
  negativeShare: measure("share of all mass, signs aside, that is negative"),
  meantShare: v.optional(
    measure("share of the positive mass that lies in the part that is meant, where there is one"),
  ),
  figures: v.optional(
    described(
      v.record(v.string(), v.nullable(v.number())),
      "what the method measured of its own work",
    ),
  ),
  boxes: v.optional(
    described(v.array(boxSchema), "what a detector finds in the picture, the best first"),
  ),
  checked: described(
    v.nullable(
      v.strictObject({
        forward: measure(
          "difference of the score from that of the network as it is, neither traced nor prepared for gradients, as a share",
        ),
        derivative: measure(
          "difference of the gradient from differences of the score, as a share; null where it cannot be told",
        ),
      }),
    ),
    "the network checked against itself; null if that was not wanted",
  ),
  trust: v.optional(
    described(trustSchema, "how far to believe the map; left out unless that was asked for"),
  ),
  warnings: described(v.array(v.string()), "why the map may tell less than it seems to"),
  file: v.optional(
    described(
      v.string(),
      "the map's numbers (.npy), channels first, from the folder of all results",
    ),
  ),
});

const failure = v.strictObject({
  input: described(v.string(), "the file"),
  method: v.optional(described(v.string(), "the method that failed; without it the whole file")),
  layer: v.optional(described(v.string(), "the layer that was asked for")),
  explains: v.optional(described(v.string(), "what was to be explained, in words")),
  message: described(v.string(), "what must hold, what was got, what to do"),
});

export const attributionSchema = v.strictObject({
  method: v.optional(described(v.string(), "of all results, if they have one")),
  layer: v.optional(described(v.string(), "of all results, if they have one")),
  preprocessing: v.optional(
    described(preprocessingSchema, "how pictures were prepared; left out for tensors"),
  ),
  results: described(
    v.array(summary),
    "one a map: file by file, then as the target lists them, method by method, row by row",
  ),
  failures: described(v.array(failure), "what went wrong while the rest went on"),
});

/** All that an attribution found. */
export type AttributionRecord = Recorded<typeof attributionSchema>;

/** A map: what it explains, its numbers, what a picture of it would show, and what is odd. */
export type Summary = AttributionRecord["results"][number];

/** Something that went wrong while the rest went on. */
export type Failure = AttributionRecord["failures"][number];
