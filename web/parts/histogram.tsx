/** @file How numbers are spread, as bars. */
import { formatNumber } from "../../src/wording/numbers.ts";
import "./histogram.css";

interface HistogramProps {
  readonly histogram: {
    readonly least: number;
    readonly most: number;
    readonly counts: readonly number[];
  };
  readonly text: string;
}

/** Heights are square roots of counts, since zeros would leave nothing else to see. */
export function Histogram({ histogram, text }: HistogramProps) {
  const { counts, least, most } = histogram;
  const highest = Math.sqrt(counts.reduce((top, count) => Math.max(top, count), 1));
  return (
    <>
      <svg
        viewBox={`0 0 ${counts.length} 10`}
        preserveAspectRatio="none"
        class="histogram"
        role="img"
        aria-label={`${text}: ${formatNumber(least)} … ${formatNumber(most)}`}
      >
        {counts.map((count, i) => {
          const height = (10 * Math.sqrt(count)) / highest;
          return <rect key={i} x={i + 0.05} width={0.9} y={10 - height} height={height} />;
        })}
      </svg>
      <div class="histogram-ends">
        <span>{formatNumber(least)}</span>
        <span>{formatNumber(most)}</span>
      </div>
    </>
  );
}
