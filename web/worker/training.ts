/** @file Trains the digits network while the page looks, asks it at any moment that is kept, and hands it over. */
import { colorize, scaleFor } from "../../src/image/colormap.ts";
import { pictureOfFloats } from "../../src/image/float-picture.ts";
import { plane } from "../../src/image/picture.ts";
import { toFloat32, type Tensor } from "../../src/graph/tensor.ts";
import { drawDigit } from "../../src/drawn/digits.ts";
import { LimpidError } from "../../src/errors.ts";
import type { Pixels } from "../protocol.ts";
import type {
  DigitRequest,
  EpochFacts,
  ExcitedMoment,
  TrainedMoment,
  TrainingRequest,
} from "../training-protocol.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";
import { DigitTrainer, type KeptMoment } from "./digit-trainer.ts";
import { digitSide, sketchSteps } from "./excited-answers.ts";
import { pixelsOf } from "./pixels.ts";

/** What is trained in a worker: there is one at a time. */
let trainer: DigitTrainer | undefined;
/** What the network is asked about while it learns. */
let digit: Float32Array = drawDigit(7, 4).picture;

/** Throws `aborted` when stopped, and as `train`. */
export async function trainDigits(
  desk: Desk,
  { epochs, seed, isNew }: TrainingRequest,
  call: CallContext,
): Promise<null> {
  const own = await trainerFor(desk, seed, isNew);
  const before = own.epochsDone;
  let [losses, done]: [number[], EpochFacts | undefined] = [[], undefined];
  const tell = (epoch: number, moment: TrainedMoment | undefined) => {
    call.tell({ kind: "training", epoch, epochs: before + epochs, losses, done, moment });
    [losses, done] = [[], undefined];
  };
  if (isNew) tell(0, await momentOf(own, own.momentAt(0), 0));
  await own.train(epochs, {
    signal: call.signal,
    onLoss: (loss) => losses.push(loss),
    onKept: async (moment, number) => tell(moment.epoch, await momentOf(own, moment, number)),
    onEpoch: ({ epoch, heldOut: { loss, accuracy } }, { confusion }) => {
      done = { epoch, loss, accuracy, confusion };
      tell(epoch, undefined);
    },
  });
  return null;
}

async function trainerFor(desk: Desk, seed: number, isNew: boolean): Promise<DigitTrainer> {
  if (trainer && !isNew) return trainer;
  await trainer?.release();
  trainer = new DigitTrainer(await desk.platform.openRuntime("wasm"), seed);
  return trainer;
}

/** Throws `bad-option` before anything was trained, and for a moment that is not kept. */
export async function askTrained(_: Desk, asked: DigitRequest): Promise<TrainedMoment> {
  digit = asked.digit;
  const own = trained();
  const number = asked.moment ?? own.kept.length - 1;
  return momentOf(own, own.momentAt(number), number);
}

/** What excites the answers of a moment most. Throws as `askTrained`, and `aborted` when stopped. */
export async function excitedMoment(
  _: Desk,
  { moment: number }: { readonly moment: number },
  { signal }: CallContext,
): Promise<ExcitedMoment> {
  const own = trained();
  const moment = own.momentAt(number);
  const made = await own.excitedAt(moment, signal);
  const size = { channels: 1, heightPx: digitSide, widthPx: digitSide } as const;
  const answers = made.map(({ picture, start, activation, silent }) => ({
    picture: pixelsOf(pictureOfFloats(picture, size, "range")),
    start,
    reached: activation,
    isSilent: silent,
  }));
  return { number, epoch: moment.epoch, steps: sketchSteps, answers };
}

/** The network of a moment as a file. Throws as `askTrained`. */
export async function trainedModel(
  _: Desk,
  { moment }: { readonly moment: number },
): Promise<Uint8Array<ArrayBuffer>> {
  const own = trained();
  return Uint8Array.from(own.modelAt(own.momentAt(moment)));
}

function trained(): DigitTrainer {
  if (trainer) return trainer;
  throw new LimpidError("bad-option", "training: a network must be trained first, got none.");
}

async function momentOf(
  own: DigitTrainer,
  moment: KeptMoment,
  number: number,
): Promise<TrainedMoment> {
  const { kernels, maps, probabilities } = await own.ask(moment, digit);
  return {
    number,
    epoch: moment.epoch,
    kernels: sideBySide(kernels, true),
    maps: sideBySide(maps, false),
    probabilities,
  };
}

/** Planes [count, ..., height, width] in one scale, four to a row, with a line of nothing between. */
function sideBySide(value: Tensor, signed: boolean): Pixels {
  const numbers = toFloat32(value);
  const [height, width] = value.dims.slice(-2) as [number, number];
  const [columns, gap] = [4, 1];
  const count = numbers.length / (height * width);
  const rows = Math.ceil(count / columns);
  const all: Pixels = {
    width: columns * (width + gap) - gap,
    height: rows * (height + gap) - gap,
    data: new Uint8ClampedArray(
      4 * (columns * (width + gap) - gap) * (rows * (height + gap) - gap),
    ),
  };
  const scale = scaleFor(numbers, { signed });
  for (let i = 0; i < count; i++) {
    const own = plane(width, height, numbers.slice(i * height * width, (i + 1) * height * width));
    const [left, top] = [(i % columns) * (width + gap), Math.floor(i / columns) * (height + gap)];
    put(all, pixelsOf(colorize(own, scale)), left, top);
  }
  return all;
}

function put(all: Pixels, tile: Pixels, left: number, top: number): void {
  for (let y = 0; y < tile.height; y++) {
    const row = tile.data.subarray(4 * y * tile.width, 4 * (y + 1) * tile.width);
    all.data.set(row, 4 * ((top + y) * all.width + left));
  }
}
