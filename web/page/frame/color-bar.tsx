/** @file A colour bar whose ends are the true numbers, and what lies beyond them; a line marks 0 between them. */
import { endText } from "../../../src/wording/scale-ends.ts";
import type { ShownScale } from "../../protocol.ts";
import { usePageTexts, useSaid } from "./settings.tsx";
import "./color-bar.css";

export function ColorBar({ scale }: { readonly scale: ShownScale }) {
  const texts = usePageTexts();
  const say = useSaid();
  const { min, max, beyond, unit, colours } = scale;
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
        <span>{endText(min, beyond?.[0], texts)}</span>
        <span class="unit" {...say(unit)} />
        <span>{endText(max, beyond?.[1], texts)}</span>
      </div>
      {beyond && <p>{texts.beyondEnds}</p>}
    </div>
  );
}
