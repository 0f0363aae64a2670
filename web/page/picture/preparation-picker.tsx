/** @file Says how pictures are prepared where the network does not, and lets the visitor say it. */
import type { PaneProps } from "../layers/layer-strip.tsx";
import { choosePreparation } from "./preparation-choice.ts";
import { usePageTexts } from "../frame/settings.tsx";
import "./preparation-picker.css";

export function PreparationPicker({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { model, picture } = state;
  if (!model || picture?.preprocess === undefined) return null;
  return (
    <div class="preparation">
      <label>
        <span>{texts.preparation}</span>
        <select
          value={picture.preprocess}
          onChange={(event) => void choosePreparation(explorer, event.currentTarget.value)}
        >
          {model.usualPreparations.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {picture.isPreparationAssumed && <p>{texts.preparationAssumed}</p>}
    </div>
  );
}
