/** @file The channel's own map: a place of it is chosen by mouse, touch or arrow keys, or all of them one after the other. */
import type { ColorScale } from "../../../src/image/colormap.ts";
import { formatNumber } from "../../../src/wording/numbers.ts";
import type { FollowedChannel } from "../../steps-protocol.ts";
import { MapCanvas } from "../picture/map-canvas.tsx";
import { usePageTexts } from "../frame/settings.tsx";

interface StepOutputProps {
  readonly steps: FollowedChannel;
  readonly scale: ColorScale;
  readonly place: number;
  readonly isPlaying: boolean;
  onGo(place: number): void;
  onPlay(isPlaying: boolean): void;
}

export function StepOutput({ steps, scale, place, isPlaying, onGo, onPlay }: StepOutputProps) {
  const texts = usePageTexts();
  const [rows, columns] = steps.windows.output;
  if (rows * columns === 1) return null;
  const values = steps.stages.at(-1)?.values ?? steps.values;
  const [row, column] = [Math.floor(place / columns), place % columns];
  const goTo = (event: PointerEvent) => {
    if (event.buttons === 0) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const x = within(((event.clientX - box.left) / box.width) * columns, columns);
    const y = within(((event.clientY - box.top) / box.height) * rows, rows);
    onGo(y * columns + x);
  };
  return (
    <div class="step-output">
      <div
        class="places"
        role="slider"
        tabIndex={0}
        aria-label={texts.stepPlace}
        aria-valuemin={0}
        aria-valuemax={rows * columns - 1}
        aria-valuenow={place}
        aria-valuetext={`${texts.stepRow} ${row}, ${texts.stepColumn} ${column}: ${formatNumber(values[place]!)}`}
        onPointerDown={goTo}
        onPointerMove={goTo}
        onKeyDown={(event) => {
          const to = placeAfter(event.key, place, steps.windows.output);
          if (to === undefined) return;
          event.preventDefault();
          onGo(to);
        }}
      >
        <MapCanvas values={values} height={rows} width={columns} scale={scale}>
          <span
            class="sliding-box"
            style={{
              left: `${(100 * column) / columns}%`,
              top: `${(100 * row) / rows}%`,
              width: `${100 / columns}%`,
              height: `${100 / rows}%`,
            }}
          />
        </MapCanvas>
      </div>
      <p class="step-line">
        <span>
          {texts.stepRow} {row}, {texts.stepColumn} {column}
        </span>
        <button type="button" aria-pressed={isPlaying} onClick={() => onPlay(!isPlaying)}>
          {isPlaying ? texts.pause : texts.slide}
        </button>
      </p>
    </div>
  );
}

function within(at: number, count: number): number {
  return Math.min(Math.max(Math.floor(at), 0), count - 1);
}

/** Where an arrow key leads, and Home and End; undefined for other keys. */
function placeAfter(
  key: string,
  place: number,
  [rows, columns]: FollowedChannel["windows"]["output"],
): number | undefined {
  const [row, column] = [Math.floor(place / columns), place % columns];
  const to = (y: number, x: number) => within(y, rows) * columns + within(x, columns);
  if (key === "ArrowLeft") return to(row, column - 1);
  if (key === "ArrowRight") return to(row, column + 1);
  if (key === "ArrowUp") return to(row - 1, column);
  if (key === "ArrowDown") return to(row + 1, column);
  if (key === "Home") return 0;
  return key === "End" ? rows * columns - 1 : undefined;
}
