/** @file What mutations draw from: choices of one seeded stream, and numbers that readers stumble over. */
import type { RandomStream } from "../../../src/random.ts";

/** Changes bytes into other bytes; what it was given stays as it is. */
export type Mutation = (bytes: Uint8Array, draw: Draw) => Uint8Array;

/** Draws for one input. */
export class Draw {
  readonly random: RandomStream;

  constructor(random: RandomStream) {
    this.random = random;
  }

  /** A whole number in 0 .. count - 1. */
  below(count: number): number {
    return this.random.below(count);
  }

  chance(share: number): boolean {
    return this.random.uniform() < share;
  }

  /** One of a list that is not empty. */
  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** A whole number of 32 bits, near an edge more often than not. */
  integer(): number {
    const edge = this.of(edges);
    if (this.chance(0.6)) return edge;
    return this.chance(0.5) ? edge + this.below(5) - 2 : this.below(2 ** this.below(32));
  }

  /** A whole number of 64 bits. */
  wide(): bigint {
    return this.chance(0.5) ? BigInt(this.integer()) : this.of(wideEdges);
  }
}

const edges = [
  0,
  1,
  2,
  3,
  4,
  7,
  8,
  15,
  16,
  17,
  31,
  32,
  63,
  64,
  100,
  127,
  128,
  129,
  255,
  256,
  257,
  1000,
  1024,
  32_767,
  32_768,
  65_535,
  65_536,
  100_000,
  1_000_000,
  2 ** 24,
  2 ** 28,
  2 ** 30,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  -1,
  -2,
  -3,
  -128,
  -(2 ** 31),
] as const;

const wideEdges = [
  -1n,
  -2n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 40n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
  10n ** 10n,
  10n ** 15n,
] as const;

/** Bytes one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The list without what lies at a place, with it twice, or with two of its places swapped. */
export function rearranged<T>(list: readonly T[], draw: Draw): T[] {
  const result = list.slice();
  if (result.length === 0) return result;
  const at = draw.below(result.length);
  const other = draw.below(result.length);
  switch (draw.below(4)) {
    case 0:
      result.splice(at, 1);
      break;
    case 1:
      result.splice(other, 0, result[at]!);
      break;
    case 2:
      [result[at], result[other]] = [result[other]!, result[at]!];
      break;
    default:
      result.splice(at, 0, ...Array<T>(1 + draw.below(64)).fill(result[at]!));
  }
  return result;
}
