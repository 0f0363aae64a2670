/** @file What dropped files were taken for where nobody may have meant it, to be said in a sentence each. */

/** Names are paths of files. */
export interface Taken {
  /** Tables that tell the classes of the dropped pictures. */
  readonly truth: readonly string[];
  /** Tables beside pictures that are taken for names of the network's classes. */
  readonly asNames: readonly string[];
  /** How many pictures of archives were not unpacked. */
  readonly packed: number;
  /** How many pictures are there, and how many of them can be looked at one by one. */
  readonly pictures: number;
  readonly lookedAt: number;
}

export const nothingTaken: Taken = { truth: [], asNames: [], packed: 0, pictures: 0, lookedAt: 0 };

/** Whether there is anything to say. */
export function isSaid({ truth, asNames, packed, pictures, lookedAt }: Taken): boolean {
  return truth.length > 0 || asNames.length > 0 || packed > 0 || lookedAt < pictures;
}
