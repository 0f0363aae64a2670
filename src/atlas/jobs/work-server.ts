/** @file A server on which runs of several machines share requests and their jobs; what is wanted of it, whatever it is. */
import type { Claim } from "./claims.ts";

/** The jobs of one request. */
export interface SharedJobs {
  /** How often a claim is to be renewed, in milliseconds. */
  readonly renewMs: number;
  /** A job that is begun by this run; undefined where none waits. */
  claim(): Promise<Claim | undefined>;
  /** Jobs that wait or are being done. */
  left(): Promise<number>;
  /** Those that failed as often as is tried, at most `most`. */
  failed(most: number): Promise<readonly FailedJob[]>;
  /** Adds jobs; those that are there stay as they are, and those that failed are tried anew. */
  add(parts: readonly string[]): Promise<void>;
  /** Lets go of the server; jobs stay. */
  close(): Promise<void>;
}

/** A job that was given up. */
export interface FailedJob {
  readonly part: string;
  readonly reason: string;
}

/** A request as it lies on a server. */
export interface SharedRequest {
  readonly id: string;
  /** Whatever lies there: foreign data. */
  readonly data: unknown;
}

/** Throws `bad-file` where it does not answer for long, and `bad-option` where it refuses. */
export interface WorkServer {
  /** As it may be told: without a password. */
  readonly name: string;
  /** Those that are not finished, the oldest first. */
  requests(): Promise<readonly SharedRequest[]>;
  /** Puts a request there; one of this name that is there stays. */
  ask(request: SharedRequest): Promise<void>;
  jobsOf(id: string): Promise<SharedJobs>;
  /** Takes a request and its jobs away. */
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}
