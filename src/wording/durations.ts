/** @file Times as people say them. */

/** A time that is still to come, rounded up: `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(timeMs: number): string {
  return wholeDuration(Math.ceil(timeMs / 1000));
}

/** A time that was measured: `0.8 s`, `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatMeasuredDuration(timeMs: number): string {
  return timeMs < 9950
    ? `${(timeMs / 1000).toFixed(1)} s`
    : wholeDuration(Math.round(timeMs / 1000));
}

function wholeDuration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
