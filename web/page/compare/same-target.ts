/** @file What a second network is asked so that it explains what the first does. */
import { overlapOf } from "../../../src/network/detection/suppression.ts";
import { betweenTerms } from "../../../src/scores/target-text.ts";
import { nameIndex } from "../../../src/wording/name-index.ts";
import type { ClassAnswer, OpenedModel, SeenPicture, ShownMap } from "../../protocol.ts";
import type { ShownBox } from "../../shown-region.ts";
import { sameClasses, type KnownClasses, type SameClass } from "./same-classes.ts";

/** A network and the picture that it looks at. */
export interface Looking {
  readonly model: Pick<OpenedModel, "classes">;
  readonly picture: Pick<SeenPicture, "answers" | "listed">;
}

/** What it is asked, as the command takes it. */
interface AskedOfSecond {
  readonly target: string;
  /** Whether it is the same by its name alone, such as a layer's channel, so that only the map says what it is of. */
  readonly isByName: boolean;
}

/** Undefined where the second has nothing that is the same, or nothing says what that is. */
export function targetOfSecond(
  { asked, class: explained }: Pick<ShownMap, "asked" | "class">,
  first: Looking,
  second: Looking,
): AskedOfSecond | undefined {
  const same = sameClasses(classesOf(first), classesOf(second));
  const box = boxMeant(asked.target, asked.region, first.picture.answers);
  if (box) return certain(sameBox(box, second.picture.answers, same));
  const terms = asked.target.split(betweenTerms);
  if (terms.length > 1) return sameTerms(terms, first.model.classes, same);
  if (explained !== undefined) return certain(same?.(explained)?.toString());
  return { target: asked.target, isByName: true };
}

function certain(target: string | undefined): AskedOfSecond | undefined {
  return target === undefined ? undefined : { target, isByName: false };
}

function classesOf({ model, picture: { answers, listed } }: Looking): KnownClasses {
  const areBoxes = answers.some(({ box }) => box !== undefined);
  return { names: model.classes, count: areBoxes ? undefined : listed[1] };
}

type BoxAnswer = ClassAnswer & { readonly box: ShownBox };

function isBox(answer: ClassAnswer): answer is BoxAnswer {
  return answer.box !== undefined;
}

interface MeantBox {
  /** Undefined where it is not among those that are listed. */
  readonly answer: BoxAnswer | undefined;
  /** Of a side of it, as ".x". */
  readonly side: string;
}

/** The box that is explained; undefined where none is, or one that a part of the picture chooses. */
function boxMeant(
  target: string,
  region: string | undefined,
  answers: readonly ClassAnswer[],
): MeantBox | undefined {
  const boxes = answers.filter(isBox);
  const isBest = target === "top" && region === undefined && boxes.length > 0;
  const [, named, side = ""] =
    /^(box:\d+)(\.[xywh])?$/.exec(isBest ? boxes[0]!.target : target) ?? [];
  if (named === undefined) return undefined;
  return { answer: boxes.find((box) => box.target === named), side };
}

/** The box of the same class that overlaps it most. */
function sameBox(
  { answer, side }: MeantBox,
  answers: readonly ClassAnswer[],
  same: SameClass | undefined,
): string | undefined {
  if (!answer) return undefined;
  const alike = answers.filter(isBox).filter((other) => other.class === same?.(answer.class));
  const found = alike
    .map((other) => ({ other, share: overlapOf(answer.box, other.box) }))
    .filter(({ share }) => share > 0)
    .toSorted((a, b) => b.share - a.share)[0];
  return found && `${found.other.target}${side}`;
}

/** Every second term is a sign. What is no class of the first is left as it is written. */
function sameTerms(
  terms: readonly string[],
  names: readonly string[] | undefined,
  same: SameClass | undefined,
): AskedOfSecond | undefined {
  const classes = terms.map((term, i) => (i % 2 === 1 ? undefined : classNamed(term, names)));
  if (classes.some((number, i) => i % 2 === 0 && number === undefined)) {
    return { target: terms.join(" "), isByName: true };
  }
  const partners = classes.map((number) => (number === undefined ? undefined : same?.(number)));
  if (partners.some((number, i) => i % 2 === 0 && number === undefined)) return undefined;
  return certain(terms.map((term, i) => partners[i] ?? term).join(" "));
}

function classNamed(text: string, names: readonly string[] | undefined): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const found = nameIndex(names ?? [])(text);
  return found.length === 1 ? found[0] : undefined;
}
