/** @file The record of a network, as a schema: what `limpid inspect --json` prints. */
import * as v from "valibot";
import { inputKinds } from "../graph/input-parts.ts";
import { headKinds } from "../network/head-kind.ts";
import { placedBoxSchema } from "./attribute/boxes.ts";
import { preprocessingSchema, verdicts } from "./preprocessing-record.ts";
import { described, index, type Recorded } from "../wording/record-schema.ts";

const port = v.strictObject({
  name: v.string(),
  type: described(v.nullable(v.string()), "type of the elements; null if the file does not say"),
  shape: described(
    v.nullable(v.array(v.union([v.number(), v.string()]))),
    "sizes, or names of those that the file leaves open; null if it says nothing",
  ),
});

const input = v.strictObject({
  ...port.entries,
  kind: described(
    v.nullable(v.picklist(Object.keys(inputKinds) as (keyof typeof inputKinds)[])),
    "what it is taken for; null where it is held, or nothing can be explained",
  ),
  axes: described(
    v.nullable(v.array(v.string())),
    "what its axes are: batch, channels, depth, height, width, time, or K numbers; null as above",
  ),
  inFile: v.optional(
    described(
      v.strictObject({
        shape: v.array(v.union([v.number(), v.string()])),
        axes: v.array(v.string()),
      }),
      "the same as the model's file has it, which arrays are given in; left out where that is the same",
    ),
  ),
});

const layer = v.strictObject({
  name: described(v.string(), "name of the value, as `--layer` takes it"),
  operator: described(v.string(), "ONNX operator that gives it"),
  shape: described(
    v.nullable(v.array(v.number())),
    "sizes where the network is run; null if it cannot be run",
  ),
  parameters: index("weights that this layer is the first to read"),
});

export const headSchema = v.strictObject({
  output: described(v.string(), "the output"),
  kind: described(
    v.picklist(Object.keys(headKinds) as (keyof typeof headKinds)[]),
    "what its numbers are",
  ),
  assumed: described(
    v.boolean(),
    "whether nothing tells the kind: neither an activation function, nor names, nor an operator that chooses the largest",
  ),
  activation: described(
    v.nullable(v.picklist(["softmax", "sigmoid"])),
    "the final activation function, which is taken off; null if there is none",
  ),
  probabilities: described(
    v.picklist(["softmax", "sigmoid", "groups", "own", "none"]),
    "what makes probabilities of the logits; groups where parts of them have a softmax or sigmoids each, own where the numbers are some already, none where there are none",
  ),
});

const preparation = v.strictObject({
  ...preprocessingSchema.entries,
  numbers: described(v.string(), "the colours, and what becomes of black and white, in words"),
  said: described(v.string(), "who says it, what is assumed, or what came of trying; a sentence"),
  photos: v.optional(
    described(
      v.array(
        v.strictObject({
          photo: described(v.string(), "path of the photo"),
          name: described(v.string(), "what would be chosen by it"),
          verdict: described(
            v.nullable(v.picklist(verdicts)),
            "what came of trying; null where that failed",
          ),
          said: described(v.string(), "the same in a sentence"),
        }),
      ),
      "photos that the usual preparations were tried on, of which the first decides",
    ),
  ),
});

const classes = v.strictObject({
  count: index("how many there are"),
  names: described(v.array(v.string()), "the first of them"),
  from: described(v.string(), "who gives the names"),
});

/** What a detector finds in a photo. */
const foundBoxes = v.strictObject({
  photo: described(v.string(), "path of the photo"),
  boxes: v.array(placedBoxSchema),
});

export const inspectionSchema = v.strictObject({
  inputs: v.array(input),
  outputs: v.array(port),
  explained: described(
    v.nullable(headSchema),
    "what is explained where nobody says otherwise; null if nothing can be",
  ),
  classes: described(
    v.nullable(classes),
    "what classes are called where nobody says otherwise; null where there are none, or nothing names them",
  ),
  preprocessing: described(
    v.nullable(preparation),
    "how pictures become the input where nobody says otherwise; null for a network that takes no pictures, or cannot be run",
  ),
  found: v.optional(
    described(v.array(foundBoxes), "what a detector finds in each photo, the best box first"),
  ),
  layers: described(v.array(layer), "in the order of computation"),
  differentiable: described(
    v.boolean(),
    "whether the gradient of the logits to the input can be built",
  ),
  missing: described(
    v.array(
      v.strictObject({
        operator: described(v.string(), "ONNX operator"),
        node: described(v.string(), "name of the node"),
      }),
    ),
    "nodes that the gradient would pass and that have no rule",
  ),
});

/** What a network is made of. */
export type Inspection = Recorded<typeof inspectionSchema>;

/** An input or output. */
export type InspectedInput = Inspection["inputs"][number];

export type InspectedPort = Inspection["outputs"][number];

/** What a detector finds in a photo. */
export type InspectedBoxes = NonNullable<Inspection["found"]>[number];

/** How pictures are prepared. */
export type InspectedPreparation = NonNullable<Inspection["preprocessing"]>;

/** What is explained. */
export type InspectedHead = NonNullable<Inspection["explained"]>;

export type InspectedLayer = Inspection["layers"][number];
