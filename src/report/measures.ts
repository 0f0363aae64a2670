/** @file Numbers as the study's sentences write them. */
import type { Measure } from "./record.ts";
import { formatCount, formatProse, formatProsePercent, withUnit } from "../wording/numbers.ts";

/** A measured number as it is. */
export function measured(name: string, value: number, unit?: string): Measure {
  const shown = unit === undefined ? formatProse(value) : withUnit(formatProse(value), unit);
  return {
    name,
    value: Number.isFinite(value) ? value : null,
    ...(unit === undefined ? {} : { unit }),
    shown,
  };
}

/** A measured share 0..1, shown in percent. */
export function share(name: string, value: number): Measure {
  return { name, value: Number.isFinite(value) ? value : null, shown: formatProsePercent(value) };
}

/** A whole number of something, and of how many. */
export function count(name: string, value: number, of?: number): Measure {
  const shown = formatCount(value);
  return {
    name,
    value,
    shown: of === undefined ? shown : `${shown} of ${formatCount(of)}`,
  };
}
