/** @file Random numbers that depend on their keys alone, never on the order in which they are asked for. */

/** A stream of random numbers. */
export interface RandomStream {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** A whole number, uniform in 0 .. count - 1. */
  below(count: number): number;
  /** Normal with mean 0 and standard deviation 1 (Box and Muller 1958). */
  normal(): number;
  /** As many normal numbers, by a method that takes half the time (Marsaglia and Bray 1964, polar). */
  normals(into: Float32Array | Float64Array): void;
  /** Whole numbers, uniform in 0..255. */
  bytes(length: number): Uint8Array;
}

/**
 * The stream of a seed and any further keys (a step, a unit, a purpose): xoshiro128** (Blackman and
 * Vigna 2018) whose state is a hash of the keys. The same keys give the same numbers everywhere.
 */
export function randomStream(...keys: readonly (number | string)[]): RandomStream {
  let [a, b, c, d] = hashKeys(keys.join("\u0000")) as unknown as [number, number, number, number];
  const next = (): number => {
    const times = Math.imul(b, 5);
    const scrambled = Math.imul((times << 7) | (times >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return scrambled;
  };
  const uniform = () => next() * 2 ** -32;
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    below: (count) => Math.floor(uniform() * count),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    normals: (into) => {
      for (let i = 0; i < into.length;) {
        const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1];
        const square = x * x + y * y;
        if (square >= 1 || square === 0) continue;
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        into[i++] = x * factor;
        if (i < into.length) into[i++] = y * factor;
      }
    },
    bytes: (length) => {
      const words = new Uint32Array(Math.ceil(length / 4));
      for (let i = 0; i < words.length; i++) words[i] = next();
      return new Uint8Array(words.buffer, 0, length);
    },
  };
}

/** FNV-1a over the text, finished four times by the mixer of MurmurHash3. */
function hashKeys(text: string): Uint32Array {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return Uint32Array.from({ length: 4 }, (_, i) =>
    mix((hash + Math.imul(i + 1, 0x9e3779b9)) >>> 0),
  );
}

function mix(bits: number): number {
  let value = bits;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
