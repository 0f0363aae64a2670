/** @file What is under way, how long it still takes, and a button that ends it. */
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "./settings.tsx";
import "./work-line.css";

/** Empty while nothing is under way. What takes a moment only is done before it is seen. */
export function WorkLine({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { work } = state;
  return (
    <aside class="work" aria-label={texts.working} data-idle={texts.idle}>
      {work && (
        <div class="work-line">
          <span class="what">{texts.works[work.name]}</span>
          <progress
            aria-label={texts.works[work.name]}
            {...(work.share > 0 && { value: work.share })}
          />
          <span class="left">
            {work.secondsLeft !== undefined &&
              `${Math.ceil(work.secondsLeft)} ${texts.secondsLeft}`}
          </span>
          <button type="button" onClick={() => explorer.stop()}>
            {texts.stop} <kbd>Esc</kbd>
          </button>
        </div>
      )}
    </aside>
  );
}
