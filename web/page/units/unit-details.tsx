/** @file A channel's numbers over the picture, the kernels that it reads by, and those that read it. */
import { formatNumber } from "../../../src/wording/numbers.ts";
import { Histogram } from "../../parts/histogram.tsx";
import type { ShownWeights } from "../../protocol.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { usePageTexts } from "../frame/settings.tsx";
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
