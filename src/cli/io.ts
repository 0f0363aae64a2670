/** @file What a command may talk to: so that tests can listen. */
import type { StopSignal } from "../errors.ts";
import type { Limits } from "../wording/limits.ts";

export interface CommandIo {
  /** Results: what a program may read. */
  out(text: string): void;
  /** Progress and errors: what a person reads. */
  err(text: string): void;
  readonly signal: StopSignal;
  /** Whether a person watches `err` on a terminal, and progress is worth drawing. */
  readonly isWatched: boolean;
  /** Told the file of a network before it is read. */
  readonly onModel?: (path: string) => void;
  /** What the work may take; the usual limits where nothing is said. */
  readonly limits?: Limits;
  /** The command line without the program's name, where a command starts others like it. */
  readonly argv?: readonly string[];
}
