/** @file The guided story above the page: a step's title and text, forward and back. */
import { useState } from "preact/hooks";
import type { Explorer } from "./explorer.ts";
import { SettingsContext, usePageTexts } from "./settings.tsx";
import { useContext } from "preact/hooks";
import { story } from "./story.ts";
import "./story-pane.css";

interface StoryPaneProps {
  readonly explorer: Explorer;
  onEnd(): void;
}

export function StoryPane({ explorer, onEnd }: StoryPaneProps) {
  const texts = usePageTexts();
  const { language } = useContext(SettingsContext);
  const [number, setNumber] = useState(0);
  const step = story[number]!;
  const { title, text } = step.texts[language];
  const go = (to: number) => {
    if (to >= story.length) {
      onEnd();
      return;
    }
    setNumber(to);
    explorer.stop();
    void story[to]!.show(explorer);
  };
  return (
    <section class="story" aria-label={texts.story}>
      <h2>
        {number + 1} / {story.length}
      </h2>
      <div role="status">
        <strong>{title}</strong>
        <p>{text}</p>
      </div>
      <span class="doors">
        <button type="button" disabled={number === 0} onClick={() => go(number - 1)}>
          {texts.back}
        </button>
        <button type="button" class="primary" onClick={() => go(number + 1)}>
          {number + 1 < story.length ? texts.next : texts.end}
        </button>
        <button type="button" aria-label={texts.close} onClick={onEnd}>
          ×
        </button>
      </span>
    </section>
  );
}
