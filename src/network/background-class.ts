/** @file Names of classes for networks that have a class for everything else, or gaps, that the names leave out. */
import { option, say, type Message } from "../wording/face.ts";

/** The class of nothing that is named, as TensorFlow's networks and many detectors count it first. */
export const background = "background";

/** Names for every class, and what was assumed of them. */
export interface SpreadNames {
  readonly names: readonly string[];
  readonly note: Message;
}

/**
 * As many names as classes, where one name less was given: class 0 is taken for the background, as in TF-Slim, TF-Hub and SSD;
 * the last, if the first name is a background already. The 80 names of COCO are put at the 90 numbers that COCO
 * has, of 91 behind the background. Undefined for any other number of classes.
 */
export function spreadNames(
  given: readonly string[],
  classes: number,
  from: string,
): SpreadNames | undefined {
  const cocoed = isCoco(given) ? cocoNames(given, classes, from) : undefined;
  if (cocoed) return cocoed;
  if (classes !== given.length + 1 || given.length < 2 || isNamed(given)) return undefined;
  const note = say`${from} has ${given.length} names and the output one number more: class 0 is assumed to be the ${background}, and the first name that of class 1 (${option("labels", "FILE")} says otherwise)`;
  return { names: [background, ...given], note };
}

/** Classes of ImageNet. */
const imagenetCount = 1000;

/** Whether there are as many classes as ImageNet has, or one more, for the background. */
export function isImagenetCount(classes: number | string | undefined): boolean {
  return classes === imagenetCount || classes === imagenetCount + 1;
}

/** ImageNet's names, behind the background for 1,001 classes; they are loaded when they are asked for. */
export async function imagenetNames(classes: number): Promise<readonly string[]> {
  const { imagenetClasses } = await import("./imagenet-classes.ts");
  return classes === imagenetCount + 1 ? [background, ...imagenetClasses] : imagenetClasses;
}

/** Whether a list has a class for nothing already. */
function isNamed(names: readonly string[]): boolean {
  const nothing = /^(__?)?(background|bg|none|nothing|no[ _-]?object|n\/a)(__?)?$/i;
  return [names[0]!, names.at(-1)!].some((name) => nothing.test(name));
}

/** COCO numbers its 80 classes from 1 to 90, without these. */
const cocoGaps: ReadonlySet<number> = new Set([12, 26, 29, 30, 45, 66, 68, 69, 71, 83]);
const cocoNumbers = Array.from({ length: 90 }, (_, i) => i + 1).filter((id) => !cocoGaps.has(id));

function isCoco(names: readonly string[]): boolean {
  const plain = names.map((name) => name.toLowerCase());
  return plain.length === 80 && plain[0] === "person" && plain[79] === "toothbrush";
}

function cocoNames(
  given: readonly string[],
  classes: number,
  from: string,
): SpreadNames | undefined {
  if (classes !== 90 && classes !== 91) return undefined;
  const first = classes === 91 ? 0 : 1;
  const names = Array.from({ length: classes }, (_, i) => {
    const at = cocoNumbers.indexOf(i + first);
    if (at >= 0) return given[at]!;
    return i + first === 0 ? background : `number ${i + first}, unused`;
  });
  const behind = first === 0 ? `, behind the ${background}` : "";
  const note = say`${from} has COCO's 80 names and the output ${classes} numbers: they are assumed to be COCO's own from 1 to 90, of which ten are unused${behind}`;
  return { names, note };
}
