/** @file What a guarded runtime and the process that computes for it say to each other; both copy what they say. */
import type { InferenceSession } from "onnxruntime-common";

/** A tensor without its methods; `float16` ones hold bits. */
export interface PlainTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayBufferView | readonly string[];
}

/** What is asked of the process. */
export type SessionCall =
  | {
      readonly kind: "create";
      readonly model: Uint8Array;
      readonly options: InferenceSession.SessionOptions;
    }
  | {
      readonly kind: "run";
      readonly session: number;
      readonly feeds: Readonly<Record<string, PlainTensor>>;
      readonly fetches: readonly string[];
      readonly options: InferenceSession.RunOptions;
    }
  | { readonly kind: "release"; readonly session: number };

/** What a call gives: the number of a new session, the results of a run. */
export interface SessionResults {
  readonly create: number;
  readonly run: Readonly<Record<string, PlainTensor>>;
  readonly release: undefined;
}

export interface SessionRequest {
  readonly id: number;
  readonly call: SessionCall;
}

export type SessionAnswer =
  | { readonly id: number; readonly result: SessionResults[SessionCall["kind"]] }
  | { readonly id: number; readonly error: string };
