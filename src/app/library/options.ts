/** @file What a user of the library may say when a network is opened, and with every call. */
import { throwIfAborted, type StopSignal } from "../../errors.ts";
import type { PixelRange } from "../../image/file-numbers.ts";
import type { Preprocessing } from "../../image/preprocess.ts";
import { libraryWords } from "../../wording/face.ts";
import type { JobContext, JobListener } from "../context.ts";
import type { GivenInput } from "../given-inputs.ts";
import type { AskedHead } from "../head-options.ts";
import type { JobPlatform } from "../job-platform.ts";
import type { RuntimeName } from "../platform.ts";

/** A way to stop, and somebody to tell; those of a call come before those of the network. */
export interface CallOptions extends JobListener {
  readonly signal?: StopSignal;
}

/** How a network is opened. */
export interface OpenOptions extends CallOptions, AskedHead {
  /** What computes: `cpu` in Node, `wasm` in a browser by default. */
  readonly runtime?: RuntimeName;
  /** How pictures become its input: a name, a .json file, or in data; without it what the model says. */
  readonly preprocess?: string | Preprocessing;
  /** [black, white]: numbers of pictures' files, for those of more than 8 bits; without it those of their format. */
  readonly range?: PixelRange;
  /** Sides of an input that is a row of numbers, or of a volume of open sides: "28x28", or [3, 32, 32]. */
  readonly shape?: string | readonly number[];
  /** Inputs beside the one that is shown, by their names: numbers, arrays, pixels or files; those without a slope are held. */
  readonly inputs?: Readonly<Record<string, GivenInput>>;
  /** Class names: a file, `imagenet`, or a list; without it what the model says. */
  readonly labels?: string | readonly string[];
  /** A file of weights (.pth, .pt, .bin, .safetensors) in the place of the network's own of the same names. */
  readonly weights?: string;
  /** Never touch the network. */
  readonly offline?: boolean;
}

/** How a result is drawn or saved, which is a call of its own: the signal of the call that it came of has ended with that. */
export type ResultOptions = Pick<CallOptions, "signal">;

const neverStopped: StopSignal = { aborted: false };

/** What a job of the library is given. Throws `aborted` where it is stopped already; `where` names the call. */
export function libraryContext(
  where: string,
  platform: JobPlatform,
  { offline = false, weights, ...usual }: OpenOptions,
  call: CallOptions = {},
): JobContext {
  const signal = call.signal ?? usual.signal ?? neverStopped;
  throwIfAborted(signal, where);
  const onProgress = call.onProgress ?? usual.onProgress;
  const onNote = call.onNote ?? usual.onNote;
  const onFailure = call.onFailure ?? usual.onFailure;
  return {
    platform,
    ...(weights === undefined ? {} : { weights }),
    offline,
    signal,
    words: libraryWords,
    ...(onProgress ? { onProgress } : {}),
    ...(onNote ? { onNote } : {}),
    ...(onFailure ? { onFailure } : {}),
  };
}

/** What drawing or saving a result is given. Throws as `libraryContext`. */
export function resultContext(
  where: "draw" | "save",
  context: JobContext,
  { signal = neverStopped }: ResultOptions = {},
): JobContext {
  throwIfAborted(signal, where);
  return { ...context, signal };
}
