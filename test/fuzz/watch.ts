/** @file Watches over the process that reads: starts it, starts it again behind an input that ended or held it, and gathers. */
import { fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { turnsOf } from "./inputs.ts";
import {
  againCode,
  placeName,
  type Fault,
  type Tally,
  type WorkMessage,
  type WorkOrder,
} from "./messages.ts";
import type { SceneEvent } from "./reader.ts";

/** What is asked of the fuzzer. */
export type FuzzRequest = Omit<WorkOrder, "folder">;

/** What became of it. */
export interface FuzzResult {
  /** Behind the last input that was read. */
  readonly next: number;
  readonly tallies: Readonly<Record<string, Tally>>;
  readonly faults: readonly Fault[];
  readonly events: readonly FuzzEvent[];
}

export interface FuzzEvent extends SceneEvent {
  readonly reader: string;
  readonly number: number;
}

/** A process that stays so long with one input is ended. */
const hangMs = 5000;
/** By itself, an input that was ended may take longer: it counts how long the processor had to do with it. */
const patientMs = 20_000;
/** The first input waits for code to load, and what starts beside the process. */
const startMs = 30_000;
const lookMs = 250;

const worker = fileURLToPath(new URL("worker.ts", import.meta.url));

/** Reads inputs until the time or the numbers are over. `onFault` is told of each fault as it comes. */
export async function fuzz(
  request: FuzzRequest,
  onFault: (fault: Fault) => void,
): Promise<FuzzResult> {
  const found = {
    faults: [] as Fault[],
    events: [] as FuzzEvent[],
    tallies: {} as Record<string, Tally>,
  };
  let next = request.from;
  while (next < request.end && Date.now() < request.untilMs) {
    const part = await runPart({ ...request, from: next }, hangMs);
    for (const [name, tally] of Object.entries(part.tallies)) {
      found.tallies[name] = found.tallies[name] ? added(found.tallies[name], tally) : tally;
    }
    found.events.push(...part.events);
    for (const fault of part.faults) {
      if (!(await isSure(fault, request))) continue;
      found.faults.push(fault);
      onFault(fault);
    }
    if (part.next === next) break;
    next = part.next;
  }
  return { ...found, next };
}

/** Time and memory depend on what else the machine does: such an input must be at fault by itself, too. */
async function isSure(fault: Fault, request: FuzzRequest): Promise<boolean> {
  if (fault.kind === "foreign" || fault.kind === "internal") return true;
  for (let tries = 0; tries < 2; tries++) {
    const { number: from, reader: only } = fault;
    const untilMs = Date.now() + startMs;
    const alone = { seed: request.seed, only, from, end: from + 1, untilMs };
    const { faults } = await runPart(alone, patientMs);
    if (faults.length === 0) return false;
  }
  return true;
}

function added(a: Tally, b: Tally): Tally {
  const slower = b.slowestMs > a.slowestMs ? b : a;
  const larger = b.largestBytes > a.largestBytes ? b : a;
  return {
    inputs: a.inputs + b.inputs,
    accepted: a.accepted + b.accepted,
    slowestMs: slower.slowestMs,
    slowest: slower.slowest,
    largestBytes: larger.largestBytes,
    largest: larger.largest,
  };
}

/** One process, up to its end. */
async function runPart(request: FuzzRequest, mostMs: number): Promise<FuzzResult> {
  const folder = mkdtempSync(join(tmpdir(), "limpid-fuzz-"));
  const result = {
    next: request.from,
    tallies: {} as Record<string, Tally>,
    faults: [] as Fault[],
    events: [] as FuzzEvent[],
  };
  const child = fork(worker, [JSON.stringify({ ...request, folder } satisfies WorkOrder)], {
    execArgv: ["--import", "tsx", "--max-old-space-size=2048"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let noise = "";
  child.stderr!.on("data", (text: Buffer) => (noise = `${noise}${text.toString()}`.slice(-2000)));
  child.on("message", (message: WorkMessage) => take(message, result));
  const isHeld = watchOver(
    () => placeIn(folder),
    mostMs,
    () => child.kill("SIGKILL"),
  );
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once("close", (...end) => resolve(end)),
  );
  const held = isHeld();
  const at = placeIn(folder) ?? request.from;
  rmSync(folder, { recursive: true, force: true });
  if (code === 0 || code === againCode) return result;
  const what = held ? `more than ${mostMs} ms` : `${signal ?? `exit code ${code}`} ${noise}`;
  const reader = turnsOf(request.only)(at).name;
  const fault: Fault = { kind: held ? "hang" : "end", reader, number: at, what };
  return { ...result, next: at + 1, faults: [...result.faults, fault] };
}

function take(
  message: WorkMessage,
  result: { next: number; tallies: Record<string, Tally>; faults: Fault[]; events: FuzzEvent[] },
): void {
  if (message.kind === "fault") result.faults.push(message.fault);
  else if (message.kind === "event") {
    result.events.push({ ...message.event, reader: message.reader, number: message.number });
  } else {
    result.next = message.next;
    for (const [name, tally] of Object.entries(message.tallies)) {
      const known = result.tallies[name];
      result.tallies[name] = known ? added(known, tally) : tally;
    }
  }
}

/** The number of the input that is read; undefined before the first one. */
function placeIn(folder: string): number | undefined {
  try {
    const bytes = readFileSync(join(folder, placeName));
    return bytes.length === 8 ? Number(bytes.readBigUInt64LE()) : undefined;
  } catch {
    return undefined;
  }
}

/** Ends a process whose place does not change. The result stops the watch, and says whether it had to. */
function watchOver(
  placeNow: () => number | undefined,
  mostMs: number,
  end: () => void,
): () => boolean {
  let [last, sinceMs, isHeld] = [placeNow(), performance.now(), false];
  const timer = setInterval(() => {
    const at = placeNow();
    if (at !== last) [last, sinceMs] = [at, performance.now()];
    if (performance.now() - sinceMs < (at === undefined ? startMs : mostMs)) return;
    isHeld = true;
    end();
  }, lookMs);
  return () => {
    clearInterval(timer);
    return isHeld;
  };
}
