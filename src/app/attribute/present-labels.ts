/** @file The labels that a picture has, of networks whose labels are answers of yes or no each. */
import { scoreRows } from "../../attribution/perturbation/scored-rows.ts";
import type { StopSignal } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { probabilityOf } from "../../scores/class-targets.ts";
import type { ExplainedModel } from "../../scores/explained-model.ts";
import { formatProbability } from "../../wording/numbers.ts";
import { namesIn } from "./findings.ts";
import type { Answer } from "./method-runs.ts";

/** A label that is more probable than not. */
export interface PresentLabel {
  readonly class: number;
  readonly probability: number;
}

/** The labels above 0.5 of each picture of `input` [N, C, H, W], the most probable first; undefined for other heads. */
export async function presentLabels(
  { model, isOfHead }: ExplainedModel,
  input: Tensor,
  signal: StopSignal,
): Promise<readonly (readonly PresentLabel[])[] | undefined> {
  if (!isOfHead || model.head.kind !== "labels") return undefined;
  const rows = await scoreRows(model, input, { targets: "top", values: [model.logits], signal });
  return rows.map(({ values }) => {
    const logits = Array.from(values[0]!);
    const all = logits.map((_, i) => ({
      class: i,
      probability: probabilityOf(logits, i, model.head) ?? 0,
    }));
    return all
      .filter(({ probability }) => probability > 0.5)
      .toSorted((a, b) => b.probability - a.probability);
  });
}

/** More labels make a line that nobody reads. */
const mostListed = 6;

/** "above 0.5: dog 0.93, ball 0.71", for the picture of a row; undefined where the network's labels are no answers. */
export function presentText(
  { present, ...answer }: Pick<Answer, "present" | "isOfDefault" | "otherNames">,
  row: number,
  names: readonly string[] | undefined,
): string | undefined {
  const own = present?.[row];
  if (!own) return undefined;
  if (own.length === 0) return "no label above 0.5";
  const nameOf = (label: number) => namesIn(answer, names)?.[label] ?? `class ${label}`;
  const listed = own
    .slice(0, mostListed)
    .map((label) => `${nameOf(label.class)} ${formatProbability(label.probability)}`);
  const more = own.length - listed.length;
  return `above 0.5: ${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
