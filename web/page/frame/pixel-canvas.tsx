/** @file Pixels on a canvas, with a text for those who do not see it. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Pixels } from "../../protocol.ts";
import "../picture/stage.css";

export interface PixelCanvasProps {
  readonly pixels: Pixels;
  /** Undefined for what another element tells already. */
  readonly text?: string;
  readonly class?: string;
  readonly opacity?: number;
}

export function PixelCanvas({ pixels, text, class: name, opacity = 1 }: PixelCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // Before the browser paints: the pixels are seen in the frame in which they came.
  useLayoutEffect(() => {
    const { width, height, data } = pixels;
    canvas.current?.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
  }, [pixels]);
  return (
    <canvas
      ref={canvas}
      width={pixels.width}
      height={pixels.height}
      class={name}
      style={{ opacity }}
      {...(text === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": text })}
    />
  );
}
