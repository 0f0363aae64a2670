/** @file A frame of the camera, as the worker hands it back: what the network sees of it, and the map. */
import type { ExplainRequest, Pixels, ShownMap } from "./protocol.ts";

/** A frame, and what is asked about it. */
export interface WatchRequest {
  readonly pixels: Pixels;
  readonly explain: ExplainRequest;
}

export interface WatchedFrame {
  /** What the network sees. */
  readonly seen: Pixels;
  readonly map: ShownMap;
}

export interface LiveCalls {
  watch: { readonly asked: WatchRequest; readonly answer: WatchedFrame };
}
