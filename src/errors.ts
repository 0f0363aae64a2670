/** @file The one error class of the library, so that a caller can tell a user's mistake from a bug. */
import { libraryWords, wordsOf, type Message } from "./wording/face.ts";
import { shownLines } from "./wording/shown-text.ts";

/** What kind of thing went wrong; stable, meant for programs. */
export type ErrorCode =
  | "bad-file"
  | "bad-option"
  | "shape-mismatch"
  | "unknown-layer"
  | "unsupported-operator"
  | "runtime"
  | "over-limit"
  | "aborted"
  | "internal";

/**
 * An error that a user can act on. The message reads
 * `where: what must hold, got value. what to do`.
 */
export class LimpidError extends Error {
  override readonly name: string = "LimpidError";
  readonly code: ErrorCode;
  /** The message as a face can word it; `message` is how the library does, as it is shown. */
  readonly said: string | Message;

  constructor(code: ErrorCode, said: string | Message, options?: { readonly cause?: unknown }) {
    super(shownLines(wordsOf(said, libraryWords)), options);
    this.code = code;
    this.said = said;
  }
}

/** An error for a state that correct code never reaches; `where` names the function. */
export function internalError(where: string, what: string): LimpidError {
  return new LimpidError("internal", `internal: ${where}: ${what}`);
}

/** Whether other work can go on: neither a bug nor the user's wish to stop. */
export function isFailure(error: unknown): error is LimpidError {
  return error instanceof LimpidError && error.code !== "internal" && error.code !== "aborted";
}

/** What an `AbortSignal` tells; the core knows no platform type. */
export interface StopSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/** Throws an `aborted` error when the signal has fired. */
export function throwIfAborted(signal: StopSignal | undefined, where: string): void {
  if (signal?.aborted) {
    throw new LimpidError("aborted", `${where}: stopped before it was done.`, {
      cause: signal.reason,
    });
  }
}
