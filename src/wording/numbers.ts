/** @file Numbers as text: one function for each way that is really different. */

/** Keeps a number and its unit on one line. */
const joint = "\u00a0";

/**
 * For pictures: significant digits, three by default, with a true minus sign, in scientific form where that is
 * shorter.
 */
export function formatNumber(value: number, digits = 3): string {
  if (value === 0) return "0";
  if (Number.isNaN(value)) return "not a number";
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (size === Number.POSITIVE_INFINITY) return `${sign}infinity`;
  if (size >= 1e-3 && size < 1e5) return `${sign}${Number(size.toPrecision(digits))}`;
  return `${sign}${Number(size.toPrecision(digits)).toExponential().replace("e+", "e").replace("-", "−")}`;
}

/** For lines that programs may read too: significant digits, three by default, as JavaScript writes them. */
export function formatPlain(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)));
}

/** For sentences: three figures, thousands apart, without an exponent where it reads well; "none" for NaN. */
export function formatProse(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "none" : String(value);
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e6)
      ? value.toExponential(1)
      : size >= 100
        ? formatCount(Math.round(value))
        : formatPlain(value);
  return text.replace("-", "−");
}

/** Takes as long to make as to write hundreds of numbers. */
let counts: Intl.NumberFormat | undefined;

/** A whole number, thousands apart: `1,234,567`. */
export function formatCount(value: number): string {
  counts ??= new Intl.NumberFormat("en-GB");
  return counts.format(value);
}

/** For sentences: a share 0..1 in percent, with one digit behind the point unless it is whole; "none" for NaN. */
export function formatProsePercent(share: number): string {
  if (!Number.isFinite(share)) return "none";
  return `${Number((100 * share).toFixed(1))}${joint}%`.replace("-", "−");
}

/** For columns: a share 0..1 in percent with as many digits behind the point as wanted, one by default. */
export function formatPercent(share: number, decimals = 1): string {
  return `${(100 * share).toFixed(decimals)} %`;
}

/** A rough share 0..1: whole percent; under one percent with two digits, and never 0 unless it is. */
export function formatShare(share: number): string {
  const percent = 100 * share;
  return `${percent >= 1 || percent === 0 ? Math.round(percent) : formatPlain(percent, 2)} %`;
}

/** A probability that never reads as 0 or 1 unless it is. */
export function formatProbability(probability: number): string {
  if (probability === 0 || probability === 1 || Number.isNaN(probability)) {
    return formatNumber(probability);
  }
  if (probability < 0.001) return formatNumber(probability);
  return probability > 0.9999 ? "> 0.9999" : probability.toFixed(4);
}

/** A number of bytes: `12.3 MB`. */
export function formatMegabytes(bytes: number, decimals = 1): string {
  return `${(bytes / 1e6).toFixed(decimals)} MB`;
}

/** A number and its unit, which stay on one line. */
export function withUnit(text: string, unit: string): string {
  return `${text}${joint}${unit}`;
}
