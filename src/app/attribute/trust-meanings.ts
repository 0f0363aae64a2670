/** @file What the numbers about maps mean and do not mean, those that there are. */
import { faithfulnessMeanings } from "../../attribution/check/faithfulness-text.ts";
import type { Answer } from "./method-runs.ts";

/** A sentence for each kind of number that some map of the answers has. */
export function trustMeanings(answers: readonly Pick<Answer, "results">[]): readonly string[] {
  const found = answers
    .flatMap(({ results }) => results)
    .flatMap((result) => ("maps" in result ? (result.trust ?? []) : []))
    .filter((trust) => "fills" in trust);
  const { srg, fills, cause, drawn, completeness } = faithfulnessMeanings;
  return [
    ...(found.length > 0 ? [srg, fills, cause] : []),
    ...(found.some((trust) => "likeness" in trust.drawn) ? [drawn] : []),
    ...(found.some(({ completenessGap }) => completenessGap !== undefined) ? [completeness] : []),
  ];
}
