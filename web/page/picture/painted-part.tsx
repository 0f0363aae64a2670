/** @file The part of the picture that is explained, painted by brush; shown where nothing else outlines it. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Brush, draw, frameOf } from "./brush.tsx";
import type { BrushStyle } from "./brush-style.ts";
import { gridOfRegion } from "./painted-grid.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { regionOf } from "../shown-choice.ts";
import { paintedRegion, regionIn, type PaintedGrid } from "../../shown-region.ts";

const blue = [40, 190, 255, 120] as const;

interface PaintedPartProps extends PaneProps {
  readonly brushStyle: BrushStyle;
}

export function PaintedPart({ explorer, state, brushStyle }: PaintedPartProps) {
  const texts = usePageTexts();
  const { picture, tool, map } = state;
  const region = regionOf(state);
  const told = useMemo(
    () => picture && gridOfRegion(regionIn(region), picture.seen),
    [picture, region],
  );
  const [grid, setGrid] = useState(told);
  useEffect(() => setGrid(told), [told]);
  if (!grid) return null;
  if (tool === "paint") {
    return (
      <Brush
        grid={grid}
        brushStyle={brushStyle}
        label={texts.paintPart}
        paint={blue}
        onPaint={setGrid}
        onStroke={(painted) => void explorer.chooseRegion(paintedRegion(painted))}
      />
    );
  }
  const isShown = region?.startsWith("painted") === true && !map?.outline;
  return isShown ? <Painted grid={grid} /> : null;
}

function Painted({ grid }: { readonly grid: PaintedGrid }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => draw(canvas.current, grid, blue), [grid]);
  return (
    <div class="brush-frame is-still" style={frameOf(grid)}>
      <canvas ref={canvas} class="brush" width={grid.width} height={grid.height} aria-hidden />
    </div>
  );
}
