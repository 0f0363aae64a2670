/** @file The live camera: frames are explained one after the other, those that come meanwhile are dropped; the page's state stays as it is. */
import { useEffect, useState } from "preact/hooks";
import type { WatchedFrame } from "../../live-protocol.ts";
import type { Pixels, ExplainRequest } from "../../protocol.ts";
import { CallError } from "../computing/client.ts";
import { FrameRate } from "./frame-rate.ts";
import type { Store } from "../computing/store.ts";

/** What the camera's frames are called. */
export const liveName = "camera";

/** Why it is stopped where something else is looked at. */
const left = Symbol("left");

export interface LiveState {
  readonly isOn: boolean;
  readonly frame: WatchedFrame | undefined;
  /** How many a second are explained, over the last second. */
  readonly perSecond: number;
  readonly error: string | undefined;
  /** Whether the browser keeps cameras from this page. */
  readonly isKept: boolean;
  /** Whether the camera gave no more frames by itself, as one that is unplugged. */
  readonly hasEnded: boolean;
}

/** What the camera needs of the page. */
interface Page {
  readonly store: Store;
  /** What is asked about a frame. */
  asked(): ExplainRequest;
  /** From now on frames are looked at. */
  begin(): void;
  /** No frame was explained: what was looked at before is looked at again. */
  goBack(): Promise<void>;
  /** The last frame is the picture that is looked at. */
  keep(frame: Pixels): Promise<void>;
}

export class LiveCamera {
  #state: LiveState = {
    isOn: false,
    frame: undefined,
    perSecond: 0,
    error: undefined,
    isKept: false,
    hasEnded: false,
  };
  readonly #listeners = new Set<() => void>();
  readonly #page: Page;
  #over: AbortController | undefined;
  /** The last frame that was explained. */
  #last: Pixels | undefined;
  /** Whether the worker looks at frames by now. */
  #isBegun = false;

  constructor(page: Page) {
    this.#page = page;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.stop();
    });
  }

  get state(): LiveState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Until it is stopped. */
  async start(): Promise<void> {
    if (this.#over) return;
    // Only pages of https and of this machine are given them.
    if (!("mediaDevices" in navigator)) {
      this.#set({ isKept: true });
      return;
    }
    const over = new AbortController();
    this.#over = over;
    this.#set({ isOn: true, frame: undefined, perSecond: 0, error: undefined, hasEnded: false });
    this.#last = undefined;
    this.#isBegun = false;
    let stream: MediaStream | undefined;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
      for (const track of stream.getTracks()) {
        track.addEventListener("ended", () => {
          this.#set({ hasEnded: true });
          over.abort();
        });
      }
      await this.#watch(stream, over.signal);
    } catch (error) {
      this.#fail(error);
    } finally {
      // Its light goes off with the last track.
      for (const track of stream?.getTracks() ?? []) track.stop();
      this.#over = undefined;
      this.#set({ isOn: false });
    }
    if (over.signal.reason === left) return;
    if (this.#last) await this.#page.keep(this.#last);
    else if (this.#isBegun) await this.#page.goBack();
  }

  #fail(error: unknown): void {
    const isCall = error instanceof CallError;
    if (isCall && error.lacking) this.#page.store.tell(error);
    else if (!isCall || error.code !== "aborted")
      this.#set({ error: error instanceof Error ? error.message : String(error) });
  }

  stop(): void {
    this.#over?.abort();
  }

  /** It is stopped, and its last frame is not looked at: something else is. */
  leave(): void {
    this.#over?.abort(left);
  }

  async #watch(stream: MediaStream, signal: AbortSignal): Promise<void> {
    const video = document.createElement("video");
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    await video.play();
    const rate = new FrameRate();
    const grab = new Grabber(this.#page.store.state.model?.input ?? []);
    let next = frameOf(video, signal);
    while (await next) {
      // One that comes while this one is explained need not be waited for again.
      next = frameOf(video, signal);
      const pixels = grab.from(video);
      const { client } = this.#page.store;
      if (!this.#isBegun) this.#page.begin();
      this.#isBegun = true;
      const asked = { pixels, explain: this.#page.asked() };
      // oxlint-disable-next-line no-await-in-loop -- frames are explained one after the other
      const frame = await client.call("watch", asked).answer;
      this.#last = pixels;
      if (signal.aborted) break;
      this.#set({ frame, perSecond: rate.after(performance.now()) });
    }
    video.srcObject = null;
  }

  #set(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
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

export function useLiveCamera(camera: LiveCamera): LiveState {
  const [state, setState] = useState(camera.state);
  useEffect(() => camera.subscribe(() => setState(camera.state)), [camera]);
  return state;
}

/** Whether it is on; frames draw nothing anew. */
export function useIsLive(camera: LiveCamera): boolean {
  const [isOn, setOn] = useState(camera.state.isOn);
  useEffect(() => camera.subscribe(() => setOn(camera.state.isOn)), [camera]);
  return isOn;
}
