/** @file Numbers as the study's sentences write them. */
import type { Measure } from "./record.ts";

/** Three figures, without an exponent where it reads well. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "none" : String(value);
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e6)
      ? value.toExponential(1)
      : size >= 100
        ? Math.round(value).toLocaleString("en-GB")
        : String(Number(value.toPrecision(3)));
  return text.replace("-", "−");
}

/** Keeps a number and its unit on one line. */
const joint = "\u00a0";

/** A share 0..1 in percent, with one digit behind the point unless it is whole. */
export function formatPercent(share: number): string {
  if (!Number.isFinite(share)) return "none";
  return `${Number((100 * share).toFixed(1))}${joint}%`.replace("-", "−");
}

/** A measured number as it is. */
export function measured(name: string, value: number, unit?: string): Measure {
  const shown = unit === undefined ? formatNumber(value) : `${formatNumber(value)}${joint}${unit}`;
  return {
    name,
    value: Number.isFinite(value) ? value : null,
    ...(unit === undefined ? {} : { unit }),
    shown,
  };
}

/** A measured share 0..1, shown in percent. */
export function share(name: string, value: number): Measure {
  return { name, value: Number.isFinite(value) ? value : null, shown: formatPercent(value) };
}

/** A whole number of something, and of how many. */
export function count(name: string, value: number, of?: number): Measure {
  const shown = value.toLocaleString("en-GB");
  return {
    name,
    value,
    shown: of === undefined ? shown : `${shown} of ${of.toLocaleString("en-GB")}`,
  };
}
