/** @file What is measured of pictures: colour, spatial frequency, entropy. */
import { toGrey, toRgb, type Picture } from "../../image/picture.ts";

/**
 * Colourfulness of a picture, 0 for grey and above 100 for the gaudiest (Hasler and Süsstrunk 2003, "Measuring
 * colourfulness in natural images", equation of M3).
 */
export function colourfulness(source: Picture): number {
  const { data } = toRgb(source);
  const redGreen = { sum: 0, squares: 0 };
  const yellowBlue = { sum: 0, squares: 0 };
  for (let i = 0; i < data.length; i += 3) {
    add(redGreen, data[i]! - data[i + 1]!);
    add(yellowBlue, (data[i]! + data[i + 1]!) / 2 - data[i + 2]!);
  }
  const pixels = data.length / 3;
  const [a, b] = [redGreen, yellowBlue].map(({ sum, squares }) => {
    const mean = sum / pixels;
    return { mean, variance: Math.max(squares / pixels - mean * mean, 0) };
  }) as [Spread, Spread];
  return Math.sqrt(a.variance + b.variance) + 0.3 * Math.hypot(a.mean, b.mean);
}

interface Spread {
  readonly mean: number;
  readonly variance: number;
}

function add(sums: { sum: number; squares: number }, value: number): void {
  sums.sum += value;
  sums.squares += value * value;
}

/** Entropy in bits of the luma of a picture, over its 256 levels: 0 for one level, 8 if all are as frequent. */
export function lumaEntropy(source: Picture): number {
  const { data } = toGrey(source);
  const counts = new Float64Array(256);
  for (const level of data) counts[level]! += 1;
  return counts.reduce((entropy, count) => {
    const share = count / data.length;
    return share > 0 ? entropy - share * Math.log2(share) : entropy;
  }, 0);
}

/**
 * The spatial frequency, in cycles a pixel (0 to 0.5), around which most power of a square picture's luma lies. Power
 * is counted per octave, the sum over a ring of the spectrum times its radius: natural pictures have as much in every
 * octave (Field 1987), so that none of theirs wins by itself. The mean is taken off and a Hann window laid over
 * first, so that borders count for nothing. 0 for a picture of one colour.
 */
export function dominantFrequency(source: Picture): number {
  const { data, widthPx: side } = toGrey(source);
  const mean = data.reduce((sum, level) => sum + level, 0) / data.length;
  const window = Float64Array.from(
    { length: side },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / side),
  );
  const values = Float64Array.from(
    data,
    (level, i) => (level - mean) * window[i % side]! * window[Math.floor(i / side)]!,
  );
  const rings = ringPowers(values, side).map((power, radius) => power * radius);
  const best = rings.indexOf(Math.max(...rings));
  return rings[best]! > 0 ? best / side : 0;
}

/** Power of the spectrum of [side, side] real numbers, summed over rings of whole radii up to side / 2. */
function ringPowers(values: Float64Array, side: number): readonly number[] {
  const half = Math.floor(side / 2);
  const cos = Float64Array.from({ length: side }, (_, i) => Math.cos((2 * Math.PI * i) / side));
  const sin = Float64Array.from({ length: side }, (_, i) => Math.sin((2 * Math.PI * i) / side));
  const real = new Float64Array(side);
  const imaginary = new Float64Array(side);
  const rings = Array.from({ length: half + 1 }, () => 0);
  for (let u = 0; u <= half; u++) {
    for (let y = 0; y < side; y++) {
      let [re, im] = [0, 0];
      for (let x = 0; x < side; x++) {
        const at = (u * x) % side;
        re += values[y * side + x]! * cos[at]!;
        im -= values[y * side + x]! * sin[at]!;
      }
      real[y] = re;
      imaginary[y] = im;
    }
    // The other half of the columns mirrors this one, except for the first and the last.
    const times = u === 0 || 2 * u === side ? 1 : 2;
    for (let v = 0; v < side; v++) {
      const radius = Math.round(Math.hypot(u, Math.min(v, side - v)));
      if (radius > half) continue;
      let [re, im] = [0, 0];
      for (let y = 0; y < side; y++) {
        const at = (v * y) % side;
        re += real[y]! * cos[at]! + imaginary[y]! * sin[at]!;
        im += imaginary[y]! * cos[at]! - real[y]! * sin[at]!;
      }
      rings[radius]! += times * (re * re + im * im);
    }
  }
  return rings;
}
