/** @file What every job is given besides its request: the machine, a way to stop it, and somebody to tell. */
import { type FaceWords, type Message } from "../wording/face.ts";
import type { StopSignal } from "../errors.ts";
import type { JobPlatform } from "./job-platform.ts";
import type { LocateRequest } from "./platform.ts";
import { formatMegabytes } from "../wording/numbers.ts";

/** How far a job is: the one kind of progress event. */
export interface ProgressEvent {
  /** What is going on: "maximize", "fetch vgg16.onnx". */
  readonly what: string;
  readonly done: number;
  readonly total: number;
  /** Says more: a loss, the file that is worked on. */
  readonly text?: string;
  /** Time left, as the speed so far tells; undefined while nothing is known. */
  readonly secondsLeft?: number;
  /** Nothing more will be told of this. */
  readonly isOver?: boolean;
}

/** What a job tells while it runs. */
export interface JobListener {
  onProgress?(event: ProgressEvent): void;
  /** What was assumed or chosen, a sentence. */
  onNote?(note: string | Message): void;
  /** What went wrong while the rest goes on, a sentence. */
  onFailure?(failure: string | Message): void;
}

/** What every job is given. */
export interface JobContext extends JobListener {
  readonly platform: JobPlatform;
  readonly signal: StopSignal;
  /** Never touch the network. */
  readonly offline: boolean;
  /** A file of weights that the network of the job is given in the place of its own. */
  readonly weights?: string;
  /** How the face that asks words what it offers, in records and figures. */
  readonly words: FaceWords;
}

/** Tells of one kind of work. */
export interface ProgressTeller {
  update(done: number, text?: string): void;
  end(): void;
}

export interface ProgressStart {
  readonly what: string;
  /** What `done` counts up to: steps, bytes, pictures. */
  readonly total: number;
  /** Already done before, as when work goes on: says nothing about speed. */
  readonly from?: number;
}

/** Tells a job's listener how far some work is. */
export function tellProgress(
  { platform, onProgress }: Pick<JobContext, "platform" | "onProgress">,
  { what, total, from = 0 }: ProgressStart,
): ProgressTeller {
  if (!onProgress) return { update: () => {}, end: () => {} };
  const startMs = platform.nowMs();
  let last = from;
  return {
    update(done, text) {
      last = done;
      const seconds = (platform.nowMs() - startMs) / 1000;
      onProgress({
        what,
        done,
        total,
        ...(text === undefined ? {} : { text }),
        ...(done > from ? { secondsLeft: (seconds * (total - done)) / (done - from) } : {}),
      });
    },
    end: () => onProgress({ what, done: last, total, isOver: true }),
  };
}

/** How a job has names located: a progress event a file that is downloaded. */
export async function withDownloads<T>(
  context: JobContext,
  work: (request: LocateRequest) => Promise<T>,
): Promise<T> {
  const tellers = new Map<string, ProgressTeller>();
  try {
    return await work({
      offline: context.offline,
      signal: context.signal,
      onNote: (note) => context.onNote?.(note),
      onDownload: (done, total, file) => {
        const known = tellers.get(file);
        const what = `fetch ${file.replace(/^.*[\\/]/s, "")}`;
        const teller = known ?? tellProgress(context, { what, total: total ?? 0, from: done });
        tellers.set(file, teller);
        teller.update(done, formatMegabytes(done));
      },
    });
  } finally {
    for (const teller of tellers.values()) teller.end();
  }
}
