/** @file What went wrong and what to do, where it is seen however far the page is scrolled. */
import { Icon } from "./icon.tsx";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "./settings.tsx";
import { WentWrong } from "./went-wrong.tsx";
import "./error-bar.css";

export function ErrorBar({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { error, trouble } = state;
  if (error === undefined && !trouble) return null;
  return (
    <div class="error">
      <WentWrong state={state} />
      <button
        type="button"
        class="quiet"
        aria-label={texts.close}
        onClick={() => explorer.dismissError()}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
