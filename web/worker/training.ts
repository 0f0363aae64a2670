/** @file Trains the digits network while the page looks, asks it at any moment that is kept, and hands it over. */
import { pictureOfFloats } from "../../src/image/float-picture.ts";
import type { Plane } from "../../src/image/picture.ts";
import { drawDigit } from "../../src/drawn/digits.ts";
import { LimpidError } from "../../src/errors.ts";
import type {
  ChannelPast,
  ChannelRequest,
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
import { pastMoments, planesOf, tilesOf } from "./trained-tiles.ts";

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

/** A channel over the epochs; of maps, of the digit that was asked about last. Throws as `askTrained`. */
export async function channelPast(_: Desk, { of, channel }: ChannelRequest): Promise<ChannelPast> {
  const own = trained();
  const numbers = pastMoments(own.kept.map(({ epoch }) => epoch));
  const planes: Plane[] = [];
  for (const number of numbers) {
    const moment = own.momentAt(number);
    // oxlint-disable-next-line no-await-in-loop -- one network looks at the digit, with the weights of one moment after the other
    const layer = of === "kernels" ? own.kernelsAt(moment) : (await own.ask(moment, digit)).maps;
    planes.push(planesOf(layer)[channel]!);
  }
  const tiles = tilesOf(planes, of);
  const moments = numbers.map((number, i) => ({
    ...tiles[i]!,
    number,
    epoch: own.momentAt(number).epoch,
  }));
  return { of, channel, moments };
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
  const { maps, probabilities } = await own.ask(moment, digit);
  return {
    number,
    epoch: moment.epoch,
    kernels: tilesOf(planesOf(own.kernelsAt(moment)), "kernels"),
    maps: tilesOf(planesOf(maps), "maps"),
    probabilities,
  };
}
