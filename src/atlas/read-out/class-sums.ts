/** @file Contributions of channels to classes, summed over photos, as parts, put together, and what can be told of them. */
import { decodePart, encodePart } from "../jobs/part-file.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";

const format = "limpid-atlas-classes-1";

/** Fewer photos tell nothing of a mean. */
const leastPhotos = 10;

/** A mean is told where it is further from 0 than so many of its standard errors: by chance, 1 of 370 is. */
const leastErrors = 3;

/** Classes that are named of a unit, on either side. */
const mostNamed = 4;

/** A class that a unit speaks for or, below 0, against: the mean of its contributions and that mean's standard error. */
export type SpokenClass = readonly [number: number, mean: number, error: number];

/** Sums over photos, by layer [classes, channels]. */
export class ClassSums {
  readonly classes: readonly number[];
  readonly channels: readonly number[];
  photos = 0;
  readonly #sums: readonly Float64Array[];
  readonly #squares: readonly Float64Array[];

  /** `channels` has the number of channels of each layer. */
  constructor(classes: readonly number[], channels: readonly number[]) {
    this.classes = classes;
    this.channels = channels;
    const empty = () => channels.map((count) => new Float64Array(classes.length * count));
    this.#sums = empty();
    this.#squares = empty();
  }

  /** Takes in a photo's contributions, as `contributions` gives them. */
  add(photo: readonly Float64Array[]): void {
    this.photos += 1;
    for (const [layer, values] of photo.entries()) {
      const [sums, squares] = [this.#sums[layer]!, this.#squares[layer]!];
      for (let i = 0; i < values.length; i++) {
        sums[i]! += values[i]!;
        squares[i]! += values[i]! ** 2;
      }
    }
  }

  /** Takes in the sums of other photos. */
  absorb(other: ClassSums): void {
    this.photos += other.photos;
    for (const layer of this.channels.keys()) {
      for (const [all, part] of [
        [this.#sums[layer]!, other.#sums[layer]!],
        [this.#squares[layer]!, other.#squares[layer]!],
      ] as const)
        for (let i = 0; i < all.length; i++) all[i]! += part[i]!;
    }
  }

  /** The classes for which a channel can be told to speak, the largest mean first, and then those against which it does. */
  of(layer: number, channel: number): readonly SpokenClass[] {
    if (this.photos < leastPhotos) return [];
    const told = this.classes.flatMap((number, i): readonly SpokenClass[] => {
      const at = i * this.channels[layer]! + channel;
      const mean = this.#sums[layer]![at]! / this.photos;
      const spread = Math.max(this.#squares[layer]![at]! / this.photos - mean ** 2, 0);
      const error = Math.sqrt(spread / (this.photos - 1));
      return mean !== 0 && Math.abs(mean) >= leastErrors * error ? [[number, mean, error]] : [];
    });
    const sorted = told.toSorted(([a, mean], [b, other]) => other - mean || a - b);
    const below = sorted.filter(([, mean]) => mean < 0);
    return [
      ...sorted.filter(([, mean]) => mean > 0).slice(0, mostNamed),
      ...below.slice(Math.max(below.length - mostNamed, 0)),
    ];
  }

  encode(): Uint8Array {
    const tensors: Record<string, Tensor> = {
      classes: tensor("int32", [this.classes.length], Int32Array.from(this.classes)),
      photos: tensor("int32", [1], Int32Array.of(this.photos)),
    };
    for (const [layer, count] of this.channels.entries()) {
      const dims = [this.classes.length, count];
      tensors[`sums-${layer}`] = tensor("float64", dims, this.#sums[layer]!);
      tensors[`squares-${layer}`] = tensor("float64", dims, this.#squares[layer]!);
    }
    return encodePart(format, tensors);
  }

  /** Throws `bad-file` for bytes that are no such sums. */
  static decode(
    bytes: Uint8Array,
    part: string,
    classes: readonly number[],
    channels: readonly number[],
  ): ClassSums {
    const wanted = { format, part, holds: `what channels add to ${classes.length} classes` };
    return decodePart(bytes, wanted, (tensors) => {
      const found = new ClassSums(classes, channels);
      const { classes: numbers, photos } = tensors;
      const areSame = String(numbers?.data) === String(classes);
      if (!areSame || photos?.type !== "int32" || !found.#takes(tensors)) return undefined;
      found.photos = (photos.data as Int32Array)[0]!;
      return found;
    });
  }

  /** Whether all sums are there; then they are these. */
  #takes(tensors: Readonly<Record<string, Tensor>>): boolean {
    return this.channels.every((_, layer) =>
      (["sums", "squares"] as const).every((name) => {
        const own = name === "sums" ? this.#sums[layer]! : this.#squares[layer]!;
        const read = tensors[`${name}-${layer}`];
        if (read?.type !== "float64" || read.data.length !== own.length) return false;
        own.set(read.data as Float64Array);
        return true;
      }),
    );
  }
}
