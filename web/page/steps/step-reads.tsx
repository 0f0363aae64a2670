/** @file The channels that a channel reads, the largest kernels first, each with its share of the sum. */
import type { ColorScale } from "../../../src/image/colormap.ts";
import { formatNumber } from "../../../src/wording/numbers.ts";
import type { FollowedChannel } from "../../steps-protocol.ts";
import { MapCanvas } from "../picture/map-canvas.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { counted } from "../texts/counted-text.ts";
import type { StepParts } from "./step-parts.ts";

/** More than anybody looks through; the others are summed up. */
const mostShown = 24;

interface StepReadsProps {
  readonly steps: FollowedChannel;
  readonly parts: StepParts;
  readonly scale: ColorScale;
  readonly kernels: ColorScale;
  readonly sums: readonly number[];
  readonly chosen: number;
  onChoose(read: number): void;
}

export function StepReads({
  steps,
  parts,
  scale,
  kernels,
  sums,
  chosen,
  onChoose,
}: StepReadsProps) {
  const texts = usePageTexts();
  const { reads, windows } = steps;
  const [height, width] = windows.input;
  const [tall, wide] = windows.kernel;
  const others = sums.slice(mostShown);
  return (
    <>
      <ul class="step-reads">
        {reads.slice(0, mostShown).map(({ layer, channel }, i) => (
          <li key={i}>
            <button type="button" aria-pressed={i === chosen} onClick={() => onChoose(i)}>
              {height * width > 1 && (
                <MapCanvas values={parts.maps[i]!} height={height} width={width} scale={scale} />
              )}
              {tall * wide > 1 && parts.reads[i]!.kernel && (
                <MapCanvas
                  values={parts.reads[i]!.kernel}
                  height={tall}
                  width={wide}
                  scale={kernels}
                />
              )}
              <span class="name" title={layer}>
                <bdi>
                  {layer} <strong>{channel}</strong>
                </bdi>
              </span>
              <span class="number">{formatNumber(sums[i]!)}</span>
            </button>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <p class="step-others">
          {counted(others.length, texts.stepOthers)}{" "}
          <span class="number">{formatNumber(others.reduce((sum, part) => sum + part, 0))}</span>
        </p>
      )}
    </>
  );
}
