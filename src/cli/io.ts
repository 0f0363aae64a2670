/** @file What a command may talk to: so that tests can listen. */
import type { StopSignal } from "../errors.ts";

export interface CommandIo {
  /** Results: what a program may read. */
  out(text: string): void;
  /** Progress and errors: what a person reads. */
  err(text: string): void;
  readonly signal: StopSignal;
  /** Whether a person watches `err` on a terminal, and progress is worth drawing. */
  readonly isWatched: boolean;
}
