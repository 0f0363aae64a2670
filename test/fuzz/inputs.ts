/** @file Inputs by their numbers: each is made from the seed, its reader's name and its number alone. */
import { randomStream } from "../../src/random.ts";
import { mostBytes } from "./mutations/bytes.ts";
import { Draw, joined } from "./mutations/draw.ts";
import { readers } from "./readers/index.ts";
import type { Reader } from "./reader.ts";

/** Readers take turns as a list of so many places says. */
const places = 10_000;

/** Which reader's turn it is, by an input's number; `only` names one that has all of them. */
export function turnsOf(only: string | undefined): (number: number) => Reader {
  const chosen = readersAsked(only);
  if (chosen.length === 0) {
    const names = readers.map(({ name }) => name).join(", ");
    throw new Error(`fuzz: the reader must be one of ${names}, got "${only}"`);
  }
  const whole = chosen.reduce((sum, { share }) => sum + share, 0);
  let before = 0;
  const ends = chosen.map((reader) => ({ reader, end: (before += reader.share / whole) }));
  const list = Array.from(
    { length: places },
    (_, i) => ends.find(({ end }) => (i + 0.5) / places < end)!.reader,
  );
  // A step without a common divisor visits all places, each reader's one far from another.
  return (number) => list[(number * 3771) % places]!;
}

function readersAsked(only: string | undefined): readonly Reader[] {
  return readers.filter(({ name }) => only === undefined || name === only);
}

/** Makes what the readers' inputs are made from, so that no input waits for it. */
export async function prepareInputs(only: string | undefined): Promise<void> {
  for (const reader of readersAsked(only)) await seedsOf(reader);
}

const corpus = new Map<string, readonly Uint8Array[]>();

async function seedsOf(reader: Reader): Promise<readonly Uint8Array[]> {
  const known = corpus.get(reader.name) ?? (await reader.seeds());
  corpus.set(reader.name, known);
  return known;
}

/** Mutations of one input. */
const mostMutations = 6;

/** An input: a file of the corpus, now and then with the end of another one, changed one or more times. */
export async function inputOf(reader: Reader, seed: number, number: number): Promise<Uint8Array> {
  const draw = new Draw(randomStream("fuzz", seed, reader.name, number));
  const seeds = await seedsOf(reader);
  let bytes = draw.of(seeds);
  if (draw.chance(0.02)) {
    const other = draw.of(seeds);
    bytes = joined(
      bytes.subarray(0, draw.below(bytes.length + 1)),
      other.subarray(draw.below(other.length + 1)),
    );
  }
  let times = 1;
  while (times < mostMutations && draw.chance(0.4)) times += 1;
  for (let i = 0; i < times; i++) bytes = reader.mutate(bytes, draw).subarray(0, mostBytes);
  return bytes.slice();
}
