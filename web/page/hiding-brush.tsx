/** @file A brush that hides parts of the picture, and what the network then answers. */
import { useEffect, useRef } from "preact/hooks";
import type { PaneProps } from "./layer-strip.tsx";
import { usePageTexts } from "./settings.tsx";
import "./hiding-brush.css";

/** Of what the brush hides, on a side. */
const maskSide = 56;
/** Of the brush, in places of the mask. */
const radius = 3;

/** A pause after a stroke, so that a drag does not ask for every move. */
const pauseMs = 60;

export function HidingBrush({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const mask = useRef(new Uint8Array(maskSide * maskSide));
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    mask.current = new Uint8Array(maskSide * maskSide);
    paint(canvas.current, mask.current);
  }, [state.picture]);
  const stroke = (event: PointerEvent) => {
    if (event.buttons === 0 || !canvas.current) return;
    const box = canvas.current.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * maskSide;
    const y = ((event.clientY - box.top) / box.height) * maskSide;
    hideAround(mask.current, x, y);
    paint(canvas.current, mask.current);
    clearTimeout(pause.current);
    const asked = { mask: Uint8Array.from(mask.current), width: maskSide, height: maskSide };
    pause.current = setTimeout(() => void explorer.hide(asked), pauseMs);
  };
  return (
    <canvas
      ref={canvas}
      class="brush"
      width={maskSide}
      height={maskSide}
      role="img"
      aria-label={texts.hideParts}
      onPointerDown={stroke}
      onPointerMove={stroke}
    />
  );
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
