/** @file The window over the chosen map, the numbers under it, the kernel, and their products. */
import { numbersUnder, productSum, type StepsAt } from "../../../src/activations/window-sums.ts";
import { formatNumber } from "../../../src/wording/numbers.ts";
import type { FollowedChannel } from "../../steps-protocol.ts";
import { MapCanvas } from "../picture/map-canvas.tsx";
import { NumberTable } from "./number-table.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import type { StepParts, StepScales } from "./step-parts.ts";

interface StepWindowProps {
  readonly steps: FollowedChannel;
  readonly parts: StepParts;
  readonly scales: StepScales;
  readonly at: StepsAt;
  readonly chosen: number;
}

export function StepWindow({ steps, parts, scales, at, chosen }: StepWindowProps) {
  const texts = usePageTexts();
  const { windows, kind } = steps;
  const { layer, channel } = steps.reads[chosen]!;
  const [height, width] = windows.input;
  const map = parts.maps[chosen]!;
  const kernel = parts.reads[chosen]!.kernel;
  const numbers = numbersUnder(map, windows, at.taps);
  const table = { taps: at.taps, columns: windows.kernel[1] };
  return (
    <>
      <h3>
        {layer} {channel}
      </h3>
      {height * width > 1 && (
        <div class="step-map">
          <MapCanvas
            values={map}
            height={height}
            width={width}
            scale={scales.reads}
            text={`${layer} ${channel}, ${height} × ${width}`}
          >
            <SlidingBox steps={steps} at={at} />
          </MapCanvas>
        </div>
      )}
      <div class="step-tables">
        <NumberTable {...table} title={texts.stepUnder} numbers={numbers} scale={scales.reads} />
        {kind === "sum" && (
          <>
            <span aria-hidden>×</span>
            <NumberTable
              {...table}
              title={texts.stepKernel}
              numbers={kernel!}
              scale={scales.kernels}
            />
            <span aria-hidden>=</span>
            <NumberTable
              {...table}
              title={texts.stepProducts}
              numbers={numbers.map((number, i) => number * kernel![i]!)}
            />
          </>
        )}
      </div>
      <p class="step-line">
        {lineOf(kind, texts)}{" "}
        <strong>
          {formatNumber(kind === "sum" ? productSum(numbers, kernel!) : at.parts[chosen]!)}
        </strong>
      </p>
    </>
  );
}

function lineOf(kind: FollowedChannel["kind"], texts: ReturnType<typeof usePageTexts>): string {
  if (kind === "sum") return texts.stepOfSum;
  return kind === "max" ? texts.stepOfMax : texts.stepOfMean;
}

/** Where the window lies, in shares of the map; it may reach beyond, into the padding. */
function SlidingBox({ steps, at }: Pick<StepWindowProps, "steps" | "at">) {
  const { input } = steps.windows;
  const [first, last] = [at.taps[0]!, at.taps.at(-1)!];
  const share = (number: number, axis: 0 | 1) => `${(100 * number) / input[axis]}%`;
  return (
    <span
      class="sliding-box"
      style={{
        left: share(first.column, 1),
        top: share(first.row, 0),
        width: share(last.column + 1 - first.column, 1),
        height: share(last.row + 1 - first.row, 0),
      }}
    />
  );
}
