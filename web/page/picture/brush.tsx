/** @file THE brush over the picture, by mouse, finger, pen or keys: it hides parts, or paints the part that is explained. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { PaintedGrid } from "../../shown-region.ts";
import type { BrushStyle } from "./brush-style.ts";
import { paintedBetween, type BrushPlace } from "./painted-grid.ts";
import { usePageTexts } from "../frame/settings.tsx";
import "./brush.css";

interface BrushProps {
  readonly grid: PaintedGrid;
  readonly brushStyle: BrushStyle;
  /** What painting does. */
  readonly label: string;
  /** Of painted places, as RGBA from 0 to 255. */
  readonly paint: readonly [number, number, number, number];
  /** Told with every move. */
  onPaint(grid: PaintedGrid): void;
  /** Told once the hand is lifted, or a key has painted. */
  onStroke?(grid: PaintedGrid): void;
}

const steps: Readonly<Record<string, BrushPlace>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export function Brush({ grid, brushStyle, label, paint, onPaint, onStroke }: BrushProps) {
  const texts = usePageTexts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = grid;
  // What is painted between two drawings of the page is not lost.
  const painted = useRef(grid);
  painted.current = grid;
  const last = useRef<BrushPlace | undefined>(undefined);
  const [place, setPlace] = useState<BrushPlace>({ x: width / 2, y: height / 2 });
  useEffect(() => draw(canvas.current, grid, paint), [grid, paint]);
  const paintTo = (to: BrushPlace, how: BrushStyle) => {
    painted.current = paintedBetween(painted.current, last.current ?? to, to, how);
    onPaint(painted.current);
  };
  const move = (event: PointerEvent) => {
    if (event.buttons === 0 || !canvas.current) return;
    const to = placeUnder(event, canvas.current);
    paintTo(to, brushStyle);
    last.current = to;
  };
  const lift = () => {
    if (last.current) onStroke?.(painted.current);
    last.current = undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key];
    const by = Math.max(brushStyle.radius, 1);
    const isErasing = event.key === "Backspace" || event.key === "Delete";
    if (step) setPlace(({ x, y }) => within(x + by * step.x, y + by * step.y, grid));
    else if (event.key === " " || isErasing) {
      paintTo(place, isErasing ? { ...brushStyle, isErasing } : brushStyle);
      onStroke?.(painted.current);
    } else return;
    event.preventDefault();
  };
  return (
    <div class="brush-frame" style={frameOf(grid)}>
      <canvas
        ref={canvas}
        class="brush"
        width={width}
        height={height}
        tabIndex={0}
        role="application"
        aria-label={`${label}. ${texts.brushKeys}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          move(event);
        }}
        onPointerMove={move}
        onPointerUp={lift}
        onPointerCancel={lift}
        onKeyDown={onKeyDown}
      />
      <span class="brush-place" style={spotOf(place, brushStyle, grid)} />
    </div>
  );
}

/** In places of the canvas. */
function placeUnder({ clientX, clientY }: PointerEvent, canvas: HTMLCanvasElement): BrushPlace {
  const box = canvas.getBoundingClientRect();
  return {
    x: ((clientX - box.left) / box.width) * canvas.width,
    y: ((clientY - box.top) / box.height) * canvas.height,
  };
}

function within(x: number, y: number, { width, height }: PaintedGrid): BrushPlace {
  return { x: Math.min(Math.max(x, 0), width), y: Math.min(Math.max(y, 0), height) };
}

const percent = (share: number) => `${100 * share}%`;

/** Where the picture lies on the square stage. */
export function frameOf({ width, height }: PaintedGrid) {
  const longer = Math.max(width, height);
  const [wide, high] = [width / longer, height / longer];
  return {
    left: percent((1 - wide) / 2),
    top: percent((1 - high) / 2),
    width: percent(wide),
    height: percent(high),
  };
}

/** Where the brush stands, in shares of the picture. */
function spotOf({ x, y }: BrushPlace, { radius }: BrushStyle, { width, height }: PaintedGrid) {
  return {
    left: percent(x / width),
    top: percent(y / height),
    width: percent((2 * radius) / width),
  };
}

/** Painted places in one colour. */
export function draw(
  canvas: HTMLCanvasElement | null,
  { width, height, inside }: PaintedGrid,
  paint: readonly number[],
): void {
  const data = new Uint8ClampedArray(4 * inside.length);
  for (const [i, one] of inside.entries()) if (one === 1) data.set(paint, 4 * i);
  canvas?.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
}
