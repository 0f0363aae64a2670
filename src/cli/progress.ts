/** @file One line on a terminal that tells how far long work is and how long it will still take. */
import type { ProgressEvent } from "../app/context.ts";
import { formatDuration } from "../wording/durations.ts";
import { shownText } from "../wording/shown-text.ts";
import type { CommandIo } from "./io.ts";

/** The line of a command. */
export interface ProgressLine {
  show(event: ProgressEvent): void;
  /** Takes the line away, so that something else can be said; the next event draws it again. */
  clear(): void;
}

const barWidth = 24;
const shortestGapMs = 100;

/** A bar with share and time left on `io.err`, redrawn at most ten times a second; silent where nobody watches. */
export function progressLine(
  io: Pick<CommandIo, "err" | "isWatched">,
  now: () => number = () => performance.now(),
): ProgressLine {
  let drawnMs = Number.NEGATIVE_INFINITY;
  let isDrawn = false;
  const clear = () => {
    if (!isDrawn) return;
    io.err("\r\u001b[K");
    isDrawn = false;
    drawnMs = Number.NEGATIVE_INFINITY;
  };
  return {
    clear,
    show(event) {
      if (!io.isWatched) return;
      if (event.isOver) return clear();
      const timeMs = now();
      if (timeMs - drawnMs < shortestGapMs && event.done < event.total) return;
      drawnMs = timeMs;
      isDrawn = true;
      io.err(`\r\u001b[K${shownText(lineOf(event))}`);
    },
  };
}

function lineOf({ what, done, total, text = "", secondsLeft }: ProgressEvent): string {
  const share = total > 0 ? Math.min(done / total, 1) : 1;
  const filled = Math.round(share * barWidth);
  const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
  const left = secondsLeft === undefined ? "" : `${formatDuration(1000 * secondsLeft)} left`;
  return [what, bar, `${Math.floor(100 * share)} %`, text, left].filter(Boolean).join("  ");
}
