/** @file What went wrong and what to do, where it is seen however far the page is scrolled. */
import { Icon } from "./icon.tsx";
import type { PaneProps } from "./layer-strip.tsx";
import { usePageTexts } from "./settings.tsx";
import "./error-bar.css";

export function ErrorBar({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { error, wasRestarted } = state;
  if (error === undefined && !wasRestarted) return null;
  return (
    <div class="error" role="alert">
      {error === undefined ? <p>{texts.restarted}</p> : <p lang="en">{error}</p>}
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
