/** @file How photos are cut into blocks that stay what they are where others come between: by their names, not by counting. */
import { randomStream } from "../random.ts";

/** A block ends behind one photo of so many, but is no shorter and no longer than this. */
const [endsOneOf, least, most] = [32, 32, 96] as const;

/** Photos from `first` to before `end`. */
interface PhotoBlock {
  readonly first: number;
  readonly end: number;
}

/** Blocks of photos in their order. A photo that is added or gone changes its own block, and at most a few behind it. */
export function photoBlocks(names: readonly string[]): readonly PhotoBlock[] {
  const found: PhotoBlock[] = [];
  let first = 0;
  for (const [i, name] of names.entries()) {
    const count = i + 1 - first;
    const isEnd = count >= least && randomStream("photo-block", name).below(endsOneOf) === 0;
    if (!isEnd && count < most && i + 1 < names.length) continue;
    found.push({ first, end: i + 1 });
    first = i + 1;
  }
  return found;
}

/**
 * Numbers of about as many photos as may be kept, in rising order: all, or one of 2, 4, 8, ... by their names, so that a photo that
 * is added leaves the others chosen.
 */
export function chosenPhotos(names: readonly string[], mostChosen: number): readonly number[] {
  const numbers = [...names.keys()];
  if (names.length <= mostChosen) return numbers;
  const rate = 2 ** Math.ceil(Math.log2(names.length / mostChosen));
  return numbers.filter((i) => randomStream("chosen-photo", names[i]!).below(rate) === 0);
}
