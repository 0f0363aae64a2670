/** @file The part of the picture that is explained, marked on it or given in numbers. */
import type { ShownBox } from "../../protocol.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";

const whole: ShownBox = { left: 0, top: 0, right: 1, bottom: 1 };
const sides = ["left", "top", "right", "bottom"] as const;

export function RegionFields({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { region, isMarking } = state;
  const names = {
    left: texts.sideLeft,
    top: texts.sideTop,
    right: texts.sideRight,
    bottom: texts.sideBottom,
  };
  const change = (side: (typeof sides)[number], percent: number) => {
    const next = { ...(region ?? whole), [side]: percent / 100 };
    if (next.left < next.right && next.top < next.bottom) void explorer.chooseRegion(next);
  };
  return (
    <fieldset>
      <legend>{texts.partOfPicture}</legend>
      <span class="deeds">
        <button
          type="button"
          aria-pressed={isMarking}
          onClick={() => explorer.store.set({ isMarking: !isMarking })}
        >
          {texts.markPart}
        </button>
        {region && (
          <button type="button" onClick={() => void explorer.chooseRegion(undefined)}>
            {texts.allOfIt}
          </button>
        )}
      </span>
      <span class="sides">
        {sides.map((side) => (
          <label key={side}>
            <span>{names[side]} %</span>
            <input
              type="number"
              min="0"
              max="100"
              value={Math.round(100 * (region ?? whole)[side])}
              onChange={({ currentTarget }) => change(side, Number(currentTarget.value))}
            />
          </label>
        ))}
      </span>
    </fieldset>
  );
}
