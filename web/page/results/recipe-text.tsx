/** @file How the map that is shown is made elsewhere. */
import type { PaneProps } from "../layers/layer-strip.tsx";
import { mapRecipe } from "./recipe.ts";
import { RecipeLines } from "./recipe-lines.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import "./recipe-text.css";

export function RecipeText({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { model, picture, map } = state;
  if (!model || !picture || !map) return null;
  return (
    <details class="recipe">
      <summary>{texts.recipe}</summary>
      <RecipeLines explorer={explorer} state={state} recipe={mapRecipe(model, picture, map)} />
    </details>
  );
}
