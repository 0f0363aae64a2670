/** @file How the map that is shown is made elsewhere, and files of it. */
import { saveFacts, savePicture } from "./downloads.ts";
import type { State } from "./store.ts";
import { recipesOf } from "./recipe.ts";
import { usePageTexts } from "./settings.tsx";
import "./recipe-text.css";

interface RecipeTextProps {
  readonly state: State;
  readonly opacity: number;
}

export function RecipeText({ state, opacity }: RecipeTextProps) {
  const texts = usePageTexts();
  const { picture, map } = state;
  if (!picture || !map) return null;
  const { command, code } = recipesOf(state);
  return (
    <details class="recipe">
      <summary>{texts.recipe}</summary>
      <h3>{texts.command}</h3>
      <pre tabIndex={0}>{command}</pre>
      <h3>{texts.code}</h3>
      <pre tabIndex={0}>{code}</pre>
      <span class="files">
        <button type="button" onClick={() => void savePicture(picture, map, opacity)}>
          {texts.save}
        </button>
        <button type="button" onClick={() => saveFacts(picture, map)}>
          {texts.saveFacts}
        </button>
      </span>
    </details>
  );
}
