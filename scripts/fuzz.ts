/** @file `npm run fuzz -- SECONDS`: changed inputs for every reader of bytes; what must not be is printed and kept in out/fuzz. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { releaseRuntime } from "../test/fuzz/guarded.ts";
import { inputOf, turnsOf } from "../test/fuzz/inputs.ts";
import type { Fault } from "../test/fuzz/messages.ts";
import { fuzz, type FuzzEvent, type FuzzResult } from "../test/fuzz/watch.ts";

const folder = fileURLToPath(new URL("../out/fuzz/", import.meta.url));
const usage = "npm run fuzz -- SECONDS [--seed N] [--only READER] [--count N] [--from N]";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string" },
    only: { type: "string" },
    count: { type: "string" },
    from: { type: "string" },
  },
});

function whole(name: string, text: string | undefined, usual: number): number {
  const number = text === undefined ? usual : Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`fuzz: ${name} must be a whole number, got ${text}. usage: ${usage}`);
}

const seconds = whole("SECONDS", positionals[0], 60);
const seed = whole("--seed", values.seed, Math.floor(Math.random() * 2 ** 31));
const from = whole("--from", values.from, 0);
const end = from + whole("--count", values.count, 2 ** 40);
const { only } = values;
turnsOf(only);

/** Inputs at fault that are alike are written down once, and counted. */
const kinds = new Map<string, number>();

async function keep(
  name: string,
  { reader, number }: Pick<Fault, "reader" | "number">,
  what: string,
) {
  const bytes = await inputOf(turnsOf(reader)(number), seed, number);
  const path = join(folder, `${name}-${reader}-${seed}-${number}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, bytes);
  writeFileSync(`${path}.txt`, `${what}\n`);
  return path;
}

/** Where an error came from, without what differs from input to input. */
function kindOf({ kind, reader, what }: Fault): string {
  const place = /\n +at .*/.exec(what)?.[0] ?? "";
  return `${kind} ${reader} ${place}`;
}

async function tellFault(fault: Fault): Promise<void> {
  const kind = kindOf(fault);
  const times = (kinds.get(kind) ?? 0) + 1;
  kinds.set(kind, times);
  if (times > 1) return;
  const path = await keep(fault.kind, fault, fault.what);
  console.log(`FAULT ${fault.kind} in ${fault.reader}: ${fault.what.slice(0, 1000)}`);
  console.log(`  kept as ${path}`);
  console.log(
    `  again: npm run fuzz -- 60 --seed ${seed} --only ${fault.reader} --from ${fault.number} --count 1`,
  );
}

function row(...cells: readonly (string | number)[]): string {
  return cells
    .map((cell, i) => (i === 0 ? String(cell).padEnd(18) : String(cell).padStart(16)))
    .join("");
}

function alikeOf(events: readonly FuzzEvent[]): ReadonlyMap<string, readonly FuzzEvent[]> {
  const found = new Map<string, FuzzEvent[]>();
  for (const event of events) {
    const kind = `${event.kind}: ${event.what}`;
    found.set(kind, [...(found.get(kind) ?? []), event]);
  }
  return found;
}

async function tellResult({ tallies, next, events, faults }: FuzzResult): Promise<void> {
  console.log(row("reader", "inputs", "accepted", "slowest", "largest"));
  for (const [name, { inputs, accepted, slowestMs, slowest, largestBytes }] of Object.entries(
    tallies,
  )) {
    const share = `${((100 * accepted) / inputs).toFixed(1)} %`;
    const slow = `${slowestMs.toFixed(0)} ms #${slowest}`;
    console.log(row(name, inputs, share, slow, `${(largestBytes / 2 ** 20).toFixed(0)} MiB`));
  }
  for (const [kind, alike] of alikeOf(events)) {
    const path = await keep("guard", alike[0]!, kind);
    console.log(`${alike.length} times ${kind.slice(0, 200)}, such as ${path}`);
  }
  const ends = events.filter(({ kind }) => kind === "end in the guard").length;
  console.log(
    `${next - from} inputs, seed ${seed}: process ends inside the guard: ${ends}, faults: ${faults.length}`,
  );
}

console.log(`fuzz: seed ${seed}, ${seconds} s`);
const told: Promise<void>[] = [];
const untilMs = Date.now() + 1000 * seconds;
const result = await fuzz({ seed, only, from, end, untilMs }, (fault) =>
  told.push(tellFault(fault)),
);
await Promise.all(told);
await tellResult(result);
for (const [kind, times] of kinds) console.log(`${times} times ${kind}`);
await releaseRuntime();
if (result.faults.length > 0) process.exitCode = 1;
