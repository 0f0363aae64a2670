/** @file The process that reads inputs one after the other, measures them, and tells what must not be. */
import { mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { LimpidError } from "../../src/errors.ts";
import { releaseRuntime } from "./guarded.ts";
import { inputOf, prepareInputs, turnsOf } from "./inputs.ts";
import {
  againCode,
  most,
  placeName,
  type Fault,
  type FaultKind,
  type Tally,
  type WorkMessage,
  type WorkOrder,
} from "./messages.ts";
import type { Reader, Scene, SceneEvent } from "./reader.ts";

const order = JSON.parse(process.argv[2]!) as WorkOrder;
const turn = turnsOf(order.only);
const place = openSync(join(order.folder, placeName), "w");
const number8 = new BigUint64Array(1);

/** Above this the highest memory so far says nothing of what comes next. */
const tooLargeBytes = 900 * 2 ** 20;
const tellEveryMs = 500;

let tallies: Record<string, Tally> = {};
let toldMs = performance.now();
let now: { readonly reader: Reader; readonly number: number } | undefined;

function tell(message: WorkMessage): void {
  process.send!(message);
}

function fault(kind: FaultKind, what: string): void {
  const { reader, number } = now!;
  tell({ kind: "fault", fault: { kind, what, reader: reader.name, number } satisfies Fault });
}

/** Promises that nobody waited for. */
process.on("unhandledRejection", (error) => fault("foreign", textOf(error)));

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What an error says of the reader, if it is more than a refusal. */
function faultOf(reader: Reader, error: unknown): FaultKind | undefined {
  if (error instanceof LimpidError) return error.code === "internal" ? "internal" : undefined;
  return reader.isRefusal?.(error) === true ? undefined : "foreign";
}

async function isAccepted(reader: Reader, bytes: Uint8Array, scene: Scene): Promise<boolean> {
  try {
    return await reader.read(bytes, scene);
  } catch (error) {
    const kind = faultOf(reader, error);
    if (kind) fault(kind, textOf(error));
    return false;
  }
}

/** A scene whose folder is made when a reader asks for it. */
function sceneOf(reader: Reader, number: number): { readonly scene: Scene; end(): void } {
  const folder = join(order.folder, String(number));
  let isUsed = false;
  const scene: Scene = {
    number,
    get folder() {
      if (!isUsed) mkdirSync(folder, { recursive: true });
      isUsed = true;
      return folder;
    },
    note: (event: SceneEvent) => tell({ kind: "event", reader: reader.name, number, event }),
  };
  return { scene, end: () => isUsed && rmSync(folder, { recursive: true, force: true }) };
}

async function readOne(number: number): Promise<void> {
  const reader = turn(number);
  now = { reader, number };
  number8[0] = BigInt(number);
  writeSync(place, number8, 0, 8, 0);
  const bytes = await inputOf(reader, order.seed, number);
  const { scene, end } = sceneOf(reader, number);
  const before = process.memoryUsage.rss();
  const highBefore = highest();
  const start = { ms: performance.now(), usage: process.cpuUsage() };
  const accepted = await isAccepted(reader, bytes, scene);
  const { user, system } = process.cpuUsage(start.usage);
  // Of the processor, since the machine may be busy with other things.
  const ms = Math.min(performance.now() - start.ms, (user + system) / 1000);
  const high = highest();
  const after = high > highBefore ? high : process.memoryUsage.rss();
  end();
  count(reader, number, { accepted, ms, bytes: Math.max(0, after - before) });
}

/** Highest memory of the process so far. */
function highest(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function count(
  { name }: Reader,
  number: number,
  {
    accepted,
    ms,
    bytes,
  }: { readonly accepted: boolean; readonly ms: number; readonly bytes: number },
): void {
  const tally = (tallies[name] ??= {
    inputs: 0,
    accepted: 0,
    slowestMs: 0,
    slowest: number,
    largestBytes: 0,
    largest: number,
  });
  tally.inputs += 1;
  if (accepted) tally.accepted += 1;
  if (ms > tally.slowestMs) [tally.slowestMs, tally.slowest] = [ms, number];
  if (bytes > tally.largestBytes) [tally.largestBytes, tally.largest] = [bytes, number];
  if (ms > most.ms) fault("slow", `${Math.round(ms)} ms`);
  if (bytes > most.bytes) fault("large", `${Math.round(bytes / 2 ** 20)} MiB`);
}

function tellTallies(next: number): void {
  tell({ kind: "tallies", next, tallies });
  tallies = {};
  toldMs = performance.now();
}

await prepareInputs(order.only);
let number = order.from;
for (; number < order.end && Date.now() < order.untilMs; number++) {
  await readOne(number);
  if (performance.now() - toldMs > tellEveryMs) tellTallies(number + 1);
  if (highest() > tooLargeBytes) {
    number += 1;
    break;
  }
}
tellTallies(number);
const isDone = number >= order.end || Date.now() >= order.untilMs;
// Promises that nobody waited for are told of before the end.
await new Promise((resolve) => setTimeout(resolve, 50));
await releaseRuntime();
process.disconnect();
process.exit(isDone ? 0 : againCode);
