/** @file Where the page computes: what is chosen, and what is said of it. */

/** Where to compute; by itself the page takes a graphics card that has computed the same, and faster. */
export type ProcessorChoice = "automatic" | "processor" | "card";

/** Of ONNX Runtime: that of WebGPU has both. */
export const builds = ["wasm", "webgpu"] as const;
export type RuntimeBuild = (typeof builds)[number];

export interface CardFacts {
  readonly isThere: boolean;
  /** Whether the processor plays the card. */
  readonly isSoftware: boolean;
  /** Its maker and kind, as far as the browser tells it. */
  readonly name: string;
  /** Without a card: what the browser has not. */
  readonly lacks: "webgpu" | "card" | "waiting" | undefined;
}

/** The card against the processor: the same scores and the same gradient of the open network for the picture in hand. */
export interface CardCheck {
  /** How far the numbers of the card are from the processor's, as a share of these. */
  readonly apart: number;
  readonly cardMs: number;
  readonly processorMs: number;
  /** Why there is nothing to compare, in words. */
  readonly refusal: string | undefined;
}

export interface ProcessorFacts {
  readonly on: "processor" | "card";
  readonly build: RuntimeBuild;
  readonly card: CardFacts;
  /** Of the open network; undefined before it was made. */
  readonly check: CardCheck | undefined;
  /** Where it is not the card though there is one. */
  readonly because:
    "chosen" | "software" | "wrong" | "slower" | "refused" | "unchecked" | undefined;
}
