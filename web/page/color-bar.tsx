/** @file A colour bar whose ends are the true numbers. */
import { formatNumber } from "../../src/wording/numbers.ts";
import type { ShownScale } from "../protocol.ts";
import "./color-bar.css";

export function ColorBar({ scale }: { readonly scale: ShownScale }) {
  const { min, max, unit, colours } = scale;
  const zero = min < 0 && max > 0;
  return (
    <div class="color-bar">
      <div
        class="colours"
        style={{ background: `linear-gradient(to right, ${colours.join(",")})` }}
      />
      <div class="ends">
        <span>{formatNumber(min)}</span>
        {zero && <span>0</span>}
        <span>{formatNumber(max)}</span>
      </div>
      <div class="unit">{unit}</div>
    </div>
  );
}
