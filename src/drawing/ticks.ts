/** @file Round numbers on axes and bars. */

/** Up to five numbers inside the range that are 1, 2 or 5 times a power of ten apart; 0 is one of them if it lies inside. */
export function roundNumbers(min: number, max: number): readonly number[] {
  const rough = (max - min) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(min / step);
  const count = Math.floor(max / step) - first + 1;
  return Array.from({ length: Math.max(count, 0) }, (_, i) => (first + i) * step);
}
