/** @file A channel's numbers over the picture, the kernels that it reads by, and those that read it. */
import { formatNumber } from "../../src/wording/numbers.ts";
import type { ShownDetails, ShownWeights } from "../protocol.ts";
import type { PaneProps } from "./layer-strip.tsx";
import { PixelCanvas } from "./pixel-canvas.tsx";
import { usePageTexts } from "./settings.tsx";
import "./unit-details.css";

export function UnitDetails({ state }: PaneProps) {
  const texts = usePageTexts();
  const { details } = state;
  if (!details) return null;
  return (
    <section class="details">
      <h3>{texts.spread}</h3>
      <Histogram histogram={details.histogram} text={texts.spread} />
      <Kernels title={texts.reads} weights={details.before} />
      <Kernels title={texts.readBy} weights={details.after} />
    </section>
  );
}

interface HistogramProps {
  readonly histogram: ShownDetails["histogram"];
  readonly text: string;
}

/** Heights are square roots of counts, since zeros would leave nothing else to see. */
function Histogram({ histogram, text }: HistogramProps) {
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
      <div class="ends">
        <span>{formatNumber(least)}</span>
        <span>{formatNumber(most)}</span>
      </div>
    </>
  );
}

interface KernelsProps {
  readonly title: string;
  readonly weights: readonly ShownWeights[];
}

function Kernels({ title, weights }: KernelsProps) {
  if (weights.length === 0) return null;
  return (
    <>
      <h3>
        {title} <small>{weights[0]!.layer}</small>
      </h3>
      <ul class="kernels">
        {weights.map(({ layer, channel, size, kernel }) => (
          <li key={`${layer} ${channel}`} title={`${layer} ${channel}: ${formatNumber(size)}`}>
            <PixelCanvas pixels={kernel} text={`${layer} ${channel}: ${formatNumber(size)}`} />
            <span>{channel}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
