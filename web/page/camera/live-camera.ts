/** @file The live camera: frames are explained one after the other, those that come meanwhile are dropped; the page's state stays as it is. */
import { useEffect, useState } from "preact/hooks";
import type { WatchedFrame } from "../../live-protocol.ts";
import type { ExplainRequest, Pixels } from "../../protocol.ts";
import { CallError } from "../computing/client.ts";
import { brought } from "../computing/lacking.ts";
import type { Store } from "../computing/store.ts";
import type { Watcher } from "./watched-frames.ts";

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
      const load = async () => (await import("./watched-frames.ts")).watchFrames;
      const watchFrames = await brought(this.#page.store, { kind: "call", name: "watch" }, load);
      await watchFrames?.(stream, this.#watcher(), over.signal);
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

  #watcher(): Watcher {
    const { store } = this.#page;
    return {
      store,
      asked: () => this.#page.asked(),
      begin: () => {
        if (!this.#isBegun) this.#page.begin();
        this.#isBegun = true;
      },
      take: ({ pixels, frame, perSecond }) => {
        this.#last = pixels;
        if (this.#over?.signal.aborted === false) this.#set({ frame, perSecond });
      },
    };
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

  #set(change: Partial<LiveState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
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
