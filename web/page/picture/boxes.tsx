/** @file The boxes of a detector over the picture: the explained one strong, the others a click away. */
import type { PaneProps } from "../layers/layer-strip.tsx";
import "./boxes.css";

export function Boxes({ explorer, state }: PaneProps) {
  const { picture, view } = state;
  const boxes = (picture?.answers ?? []).filter(({ box }) => box !== undefined);
  if (boxes.length === 0 || !picture) return null;
  const { width, height } = picture.seen;
  const best = view.region === undefined ? boxes[0]!.target : undefined;
  const chosen = view.target === "top" ? best : view.target;
  return (
    <svg class="boxes" viewBox={`0 0 ${width} ${height}`} aria-hidden>
      {boxes.map(({ target, box, label }) => {
        const { left, top, right, bottom } = box!;
        const place = {
          x: left * width,
          y: top * height,
          width: (right - left) * width,
          height: (bottom - top) * height,
        };
        return (
          <g key={target} class={target === chosen ? "chosen" : ""}>
            <rect {...place} class="under" />
            <rect {...place} onClick={() => void explorer.chooseTarget(target)}>
              <title>{label}</title>
            </rect>
          </g>
        );
      })}
    </svg>
  );
}
