/** @file The records of a maximisation, as schemas: what `limpid maximize --json` prints and `results.json` holds. */
import * as v from "valibot";
import { unitEntries } from "../../optvis/unit-schema.ts";
import type { Unit } from "../../optvis/units.ts";
import { preprocessingSchema } from "../preprocessing-record.ts";
import type { Waking } from "./silence.ts";
import { described, type Recorded } from "../../wording/record-schema.ts";

const made = {
  start: described(v.number(), "activation of the picture before the first step"),
  activation: described(v.number(), "activation of the stored float picture"),
  silent: v.exactOptional(
    described(
      v.literal(true),
      "there if no picture that was tried moved the activation: the picture is plain and shows nothing",
    ),
  ),
  from: v.exactOptional(
    described(
      v.variant("kind", [
        v.strictObject({ kind: v.literal("plain") }),
        v.strictObject({
          kind: v.literal("noise"),
          contrast: described(v.number(), "times the usual"),
        }),
        v.strictObject({ kind: v.literal("pixels") }),
        v.strictObject({
          kind: v.literal("photo"),
          photo: described(v.string(), "name of the photo"),
        }),
        v.strictObject({ kind: v.literal("place") }),
      ]),
      "what the picture started from, where the usual noise left the unit silent or below other pictures: middle grey, noise of more contrast, pixels of black and white noise, a photo, or noise that was first led towards the unit at one place",
    ),
  ),
  onPhotos: v.exactOptional(
    described(
      v.strictObject({
        highest: described(v.number(), "its highest activation"),
        photo: described(v.string(), "name of the photo that has it"),
        photos: described(v.number(), "how many were shown"),
      }),
      "of a silent unit: what it makes of the photos that were given",
    ),
  ),
  below: v.exactOptional(
    described(
      v.strictObject({
        level: described(v.number(), "the activation there"),
        photo: v.exactOptional(described(v.string(), "name of the photo; left out for noise")),
      }),
      "there if noise, or a given photo, excites the unit more than its picture: that does not show what excites it most",
    ),
  ),
  picture: described(v.string(), "PNG file"),
  tensor: described(
    v.string(),
    ".npy file, float32 [C, H, W] in the network's own range and channel order",
  ),
  animation: v.exactOptional(described(v.string(), "WebP file of the way there")),
} as const;

const label = v.exactOptional(
  described(v.nullable(v.string()), "of a class: its name; null if it has none"),
);

/** `results.json`: files are named from the folder on. */
export const resultsSchema = v.strictObject({
  units: described(
    v.array(
      v.union([
        v.strictObject({ ...unitEntries.channel, ...made }),
        v.strictObject({ ...unitEntries.combination, ...made }),
        v.strictObject({ ...unitEntries.direction, ...made }),
        v.strictObject({ ...unitEntries.layer, ...made }),
      ]),
    ),
    "one a picture that is done, in the order of the recipe",
  ),
});

/** What `--json` prints: paths as the folder is named. */
export const maximizeSchema = v.strictObject({
  units: described(
    v.array(
      v.union([
        v.strictObject({ ...unitEntries.channel, ...made, label }),
        v.strictObject({ ...unitEntries.combination, ...made }),
        v.strictObject({ ...unitEntries.direction, ...made }),
        v.strictObject({ ...unitEntries.layer, ...made }),
      ]),
    ),
    "one a picture, in the order of the recipe",
  ),
  preprocessing: v.exactOptional(
    described(
      preprocessingSchema,
      "how the network's pictures are prepared; left out for a recipe, which holds it",
    ),
  ),
});

export type MaximizeRecord = Recorded<typeof maximizeSchema>;

/** What became of a unit. */
interface PictureResult extends Waking {
  readonly start: number;
  readonly activation: number;
  readonly silent?: true;
  readonly picture: string;
  readonly tensor: string;
  readonly animation?: string;
}

/** A unit with what became of it. */
export type UnitResult = Unit & PictureResult;
