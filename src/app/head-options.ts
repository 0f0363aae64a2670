/** @file What a user may say of a network's output: which one is explained, and what its numbers are. */
import { LimpidError } from "../errors.ts";
import { headKinds, type HeadKind } from "../network/head-kind.ts";
import type { ModelOptions } from "../network/model.ts";
import { option, say } from "../wording/face.ts";

export interface AskedHead {
  /** Name of the output; without it the one that looks most like the answer. */
  readonly output?: string;
  /** What its numbers are, one of `headKinds`; without it what the graph says. */
  readonly kind?: string;
  /** Explain probabilities instead of what stands before a final softmax or sigmoid. */
  readonly keepSoftmax?: boolean;
}

/** What a user says, for a model. Throws `bad-option` for a kind that there is not. */
export function headOptions({ output, kind, keepSoftmax = false }: AskedHead): ModelOptions {
  return {
    keepActivation: keepSoftmax,
    ...(output === undefined ? {} : { output }),
    ...(kind === undefined ? {} : { kind: requireKind(kind) }),
  };
}

function requireKind(kind: string): HeadKind {
  if (Object.hasOwn(headKinds, kind)) return kind as HeadKind;
  throw new LimpidError(
    "bad-option",
    say`${option("kind")}: must be one of ${Object.keys(headKinds).join(", ")}, got "${kind}".`,
  );
}
