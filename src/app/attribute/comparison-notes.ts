/** @file What numbers are compared with, in sentences: a reference, 0, or the pixels of a baseline. */
import type { AskedKinds } from "../../attribution/require-takes.ts";
import { takenBy, targetKindOf } from "../../attribution/require-takes.ts";
import type { ReferenceUse } from "../../attribution/takes.ts";
import type { ExplainedModel } from "../../scores/explained-model.ts";
import type { Reference } from "../../scores/target.ts";
import { option, say, type Message } from "../../wording/face.ts";
import type { Answer, MethodRun } from "./method-runs.ts";

interface Compared {
  readonly reference: Reference | undefined;
  readonly explained: ExplainedModel;
  readonly kinds: AskedKinds;
}

/** What each method makes of a reference; of a value without one, what it is compared with instead. */
export function comparisonNotes(
  runs: readonly MethodRun[],
  { reference, explained, kinds }: Compared,
): readonly Message[] {
  const uses: ReferenceUse[] = ["pixels", "zero", "slope", "none"];
  return uses.flatMap((use) => {
    const found = runs.filter(({ method }) => takenBy(method).reference === use);
    const names = [...new Set(found.map(({ name }) => name))].join(", ");
    if (names === "") return [];
    if (reference) return [withReference(names, use, reference)];
    return kinds.target === "value" ? withoutReference(names, use, explained) : [];
  });
}

function withReference(names: string, use: ReferenceUse, { name }: Reference): Message {
  switch (use) {
    case "pixels":
      return say`${names}: compared with ${name}, whose pixels are the baseline`;
    case "zero":
      return say`${names}: the map shares out the score of the picture alone, as if from 0; only the number is compared with ${name}`;
    case "slope":
      return say`${names}: the map is the same without a reference, as it tells how the score changes at the picture; only the number is compared with ${name}`;
    case "none":
      return say`${names}: the map does not look at the score; only the number is compared with ${name}`;
  }
}

function withoutReference(
  names: string,
  use: ReferenceUse,
  { output }: ExplainedModel,
): readonly Message[] {
  const another = say`${option("reference", "FILE")} compares it with a picture, or a folder of them`;
  if (use === "zero") {
    return [
      say`${names}: the value of "${output!}" is shared out as if from 0, so that what a network adds to every picture may lie on places without anything; ${another}`,
    ];
  }
  if (use !== "pixels") return [];
  return [
    say`${names}: the value of "${output!}" is compared with that of a picture of the baseline alone; ${another}`,
  ];
}

/** What the maps of a value start from where nothing is compared with, for the line of its numbers; undefined for others. */
export function measuredText({
  reference,
  explained,
  question,
  results,
}: Pick<Answer, "reference" | "explained" | "question" | "results">): string | undefined {
  if (reference || targetKindOf(question.targets[0]!, explained) !== "value") return undefined;
  const uses = new Set(results.map(({ run }) => takenBy(run.method).reference));
  const told = Object.entries(starts).flatMap(([use, start]) =>
    uses.has(use as ReferenceUse) ? [start] : [],
  );
  return told.length === 0 ? undefined : `measured ${told.join(" or ")}`;
}

/** Where maps start from that are compared with nothing. */
const starts: Readonly<Partial<Record<ReferenceUse, string>>> = {
  zero: "from 0",
  pixels: "from its baseline's value",
  slope: "by its slope here",
};
