/** @file A brush that hides parts of the picture, and what the network then answers. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import "./hiding-brush.css";

/** Of what the brush hides, on a side. */
const maskSide = 56;
/** Of the brush, in places of the mask. */
const radius = 3;

/** A pause after a stroke, so that a drag does not ask for every move. */
const pauseMs = 60;

/** The place that keys move, in places of the mask. */
interface Place {
  readonly x: number;
  readonly y: number;
}

const steps: Readonly<Record<string, Place>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** As far as a key moves the brush, in places of the mask. */
const keyStep = 3;

export function HidingBrush({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const mask = useRef(new Uint8Array(maskSide * maskSide));
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [place, setPlace] = useState<Place>({ x: maskSide / 2, y: maskSide / 2 });
  useEffect(() => {
    mask.current = new Uint8Array(maskSide * maskSide);
    paint(canvas.current, mask.current);
  }, [state.picture]);
  const hideAt = ({ x, y }: Place) => {
    hideAround(mask.current, x, y);
    paint(canvas.current, mask.current);
    clearTimeout(pause.current);
    const asked = { mask: Uint8Array.from(mask.current), width: maskSide, height: maskSide };
    pause.current = setTimeout(() => void explorer.hide(asked), pauseMs);
  };
  const stroke = (event: PointerEvent) => {
    if (event.buttons === 0 || !canvas.current) return;
    const box = canvas.current.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * maskSide;
    const y = ((event.clientY - box.top) / box.height) * maskSide;
    hideAt({ x, y });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step) setPlace(({ x, y }) => within(x + keyStep * step.x, y + keyStep * step.y));
    else if (event.key === " ") hideAt(place);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <canvas
        ref={canvas}
        class="brush"
        width={maskSide}
        height={maskSide}
        tabIndex={0}
        role="application"
        aria-label={`${texts.hideParts}. ${texts.brushKeys}`}
        onPointerDown={stroke}
        onPointerMove={stroke}
        onKeyDown={onKeyDown}
      />
      <span class="brush-place" style={spotOf(place)} />
    </>
  );
}

function within(x: number, y: number): Place {
  const inside = (at: number) => Math.min(Math.max(at, 0), maskSide);
  return { x: inside(x), y: inside(y) };
}

/** Where the brush stands, in shares of the stage. */
function spotOf({ x, y }: Place) {
  const share = (places: number) => `${(100 * places) / maskSide}%`;
  return { left: share(x), top: share(y), width: share(2 * radius) };
}

function hideAround(mask: Uint8Array, x: number, y: number): void {
  for (let row = 0; row < maskSide; row++) {
    for (let column = 0; column < maskSide; column++) {
      if (Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius) mask[row * maskSide + column] = 1;
    }
  }
}

/** Hidden parts in grey. */
function paint(canvas: HTMLCanvasElement | null, mask: Uint8Array): void {
  const data = new Uint8ClampedArray(4 * mask.length);
  for (const [i, one] of mask.entries()) if (one === 1) data.set([128, 128, 128, 255], 4 * i);
  canvas?.getContext("2d")?.putImageData(new ImageData(data, maskSide, maskSide), 0, 0);
}
