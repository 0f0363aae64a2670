/** @file Which classes the cells of a grid speak for: what the layer's numbers at their places add to logits. */
import type { JobContext } from "../../app/context.ts";
import { throwIfAborted } from "../../errors.ts";
import type { CellClassesJob } from "../jobs/job.ts";
import type { PartStore } from "../jobs/part-store.ts";
import { PhotoReader } from "../jobs/photo-reader.ts";
import type { AtlasPlan } from "../plan.ts";
import { encodeCellClasses, placesOfCell, type CellClass } from "./cell-classes-part.ts";
import { gridOf } from "./grid-job.ts";
import { shownMembers } from "./grid-part.ts";
import { placeEffects, type PicturePlace } from "./place-effects.ts";

/** Classes that are named of a cell. */
const mostNamed = 4;

/** A mean that is nearer to 0 than so many standard errors is not named. */
const leastErrors = 3;

/** The part's bytes. Throws `aborted`. */
export async function cellClassesPart(
  plan: AtlasPlan,
  { layer: name, first, end }: CellClassesJob,
  store: PartStore,
  context: Pick<JobContext, "platform" | "signal">,
  onShare: (share: number) => void,
): Promise<Uint8Array> {
  const layer = plan.layers.find((each) => each.name === name)!;
  const { model } = plan.readOut!;
  const isYesNo = model.head.kind === "yes-no";
  const cells = (await gridOf(plan, name, store)).cells.slice(first, end);
  const photos = new PhotoReader(plan, context);
  const found: (readonly CellClass[])[] = [];
  for (const { members } of cells) {
    throwIfAborted(context.signal, "atlas");
    const places: PicturePlace[] = [];
    for (const { photo, place } of shownMembers(members).slice(0, placesOfCell))
      places.push({ input: (await photos.read(photo)).input, place });
    const effects = await placeEffects(model, layer, places, context.signal);
    // Of an answer of yes or no there is one logit: no is what lowers it.
    const all = isYesNo ? effects.map(([yes]) => Float32Array.of(-yes!, yes!)) : effects;
    found.push(spokenFor(all));
    onShare(found.length / cells.length);
  }
  return encodeCellClasses(found);
}

/** The classes of the largest means over places [places][classes], as far as these tell them from 0. */
export function spokenFor(effects: readonly Float32Array[]): readonly CellClass[] {
  const count = effects.length;
  if (count < 2) return [];
  const classes = Array.from(effects[0]!, (_, number): CellClass => {
    const own = effects.map((each) => each[number]!);
    const mean = own.reduce((sum, value) => sum + value, 0) / count;
    const square = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return [number, mean, Math.sqrt(square / (count - 1) / count)];
  });
  return classes
    .filter(([, mean, error]) => mean > 0 && mean >= leastErrors * error)
    .toSorted(([a, mean], [b, other]) => other - mean || a - b)
    .slice(0, mostNamed);
}
