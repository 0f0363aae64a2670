/** @file A map of a network as a canvas, a pixel a place, with what lies over it. */
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { colorize, type ColorScale } from "../../../src/image/colormap.ts";
import { plane } from "../../../src/image/picture.ts";
import type { Pixels } from "../../protocol.ts";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import "./map-canvas.css";

interface MapCanvasProps {
  /** [height, width], row-major. */
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
  readonly scale: ColorScale;
  readonly text?: string;
  readonly children?: ComponentChildren;
}

export function MapCanvas({ values, height, width, scale, text, children }: MapCanvasProps) {
  const pixels = useMemo(
    () => pixelsOf(values, height, width, scale),
    [values, height, width, scale],
  );
  return (
    <div class="map-canvas" style={{ aspectRatio: `${width} / ${height}` }}>
      <PixelCanvas pixels={pixels} {...(text === undefined ? {} : { text })} />
      {children}
    </div>
  );
}

function pixelsOf(values: Float32Array, height: number, width: number, scale: ColorScale): Pixels {
  const rgb = colorize(plane(width, height, values), scale).data;
  const data = new Uint8ClampedArray(4 * width * height);
  for (let from = 0, to = 0; to < data.length; from += 3, to += 4) {
    for (let c = 0; c < 3; c++) data[to + c] = rgb[from + c]!;
    data[to + 3] = 255;
  }
  return { width, height, data };
}
