/** @file Drawn faces of cats and dogs, whose parts are known: a data set without end that needs no file. */
import { LimpidError } from "../errors.ts";
import { randomStream } from "../random.ts";
import type { DataSplit, Dataset } from "../image/dataset.ts";
import type { DrawnSizes } from "./digits.ts";
import { keptPictures } from "../image/kept-pictures.ts";
import { paintBackground } from "./painting/backgrounds.ts";
import { Canvas } from "./painting/canvas.ts";
import { photographed, toByte } from "./painting/photographed.ts";
import { paintPet, type PartName, type PetPart } from "./pets/face.ts";
import { drawTraits } from "./pets/traits.ts";

export type { Box } from "./painting/canvas.ts";

/** Classes of drawn pets; a class is its place in this list. */
export const petKinds = ["cat", "dog"] as const;
type PetKind = (typeof petKinds)[number];

/** A drawn picture and what is known of it. */
export interface PetScene {
  /** [C, H, W] in whole steps of 1/255. */
  readonly picture: Float32Array;
  readonly label: number;
  /** Boxes of all in which the kinds differ, in pixels. Pictures of a cat and a dog are alike elsewhere. */
  readonly parts: readonly PetPart[];
}

export interface PetSceneOptions {
  /** The same scene with this animal in it; even numbers are cats and odd ones dogs by default. */
  readonly kind?: PetKind;
  /** Parts that are not painted. */
  readonly omit?: readonly PartName[];
}

type Dims = readonly [number, number, number];

const usualDims: Dims = [3, 64, 64];

/** Weights of red, green and blue in a colour's luma (Rec. 601). */
const luma = [0.299, 0.587, 0.114] as const;

/**
 * The scene of a number: a face on a background. Ears, eyes, muzzle, whiskers and tongue tell the kind of
 * animal; place, size, pose, colours, markings, light and background are drawn without regard to it.
 * `dims` is [C, H, W] with 1 or 3 channels, [3, 64, 64] by default; a scene is the same at every size.
 * Throws `bad-option` for other channels and sides under 16.
 */
export function petScene(
  seed: number,
  index: number,
  dims: Dims = usualDims,
  options: PetSceneOptions = {},
): PetScene {
  requireDims(dims);
  const { kind = petKinds[index % petKinds.length]!, omit = [] } = options;
  const [channels, heightPx, widthPx] = dims;
  const canvas = new Canvas(widthPx, heightPx);
  paintBackground(canvas, randomStream(seed, "pets", index, "background"));
  const traits = drawTraits(randomStream(seed, "pets", index, "traits"));
  const parts = paintPet(canvas, traits, kind, new Set(omit));
  const picture = photographed(canvas, randomStream(seed, "pets", index, "grain"));
  const label = petKinds.indexOf(kind);
  return { picture: channels === 1 ? grey(picture) : picture, label, parts };
}

function requireDims([channels, heightPx, widthPx]: Dims): void {
  const isSize = [heightPx, widthPx].every((side) => Number.isInteger(side) && side >= 16);
  if (isSize && (channels === 1 || channels === 3)) return;
  throw new LimpidError(
    "bad-option",
    `pets: pictures must be [1 or 3, at least 16, at least 16], got [${channels}, ${heightPx}, ${widthPx}].`,
  );
}

function grey(picture: Float32Array): Float32Array {
  const places = picture.length / 3;
  return Float32Array.from({ length: places }, (_, i) => {
    const [red, green, blue] = [picture[i]!, picture[places + i]!, picture[2 * places + i]!];
    return toByte(luma[0] * red + luma[1] * green + luma[2] * blue);
  });
}

/**
 * Drawn pets, 4,000 to learn from and 1,000 to be judged on by default. Pictures are kept once they are
 * drawn, as far as `keptPictures` has room. Throws as `petScene`.
 */
export function pets(
  seed: number,
  { training, heldOut }: DrawnSizes = { training: 4000, heldOut: 1000 },
  dims: Dims = usualDims,
): DataSplit {
  requireDims(dims);
  return {
    training: petDataset(seed, 0, training, dims),
    heldOut: petDataset(seed, training, heldOut, dims),
  };
}

/** Pets `first`, `first + 1`, ... of a seed. */
function petDataset(seed: number, first: number, length: number, dims: Dims): Dataset {
  return keptPictures({
    classes: petKinds,
    dims,
    length,
    label: (index) => (first + index) % petKinds.length,
    title: (index) => `drawn pet ${first + index} of seed ${seed}`,
    read: (index) => {
      const { picture, label } = petScene(seed, first + index, dims);
      return Promise.resolve({ picture, label });
    },
  });
}
