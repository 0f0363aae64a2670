/** @file What an output must be to be read as its user says. */
import { LimpidError } from "../errors.ts";
import { formatShape } from "../graph/tensor.ts";
import { option, say } from "../wording/face.ts";
import type { HeadKind, Sizes } from "./head-kind.ts";

/** Throws `bad-option` for a kind that an output of this shape cannot be. */
export function requireKind(kind: HeadKind, output: string, shape: Sizes | undefined): void {
  const wanted = unfit(kind, shape);
  if (wanted === undefined) return;
  throw new LimpidError(
    "bad-option",
    `kind: "${kind}" must be of an output with ${wanted}, got "${output}" of shape ${formatShape(shape!)}. choose another kind.`,
  );
}

/** Throws `bad-option` where a sigmoid of numbers, which are no logits, would be told as a probability. */
export function requireLogits(kind: HeadKind, output: string, noLogits: string | undefined): void {
  if (noLogits === undefined) return;
  const other = kind === "labels" ? "values" : "value";
  throw new LimpidError(
    "bad-option",
    say`kind: "${kind}" must be of logits, or of what a sigmoid makes of them, got output "${output}", whose numbers are no logits: ${noLogits}. ${option("kind", other)} tells what the file gives.`,
  );
}

/** What an output of this shape would have to have to be of a kind; undefined where it can be. */
export function unfit(kind: HeadKind, shape: Sizes | undefined): string | undefined {
  if (!shape) return undefined;
  const units = shape
    .slice(1)
    .reduce((product: number, size) => product * (typeof size === "number" ? size : 1), 1);
  const isOpen = shape.slice(1).some((size) => typeof size !== "number");
  const isMap = shape.length === 4 || shape.length === 3;
  return {
    "yes-no": units === 1 ? undefined : "one number",
    value: units === 1 ? undefined : "one number",
    classes: units > 1 || isOpen ? undefined : "several numbers",
    labels: units > 1 || isOpen ? undefined : "several numbers",
    values: undefined,
    embedding: units > 1 || isOpen ? undefined : "several numbers",
    items: undefined,
    boxes: undefined,
    map: isMap ? undefined : "four axes, or [N, H, W]",
    "value-map": isMap ? undefined : "four axes, or [N, H, W]",
  }[kind];
}
