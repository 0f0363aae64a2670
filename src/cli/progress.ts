/** @file One line on a terminal that tells how far long work is and how long it will still take. */
import type { CommandIo } from "./io.ts";

export interface ProgressOptions {
  /** What is going on: "maximize". */
  readonly label: string;
  /** What `done` counts up to; steps, bytes, pictures. */
  readonly total: number;
  /** Already done before, as when work goes on: says nothing about speed. */
  readonly from?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

export interface Progress {
  /** Tells how far the work is; `text` says more (loss, bytes a second). */
  update(done: number, text?: string): void;
  /** Takes the line away. */
  end(): void;
}

const barWidth = 24;
const shortestGapMs = 100;

/** A bar with share and time left on `io.err`, redrawn at most ten times a second; silent where nobody watches. */
export function startProgress(io: CommandIo, options: ProgressOptions): Progress {
  const { label, total, from = 0, now = () => performance.now() } = options;
  if (!io.isWatched) return { update: () => {}, end: () => {} };
  const startMs = now();
  let drawnMs = Number.NEGATIVE_INFINITY;
  return {
    update(done, text = "") {
      const timeMs = now();
      if (timeMs - drawnMs < shortestGapMs && done < total) return;
      drawnMs = timeMs;
      const share = total > 0 ? Math.min(done / total, 1) : 1;
      const filled = Math.round(share * barWidth);
      const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
      const leftMs = ((timeMs - startMs) * (total - done)) / (done - from);
      const left = done > from ? `${formatDuration(leftMs)} left` : "";
      const parts = [label, bar, `${Math.floor(100 * share)} %`, text, left];
      io.err(`\r\u001b[K${parts.filter(Boolean).join("  ")}`);
    },
    end: () => io.err("\r\u001b[K"),
  };
}

/** A time as people say it: `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(timeMs: number): string {
  const seconds = Math.ceil(timeMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
