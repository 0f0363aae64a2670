/** @file Arrow keys in a grid. */

/** How many stand in a row: as many as the style fits. */
export function columnsOf(grid: Element): number {
  return getComputedStyle(grid).gridTemplateColumns.split(" ").length;
}

/** How far an arrow goes in a grid that is filled row by row, and the keys that go to an end; 0 for other keys. */
export function stepOf(key: string, columns: number): number {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  };
  return steps[key] ?? 0;
}
