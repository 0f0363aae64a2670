/** @file What a target means for a network: of one with numbers at every place, a class is one over a region; of a detector, over boxes. */
import { LimpidError } from "../errors.ts";
import { headKinds, type HeadKind } from "../network/head-kind.ts";
import type { Model } from "../network/model.ts";
import { option, say } from "../wording/face.ts";
import { headAsked } from "./explained-model.ts";
import { isOfPicture } from "./picture-target.ts";
import type { ClassTarget, CombinationTarget, PictureTarget, Region, Target } from "./target.ts";

/** What makes more of classes than their numbers. */
export interface MeaningContext {
  /** The part of the picture that is named. */
  readonly region?: Region;
  /** Names of the classes of the output that is explained where none is named. */
  readonly names?: readonly string[];
}

/** Makes of classes of an output what is found on a picture. */
type Meaning = (
  target: ClassTarget | CombinationTarget,
  context: MeaningContext,
  output: string,
) => PictureTarget | undefined;

/** THE table of heads whose classes lie somewhere in the picture. */
const meanings: { readonly [Kind in HeadKind]?: Meaning } = {
  map: overRegion,
  "value-map": overRegion,
  boxes: overBoxes,
};

/**
 * What a target means for pictures of shape [N, C, H, W], within a region if one is named. Throws `bad-option` for a
 * region of what lies nowhere in the picture, and as `headAsked`.
 */
export async function meantTarget(
  opened: Model,
  asked: Target,
  dims: readonly number[],
  { region, names }: MeaningContext = {},
): Promise<Target> {
  if (asked.kind === "box" && region) return { ...asked, region };
  if (isOfPicture(asked)) return asked;
  const { model, target } = await headAsked(opened, asked, dims);
  const { kind, output } = model.head;
  const isOfClasses = target.kind === "class" || target.kind === "combination";
  // Names belong to the output that is explained where none is named.
  const known = names && output === opened.head.output ? { names } : {};
  const context = { ...(region ? { region } : {}), ...known };
  const meant = isOfClasses ? meanings[kind]?.(target, context, output) : undefined;
  if (meant) return meant;
  if (!region || region.kind === "found") return asked;
  const name = region.kind;
  if (!isOfClasses && !target.place) return { kind: "unit-region", of: target, region };
  throw new LimpidError(
    "bad-option",
    isOfClasses
      ? say`${name}: a part of the picture can be meant of an output with numbers at every place, got "${output}": ${headKinds[kind]}. leave ${option(name)} out, or name a channel of a layer as ${option("target", "LAYER:CHANNEL")}.`
      : say`${name}: a part of the picture can be meant of a unit without a place, got one at ${target.place!.join("x")}. leave ${option(name)} out, or the place.`,
  );
}

function overRegion(
  target: ClassTarget | CombinationTarget,
  { region = { kind: "found" }, names }: MeaningContext,
  output: string,
): PictureTarget {
  const shared = { kind: "region", region, output, ...(names ? { names } : {}) } as const;
  if (target.kind === "class") return { ...shared, class: target.class };
  const [first, ...plus] = target.plus;
  return { ...shared, class: first!, plus, minus: target.minus };
}

/** The preferred class is the best box; a class is all its boxes; in a region that is named the best box there. */
function overBoxes(
  target: ClassTarget | CombinationTarget,
  { region }: MeaningContext,
): PictureTarget | undefined {
  if (target.kind !== "class") return undefined;
  const isAll = target.class !== "top" && (!region || region.kind === "found");
  return {
    kind: "box",
    box: isAll ? "all" : 0,
    ...(target.class === "top" ? {} : { class: target.class }),
    ...(region ? { region } : {}),
  };
}
