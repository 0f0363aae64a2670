/** @file The guided story above the page: a step's title and text, something to try, forward and back. */
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { SettingsContext } from "../../parts/settings.ts";
import type { Explorer } from "../explorer.ts";
import { Icon } from "../frame/icon.tsx";
import { isNarrowNow } from "../frame/narrow.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import type { Section } from "../frame/sections.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { story, type Spot } from "./story.ts";
import { filled, storyTexts, toldFacts } from "./story-texts.ts";
import { useStoryRoom } from "./story-room.ts";
import { WhatVisitorHad } from "./what-visitor-had.ts";
import "./story-pane.css";

interface StoryPaneProps extends PaneProps {
  onSection(section: Section): void;
  onClose(): void;
}

/** What each spot is, for a narrow page to bring it into sight. */
const places: Readonly<Record<Spot, string>> = {
  stage: ".stage",
  answers: ".answers",
  channels: ".channel-grid",
  unit: "section.unit",
  layers: ".spine",
  compare: ".compare",
};

export function StoryPane({ explorer, state, onSection, onClose }: StoryPaneProps) {
  const texts = usePageTexts();
  const { language } = useContext(SettingsContext);
  const [number, setNumber] = useState(0);
  const forward = useRef<HTMLButtonElement>(null);
  const step = story[number]!;
  const { title, text, fact, question, answer } = storyTexts[language][step.name];
  const visitors = useMemo(() => new WhatVisitorHad(explorer), [explorer]);
  useTelling(explorer, visitors, number, onSection);
  useEffect(() => () => void visitors.putBack(), [visitors]);
  const panel = useStoryRoom();
  useEffect(() => forward.current?.focus(), []);
  const isLast = number + 1 === story.length;
  return (
    <section ref={panel} class="story" aria-label={texts.story}>
      <h2>
        {number + 1} / {story.length}
      </h2>
      <div class="told">
        <div role="status">
          <strong>{title}</strong>
          <p>
            {text} {filled(fact, toldFacts(step.facts(state), language))}
          </p>
        </div>
        <details key={step.name}>
          <summary>
            {texts.tryIt} {question}
          </summary>
          <p>{answer}</p>
        </details>
      </div>
      <span class="steps">
        <button type="button" disabled={number === 0} onClick={() => setNumber(number - 1)}>
          {texts.back}
        </button>
        <button
          ref={forward}
          type="button"
          class="primary"
          onClick={() => (isLast ? onClose() : setNumber(number + 1))}
        >
          {isLast ? texts.end : texts.next}
        </button>
      </span>
      <button type="button" class="quiet end" aria-label={texts.close} onClick={onClose}>
        <Icon name="close" />
      </button>
    </section>
  );
}

/** Sets the page to a step and lights up what it speaks of, until another step is told. */
function useTelling(
  explorer: Explorer,
  visitors: WhatVisitorHad,
  number: number,
  onSection: (section: Section) => void,
): void {
  useEffect(() => {
    const { section, spot, deeds } = story[number]!;
    let isTold = true;
    const tell = async () => {
      for (const deed of deeds) if (isTold) await deed(explorer, visitors);
      await painted();
      if (isTold) show(spot);
    };
    onSection(section);
    document.documentElement.dataset["spot"] = spot;
    void tell();
    return () => {
      isTold = false;
      explorer.stop();
      delete document.documentElement.dataset["spot"];
    };
  }, [explorer, number]);
}

/** Results are drawn in the frame behind the one in which they come; places have their heights only then. */
function painted(): Promise<unknown> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  });
}

function show(spot: Spot): void {
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.querySelector(places[spot])?.scrollIntoView({
    // Above the story, which lies over the lower part of a narrow page.
    block: isNarrowNow() ? "start" : "nearest",
    behavior: isStill ? "auto" : "smooth",
  });
}
