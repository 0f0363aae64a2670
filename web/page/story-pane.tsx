/** @file The guided story above the page: a step's title and text, forward and back. */
import { useContext, useState } from "preact/hooks";
import type { Explorer } from "./explorer.ts";
import { Icon } from "./icon.tsx";
import type { Section } from "./sections.tsx";
import { SettingsContext, usePageTexts } from "./settings.tsx";
import { story } from "./story.ts";
import "./story-pane.css";

interface StoryPaneProps {
  readonly explorer: Explorer;
  onSection(section: Section): void;
  onEnd(): void;
}

export function StoryPane({ explorer, onSection, onEnd }: StoryPaneProps) {
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
    onSection(story[to]!.section);
    explorer.stop();
    void story[to]!.show(explorer);
  };
  return (
    <section class="story" aria-label={texts.story}>
      <h2>
        {number + 1} / {story.length}
      </h2>
      <div class="told" role="status">
        <strong>{title}</strong>
        <p>{text}</p>
      </div>
      <span class="steps">
        <button type="button" disabled={number === 0} onClick={() => go(number - 1)}>
          {texts.back}
        </button>
        <button type="button" class="primary" onClick={() => go(number + 1)}>
          {number + 1 < story.length ? texts.next : texts.end}
        </button>
      </span>
      <button type="button" class="quiet end" aria-label={texts.close} onClick={onEnd}>
        <Icon name="close" />
      </button>
    </section>
  );
}
