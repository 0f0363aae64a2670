/** @file A colour bar whose ends are the true numbers; a line marks 0 between them. */
import { formatNumber } from "../../../src/wording/numbers.ts";
import type { ShownScale } from "../../protocol.ts";
import "./color-bar.css";

export function ColorBar({ scale }: { readonly scale: ShownScale }) {
  const { min, max, unit, colours } = scale;
  const hasZero = min < 0 && max > 0;
  return (
    <div class="color-bar">
      <div
        class="colours"
        style={{ background: `linear-gradient(to right, ${colours.join(",")})` }}
      >
        {hasZero && <span class="zero" style={{ left: `${(-100 * min) / (max - min)}%` }} />}
      </div>
      <div class="ends">
        <span>{formatNumber(min)}</span>
        <span class="unit" lang="en">
          {unit}
        </span>
        <span>{formatNumber(max)}</span>
      </div>
    </div>
  );
}
