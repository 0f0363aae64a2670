/** @file The brush that hides parts of the picture, and what the network then answers. */
import { useEffect, useRef, useState } from "preact/hooks";
import { Brush } from "./brush.tsx";
import type { BrushStyle } from "./brush-style.ts";
import { emptyGrid } from "./painted-grid.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import type { PaintedGrid } from "../../shown-region.ts";

/** A pause after a stroke, so that a drag does not ask for every move. */
const pauseMs = 60;

const grey = [128, 128, 128, 255] as const;

interface HidingBrushProps extends PaneProps {
  readonly brushStyle: BrushStyle;
}

export function HidingBrush({ explorer, state, brushStyle }: HidingBrushProps) {
  const texts = usePageTexts();
  const { picture } = state;
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [grid, setGrid] = useState<PaintedGrid>();
  useEffect(() => {
    setGrid(picture && emptyGrid(picture.seen));
    return () => clearTimeout(pause.current);
  }, [picture]);
  if (!grid) return null;
  const hide = (painted: PaintedGrid) => {
    setGrid(painted);
    clearTimeout(pause.current);
    pause.current = setTimeout(() => void explorer.hide(painted), pauseMs);
  };
  return (
    <Brush
      grid={grid}
      brushStyle={brushStyle}
      label={texts.hideParts}
      paint={grey}
      onPaint={hide}
    />
  );
}
