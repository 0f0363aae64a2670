/** @file A rectangle that is drawn over the picture with mouse, finger or pen: the part that is explained. */
import { useRef, useState } from "preact/hooks";
import { boxRegion, regionIn, type ShownBox } from "../../shown-region.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { regionOf } from "../shown-choice.ts";
import "./region-marker.css";

/** Smaller ones are clicks. */
const leastShare = 0.02;

type Place = readonly [x: number, y: number];

export function RegionMarker({ explorer, state }: PaneProps) {
  const svg = useRef<SVGSVGElement>(null);
  const start = useRef<Place | undefined>(undefined);
  const [drawn, setDrawn] = useState<ShownBox>();
  const { picture, tool } = state;
  const region = regionIn(regionOf(state));
  const isMarking = tool === "box";
  const marked = region?.kind === "box" ? region : undefined;
  if (!picture || (!marked && !isMarking)) return null;
  const { width, height } = picture.seen;
  const shareAt = ({ clientX, clientY }: PointerEvent): Place => {
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(
      svg.current!.getScreenCTM()!.inverse(),
    );
    return [inside(x / width), inside(y / height)];
  };
  const move = (event: PointerEvent) => {
    if (start.current) setDrawn(between(start.current, shareAt(event)));
  };
  const end = () => {
    start.current = undefined;
    const isBox =
      drawn && drawn.right - drawn.left > leastShare && drawn.bottom - drawn.top > leastShare;
    setDrawn(undefined);
    if (!isBox) return;
    explorer.takeTool(undefined);
    void explorer.chooseRegion(boxRegion(drawn));
  };
  const shown = drawn ?? marked;
  const place = shown && {
    x: shown.left * width,
    y: shown.top * height,
    width: (shown.right - shown.left) * width,
    height: (shown.bottom - shown.top) * height,
  };
  return (
    <svg
      ref={svg}
      class={isMarking ? "region is-marking" : "region"}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = shareAt(event);
      }}
      onPointerMove={move}
      onPointerUp={end}
    >
      {place && (
        <>
          <rect {...place} class="under" />
          <rect {...place} />
        </>
      )}
    </svg>
  );
}

const inside = (share: number) => Math.min(Math.max(share, 0), 1);

function between([ax, ay]: Place, [bx, by]: Place): ShownBox {
  return {
    left: Math.min(ax, bx),
    top: Math.min(ay, by),
    right: Math.max(ax, bx),
    bottom: Math.max(ay, by),
  };
}
