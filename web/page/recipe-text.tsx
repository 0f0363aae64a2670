/** @file How the map that is shown is made elsewhere. */
import type { State } from "./store.ts";
import { recipesOf } from "./recipe.ts";
import { usePageTexts } from "./settings.tsx";
import "./recipe-text.css";

export function RecipeText({ state }: { readonly state: State }) {
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
    </details>
  );
}
