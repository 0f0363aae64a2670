/** @file Timing side by side: competitors take turns, so that a busy machine slows all of them alike. */

/** One way of doing a piece of work; `run` does it `count` times and returns the milliseconds of each. */
export interface Competitor {
  readonly name: string;
  readonly run: (count: number) => Promise<readonly number[]>;
  /** How many runs a turn has; slow competitors take fewer. */
  readonly perTurn?: number;
}

/** Times an asynchronous piece of work of this process. */
export function timed(name: string, work: () => Promise<unknown>, perTurn?: number): Competitor {
  return {
    name,
    ...(perTurn === undefined ? {} : { perTurn }),
    run: async (count) => {
      const times: number[] = [];
      for (let i = 0; i < count; i++) {
        const start = performance.now();
        await work();
        times.push(performance.now() - start);
      }
      return times;
    },
  };
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** What runs right behind PyTorch takes up to four times as long. */
const restMs = 300;

/** Lets the competitors take turns, each after a rest and one warm-up; returns the median milliseconds of each. */
export async function compete(competitors: readonly Competitor[], turns = 5): Promise<number[]> {
  const times = competitors.map((): number[] => []);
  for (let turn = 0; turn < turns; turn++) {
    for (const [i, competitor] of competitors.entries()) {
      await new Promise((rested) => {
        setTimeout(rested, restMs);
      });
      await competitor.run(1);
      times[i]!.push(...(await competitor.run(competitor.perTurn ?? 3)));
    }
  }
  return times.map(median);
}

/** One line: the work, each competitor's median, and the first one's time as a ratio of the others'. */
export function report(
  work: string,
  competitors: readonly Competitor[],
  medians: readonly number[],
): void {
  const cells = competitors.map((competitor, i) => {
    const ratio = i === 0 ? "" : ` (${(medians[0]! / medians[i]!).toFixed(3)} x)`;
    return `${competitor.name} ${medians[i]!.toFixed(1)} ms${ratio}`;
  });
  console.log(`${work.padEnd(34)} ${cells.join("   ")}`);
}
