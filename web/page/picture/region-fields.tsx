/** @file The part of the picture that is explained, marked on it, painted, or given in numbers; where there can be none, why. */
import { boxRegion, regionIn, type ShownBox } from "../../shown-region.ts";
import type { Tool } from "../computing/store.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { TypedField } from "../frame/typed-field.tsx";
import { takesRegion } from "../shown-choice.ts";

const whole: ShownBox = { left: 0, top: 0, right: 1, bottom: 1 };
const sides = ["left", "top", "right", "bottom"] as const;

export function RegionFields({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { view, tool, model } = state;
  if (!model) return null;
  if (!takesRegion(view.target, model)) return <p class="hint">{texts.noPartOfClass}</p>;
  const toggle = (own: Tool) => explorer.takeTool(tool === own ? undefined : own);
  return (
    <fieldset>
      <legend>{texts.partOfPicture}</legend>
      <span class="deeds">
        <button type="button" aria-pressed={tool === "box"} onClick={() => toggle("box")}>
          {texts.markPart}
        </button>
        <button type="button" aria-pressed={tool === "paint"} onClick={() => toggle("paint")}>
          {texts.paintIt}
        </button>
        {view.region !== undefined && (
          <button type="button" onClick={() => void explorer.chooseRegion(undefined)}>
            {texts.allOfIt}
          </button>
        )}
      </span>
      <SideFields explorer={explorer} state={state} />
    </fieldset>
  );
}

/** A box in percent of the picture. */
function SideFields({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const region = regionIn(state.view.region);
  const box = region?.kind === "box" ? region : whole;
  const names = {
    left: texts.sideLeft,
    top: texts.sideTop,
    right: texts.sideRight,
    bottom: texts.sideBottom,
  };
  const change = (side: (typeof sides)[number], percent: number) => {
    const next = { ...box, [side]: percent / 100 };
    if (next.left < next.right && next.top < next.bottom) {
      void explorer.chooseRegion(boxRegion(next));
    }
  };
  return (
    <span class="sides">
      {sides.map((side) => (
        <label key={side}>
          <span>{names[side]} %</span>
          <TypedField
            whole={{ min: 0, max: 100 }}
            text={region?.kind === "painted" ? "" : `${Math.round(100 * box[side])}`}
            onText={(text) => change(side, Number(text))}
          />
        </label>
      ))}
    </span>
  );
}
