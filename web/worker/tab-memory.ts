/** @file How much a tab can hold: what is larger is refused with a reason before the tab dies of it. */
import { LimpidError } from "../../src/errors.ts";
import { usualLimits, type Limits } from "../../src/wording/limits.ts";

const gigabyte = 2 ** 30;

/** WebAssembly addresses 4 GiB, of which the files and what a run makes of them take theirs. */
const mostRunBytes = 3.5 * gigabyte;

/** A network's file lies in memory beside its weights in WebAssembly, and a run needs room of its own. */
const timesFile = 2.5;

/** No buffer of a browser's is longer. */
const longestFile = 2 ** 31 - 1;

/** Half of a machine's memory, in gigabytes, which not every browser tells. */
export function tabBytes(memory: number | undefined): number {
  return memory === undefined ? mostRunBytes : Math.min(mostRunBytes, (memory * gigabyte) / 2);
}

function machineGigabytes(): number | undefined {
  return (navigator as { readonly deviceMemory?: number }).deviceMemory;
}

export function tabLimits(): Limits {
  return { ...usualLimits, memoryBytes: tabBytes(machineGigabytes()) };
}

/** Throws `over-limit` for files of a network that a tab cannot hold together. */
export function requireFits(
  files: readonly { readonly name: string; readonly size: number }[],
  room = tabBytes(machineGigabytes()),
): void {
  const all = files.reduce((sum, { size }) => sum + size, 0);
  const longest = files.find(({ size }) => size > longestFile);
  if (longest) throw refusal(longest.name, longest.size, longestFile);
  const most = Math.floor(room / timesFile);
  if (all > most) throw refusal(files[0]!.name, all, most);
}

function refusal(name: string, bytes: number, most: number): LimpidError {
  return new LimpidError(
    "over-limit",
    `open: a network in a page must have at most ${sized(most)} here, got ${sized(bytes)} in "${name}". explain it on the command line, which has all of the machine's memory.`,
  );
}

function sized(bytes: number): string {
  return bytes < gigabyte
    ? `${Math.floor(bytes / 2 ** 20)} MB`
    : `${(bytes / gigabyte).toFixed(1)} GB`;
}
