/** @file A conversion in words. */
import { formatShape } from "../../graph/tensor.ts";
import { formatCount, formatMegabytes, formatNumber } from "../../wording/numbers.ts";
import { textLines } from "../../wording/shown-text.ts";
import type { ConvertRecord } from "./schema.ts";

/** What was written, and how far it is the same, a line a thing. */
export function convertText(record: ConvertRecord): string {
  const { files, nodes, parameters, digest, compared } = record;
  const sizes = `${formatCount(nodes)} nodes, ${formatCount(parameters)} parameters`;
  return textLines([
    ...files.map(({ path, bytes }) => `${path}  ${formatMegabytes(bytes)}`),
    `${sizes}, digest ${digest.slice(0, 12)}`,
    ...(compared ? comparedLines(compared) : []),
  ]);
}

function comparedLines({
  seed,
  inputs,
  outputs,
}: NonNullable<ConvertRecord["compared"]>): readonly string[] {
  const fed = inputs.map(({ name, shape }) => `${name} ${formatShape(shape)}`).join(", ");
  const largest = outputs.reduce((most, { difference }) => Math.max(most, difference), 0);
  const got = largest === 0 ? "the same numbers" : `${formatNumber(largest)} apart at most`;
  return [`run beside the model on random input ${fed} of seed ${seed}: ${got}`];
}
