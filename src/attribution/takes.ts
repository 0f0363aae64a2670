/** @file What attribution methods take: kinds of inputs and of targets, and what they make of a reference. */

/** What a network is shown, with a sentence for documents. */
export const takenInputs = {
  picture: "a picture [N, C, H, W] of any number of channels",
  flat: "a row of numbers [N, K] whose neighbours are not known; told its shape, it is a picture",
  signal: "a signal [N, C, T], with one axis of places",
  volume: "a volume [N, C, D, H, W], with three axes of places",
  several: "several inputs at once, each with a map of its own",
} as const;

export type TakenInput = keyof typeof takenInputs;

/** What is explained, with a sentence for documents. */
export const targetKinds = {
  class: "a class, or classes against others",
  value: "a number in its own unit, or the mean of a channel of them",
  unit: "a channel of a layer, or a direction of its channels",
  region: "a class, or a channel of an output or a layer, over part of the picture",
  box: "a box of a detector, all boxes of a class, or a side of a box",
  similarity: "how alike an embedding is to a reference's",
} as const;

export type TargetKind = keyof typeof targetKinds;

/** What becomes of a map where the score is compared with a reference's, with a sentence for documents. */
export const referenceUses = {
  pixels: "its baseline, which hidden pixels show or a path starts at, is the reference",
  zero: "the score itself is shared out, as if from 0: a reference changes the number alone",
  slope: "it tells how the score changes at this picture, which a reference does not alter",
  none: "it does not look at the score",
} as const;

export type ReferenceUse = keyof typeof referenceUses;

/** What a method takes. */
export interface Takes {
  readonly inputs: readonly TakenInput[];
  readonly targets: readonly TargetKind[];
  readonly reference: ReferenceUse;
  /** Whether several inputs are explained by one run, or each by its own, with the others as they are. */
  readonly several: "together" | "each";
}

/** What a method takes that leaves nothing out but what is named. */
export function takes(
  reference: ReferenceUse,
  { inputs, targets, several = "together" }: Partial<Omit<Takes, "reference">> = {},
): Takes {
  return {
    inputs: inputs ?? (Object.keys(takenInputs) as TakenInput[]),
    targets: targets ?? (Object.keys(targetKinds) as TargetKind[]),
    reference,
    several,
  };
}

/** What methods take that cut the picture into pieces, or cover it with cells, along its two axes. */
export const planarInputs: readonly TakenInput[] = ["picture", "several"];
