/** @file Batches of a data set: shuffled, augmented, read ahead of the step, the same for the same seed. */
import { LimpidError, throwIfAborted, type StopSignal } from "../../errors.ts";
import { elementCount, tensor } from "../../graph/tensor.ts";
import { planar, scaleInto, type AffineScaling } from "../../image/affine.ts";
import { randomStream } from "../../random.ts";
import { augment, type Augmentation } from "./augment.ts";
import type { Batch, BatchSource, SkippedExample } from "./batch-source.ts";
import type { Dataset, Example } from "../../image/dataset.ts";

export interface BatchOptions {
  /** Examples that go through a step together. */
  readonly batch: number;
  /** 0 by default. */
  readonly seed?: number;
  /** Another order in every epoch; as the data set has them by default. */
  readonly shuffle?: boolean;
  readonly augmentation?: Augmentation;
  /** Pictures stay in 0..1 by default. */
  readonly scaling?: AffineScaling;
  /** Stop at the first example that cannot be read, instead of doing without it. */
  readonly strict?: boolean;
  /**
   * Put the next readable example in the place of one that cannot be read, so that batches keep their size.
   * By default when shuffling; without it the example is left out, so that none is evaluated twice.
   */
  readonly fill?: boolean;
  /** Leave out the last batch of an epoch where it would be smaller than the others. */
  readonly dropLast?: boolean;
}

/** Batches that are made while a step runs: bounded, so that memory is. */
const batchesAhead = 2;
/** Examples that are read at the same time. */
const readsAtOnce = 4;

/**
 * Batches of a data set. What an epoch holds depends on the seed and its number alone, also from a later
 * batch on and where examples cannot be read. Those are told in `skipped`; with `strict` they throw their
 * `bad-file`, as does a data set of which nothing can be read. Throws `bad-option` for an empty data set, for
 * a batch size that gives no batch, and for a scaling that does not fit the channels.
 */
export function batchSource(dataset: Dataset, options: BatchOptions): BatchSource {
  return new DatasetBatches(dataset, options);
}

/** A readable example in its place of the epoch's order. */
interface Row extends Example {
  readonly index: number;
}

class DatasetBatches implements BatchSource {
  readonly batchesPerEpoch: number;
  readonly #dataset: Dataset;
  readonly #options: BatchOptions;
  readonly #skipped = new Map<number, SkippedExample>();

  constructor(dataset: Dataset, options: BatchOptions) {
    const { batch, dropLast = false } = options;
    if (!Number.isInteger(batch) || batch < 1) {
      throw badOption(`the batch size must be a positive whole number, got ${batch}.`);
    }
    const exact = dataset.length / batch;
    this.batchesPerEpoch = dropLast ? Math.floor(exact) : Math.ceil(exact);
    if (this.batchesPerEpoch === 0) {
      throw badOption(
        `the data set must fill a batch${dropLast ? ` of ${batch}` : ""}, got ${dataset.length} examples.`,
      );
    }
    requireScaling(options.scaling, dataset.dims[0]);
    requireUnmoved(options.augmentation, dataset);
    this.#dataset = dataset;
    this.#options = options;
  }

  get skipped(): readonly SkippedExample[] {
    return [...this.#skipped.entries()].sort(([a], [b]) => a - b).map(([, example]) => example);
  }

  async *batches(epoch: number, first = 0, signal?: StopSignal): AsyncGenerator<Batch> {
    const limit = limited(readsAtOnce);
    const order = this.#order(epoch);
    const queue: Promise<Batch>[] = [];
    let next = first;
    let isLeft = false;
    const prepare = () => {
      if (next >= this.batchesPerEpoch) return;
      const batch = this.#batch(epoch, order, next, (read) =>
        limit(() => {
          if (isLeft) throw new LimpidError("aborted", "batches: left before they were read.");
          return read();
        }),
      );
      // Whoever waits for the batch gets its error; this only says that somebody will.
      batch.catch(() => undefined);
      queue.push(batch);
      next += 1;
    };
    try {
      for (let i = 0; i < batchesAhead; i++) prepare();
      for (let batch = queue.shift(); batch; batch = queue.shift()) {
        throwIfAborted(signal, "batches");
        prepare();
        yield await batch;
      }
    } finally {
      isLeft = true;
    }
  }

  /** The example at each place of an epoch: a shuffle of Fisher and Yates. */
  #order(epoch: number): Int32Array {
    const order = Int32Array.from({ length: this.#dataset.length }, (_, i) => i);
    if (this.#options.shuffle !== true) return order;
    const random = randomStream(this.#options.seed ?? 0, "shuffle", epoch);
    for (let last = order.length - 1; last > 0; last--) {
      const other = random.below(last + 1);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    return order;
  }

  async #batch(
    epoch: number,
    order: Int32Array,
    number: number,
    limit: (read: () => Promise<Row | undefined>) => Promise<Row | undefined>,
  ): Promise<Batch> {
    const { batch, scaling } = this.#options;
    const chosen = order.subarray(number * batch, (number + 1) * batch);
    const found = await Promise.all(
      Array.from(chosen, (_, i) => limit(() => this.#row(epoch, order, number * batch + i))),
    );
    const rows = found.filter((row) => row !== undefined);
    const { dims } = this.#dataset;
    const pictures = new Float32Array(rows.length * dims[0] * dims[1] * dims[2]);
    const places = dims[1] * dims[2];
    for (const [i, { picture }] of rows.entries()) {
      const start = i * picture.length;
      if (!scaling) pictures.set(picture, start);
      else scaleInto(planar(picture, places), planar(pictures, places, start), places, scaling);
    }
    return {
      pictures: tensor("float32", [rows.length, ...dims], pictures),
      labels: labelsOf(rows, this.#dataset),
      indices: Int32Array.from(rows, (row) => row.index),
    };
  }

  /** The example of a place, or where it cannot be read the next one's, or none. */
  async #row(epoch: number, order: Int32Array, place: number): Promise<Row | undefined> {
    const { fill = this.#options.shuffle === true } = this.#options;
    for (let ahead = 0; ahead < (fill ? order.length : 1); ahead++) {
      const index = order[(place + ahead) % order.length]!;
      // oxlint-disable-next-line no-await-in-loop -- the next one is wanted only where this one fails
      const example = await this.#read(index);
      if (example)
        return { ...example, index, picture: this.#augment(example, epoch, index, ahead) };
    }
    if (!fill) return undefined;
    throw new LimpidError(
      "bad-file",
      `batches: at least one example must be readable, got ${order.length} that are not. the first: ${this.skipped[0]?.message}`,
    );
  }

  async #read(index: number): Promise<Example | undefined> {
    try {
      return await this.#dataset.read(index);
    } catch (cause) {
      const isUnreadable = cause instanceof LimpidError && cause.code === "bad-file";
      if (!isUnreadable || this.#options.strict === true) throw cause;
      this.#skipped.set(index, { title: this.#dataset.title(index), message: cause.message });
      return undefined;
    }
  }

  /** One that stands in for another is drawn anew, so that it is not there twice. */
  #augment(example: Example, epoch: number, index: number, ahead: number): Float32Array {
    const { seed = 0, augmentation } = this.#options;
    if (!augmentation || Object.keys(augmentation).length === 0) return example.picture;
    const keys = [seed, "augment", epoch, index, ...(ahead === 0 ? [] : [ahead])];
    return augment(example.picture, this.#dataset.dims, augmentation, randomStream(...keys));
  }
}

function badOption(what: string): LimpidError {
  return new LimpidError("bad-option", `batches: ${what}`);
}

/** Throws `bad-option` where pictures would move and labels of their places and objects would not. */
function requireUnmoved(augmentation: Augmentation | undefined, { labelForm }: Dataset): void {
  if (!labelForm || !augmentation || Object.keys(augmentation).length === 0) return;
  throw badOption(
    `pictures with labels of ${labelForm.kind === "places" ? "places" : "objects"} must stay as they are, got an augmentation. choose "none".`,
  );
}

function labelsOf(rows: readonly Row[], { labelForm }: Dataset): Int32Array {
  if (!labelForm) return Int32Array.from(rows, (row) => row.label);
  const each = elementCount(labelForm.dims);
  const labels = new Int32Array(rows.length * each);
  for (const [i, row] of rows.entries()) labels.set(row.labels!, i * each);
  return labels;
}

function requireScaling(scaling: AffineScaling | undefined, channels: number): void {
  if (!scaling) return;
  const lengths = [scaling.order, scaling.gain, scaling.offset].map(({ length }) => length);
  if (lengths.every((length) => length === channels)) return;
  throw badOption(
    `order, gain and offset of the scaling must be ${channels} numbers each, got ${lengths.join(", ")}.`,
  );
}

/** Runs what it is given in turn, at most `most` at a time. */
function limited(most: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
