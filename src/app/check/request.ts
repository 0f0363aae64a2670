/** @file What is asked of a check. */
import type { AskedHead } from "../head-options.ts";
import type { RuntimeName } from "../platform.ts";
import type { Preparation } from "../preparation.ts";

export interface CheckRequest extends AskedHead, Preparation {
  /** Path or name of the network. */
  readonly model: string;
  /** A picture or an .npy tensor; without it noise. */
  readonly input?: string;
  readonly runtime: RuntimeName;
}
