/** @file Frames of a camera, one after the other: those that come while one is explained are dropped. */
import type { WatchedFrame } from "../../live-protocol.ts";
import type { ExplainRequest, Pixels } from "../../protocol.ts";
import type { Store } from "../computing/store.ts";
import { FrameRate } from "./frame-rate.ts";

/** What watching needs of the page. */
export interface Watcher {
  readonly store: Store;
  /** What is asked about a frame. */
  asked(): ExplainRequest;
  /** Before a frame is explained. */
  begin(): void;
  /** One is explained; `perSecond` over the last second. */
  take(explained: {
    readonly pixels: Pixels;
    readonly frame: WatchedFrame;
    readonly perSecond: number;
  }): void;
}

/** Until it is stopped. Throws as `Client.call`. */
export async function watchFrames(
  stream: MediaStream,
  { store, asked, begin, take }: Watcher,
  signal: AbortSignal,
): Promise<void> {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  const rate = new FrameRate();
  const grab = new Grabber(store.state.model?.input ?? []);
  let next = frameOf(video, signal);
  while (await next) {
    // One that comes while this one is explained need not be waited for again.
    next = frameOf(video, signal);
    const pixels = grab.from(video);
    begin();
    const request = { pixels, explain: asked() };
    // oxlint-disable-next-line no-await-in-loop -- frames are explained one after the other
    const frame = await store.client.call("watch", request).answer;
    take({ pixels, frame, perSecond: rate.after(performance.now()) });
    if (signal.aborted) break;
  }
  video.srcObject = null;
}

/** Whether there is another frame; not once it is stopped. */
function frameOf(video: HTMLVideoElement, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(false);
    signal.addEventListener("abort", () => resolve(false), { once: true });
    video.requestVideoFrameCallback(() => resolve(!signal.aborted));
  });
}

/** A network that leaves its size open looks at so many pixels a side. */
const usualSide = 224;

/** Cuts the middle out of frames, at the network's own size. */
class Grabber {
  readonly #context: OffscreenCanvasRenderingContext2D;

  /** `input` is [C, H, W]. */
  constructor(input: readonly number[]) {
    const [, height = usualSide, width = usualSide] = input;
    const canvas = new OffscreenCanvas(width, height);
    this.#context = canvas.getContext("2d", { willReadFrequently: true })!;
  }

  from(video: HTMLVideoElement): Pixels {
    const { width, height } = this.#context.canvas;
    const times = Math.min(video.videoWidth / width, video.videoHeight / height);
    const [wide, high] = [times * width, times * height];
    const [left, top] = [(video.videoWidth - wide) / 2, (video.videoHeight - high) / 2];
    this.#context.drawImage(video, left, top, wide, high, 0, 0, width, height);
    return { width, height, data: this.#context.getImageData(0, 0, width, height).data };
  }
}
