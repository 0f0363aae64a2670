/** @file Checks of what optimisers are made with. */
import { LimpidError } from "../errors.ts";

/** Throws `bad-option` for a share that is not in 0..1, 1 excluded. */
export function checkShares(where: string, shares: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(shares)) {
    if (value >= 0 && value < 1) continue;
    throw new LimpidError(
      "bad-option",
      `${where}: ${name} must be at least 0 and below 1, got ${value}.`,
    );
  }
}

/** Throws `bad-option` for a value that is below 0 or not finite. */
export function checkNotNegative(where: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value >= 0 && Number.isFinite(value)) continue;
    throw new LimpidError("bad-option", `${where}: ${name} must be at least 0, got ${value}.`);
  }
}
