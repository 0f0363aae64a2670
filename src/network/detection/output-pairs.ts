/** @file Pairs of outputs that tell of the same predictions: scores [1, n, classes] and boxes [1, n, 4]. */
import type { LayoutFacts, SizedOutput } from "./layout.ts";

/** Scores and boxes of as many predictions. */
export interface OutputPair {
  readonly scores: SizedOutput;
  readonly boxes: SizedOutput;
}

/** Names of outputs that boxes have in the files of many exporters; others may have four classes. */
const boxNames = /box|dets|loc|reg/i;

/** The pairs of a network's outputs, those whose boxes are called so first. */
export function pairsOf({ outputs }: Pick<LayoutFacts, "outputs">): readonly OutputPair[] {
  const tables = outputs.filter(({ dims, isFloating }) => isFloating && dims.length === 3);
  const boxes = tables.filter(({ dims }) => dims[2] === 4);
  const pairs = boxes.flatMap((box) =>
    tables
      .filter((other) => other !== box && other.dims[1] === box.dims[1])
      .map((scores) => ({ scores, boxes: box })),
  );
  const rank = (pair: OutputPair) => (areCalledBoxes(pair) ? 0 : 1);
  return pairs.toSorted((a, b) => rank(a) - rank(b));
}

/** Whether an output's name says that it holds boxes. */
export function areCalledBoxes({ boxes }: OutputPair): boolean {
  return boxNames.test(boxes.name);
}
