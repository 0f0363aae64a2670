/** @file What is under way, how long it still takes, and a button that ends it. */
import { useEffect, useState } from "preact/hooks";
import type { Work } from "../computing/store.ts";
import type { Explorer } from "../explorer.ts";
import { usePageTexts } from "./settings.tsx";
import { useWork } from "./under-way.ts";
import "./work-line.css";

/** What takes a moment only is not worth a look. */
const unseenMs = 500;

/** Empty while nothing is under way. */
export function WorkLine({ explorer }: { readonly explorer: Explorer }) {
  const texts = usePageTexts();
  const work = useWork(explorer.store);
  return (
    <aside class="work" aria-label={texts.working} data-idle={texts.idle}>
      {work && <Line work={work} onStop={() => explorer.stop()} />}
    </aside>
  );
}

interface LineProps {
  readonly work: Work;
  onStop(): void;
}

/** Not laid out before it is seen: a bar that moves has the browser draw, on a core that the work needs. */
function Line({ work, onStop }: LineProps) {
  const texts = usePageTexts();
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const soon = setTimeout(() => setSeen(true), unseenMs);
    return () => clearTimeout(soon);
  }, []);
  return (
    <div class="work-line" hidden={!isSeen}>
      <span class="what">{texts.works[work.name]}</span>
      <progress
        aria-label={texts.works[work.name]}
        {...(work.share > 0 && { value: work.share })}
      />
      <span class="left">
        {work.secondsLeft !== undefined && `${Math.ceil(work.secondsLeft)} ${texts.secondsLeft}`}
      </span>
      <button type="button" onClick={onStop}>
        {texts.stop} <kbd>Esc</kbd>
      </button>
    </div>
  );
}
