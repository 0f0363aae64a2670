/** @file How wide the brush is, and whether it paints or erases. */
import type { BrushStyle } from "./brush-style.ts";
import { usePageTexts } from "../frame/settings.tsx";

interface BrushFieldsProps {
  readonly brushStyle: BrushStyle;
  onStyle(style: BrushStyle): void;
}

export function BrushFields({ brushStyle, onStyle }: BrushFieldsProps) {
  const texts = usePageTexts();
  return (
    <div class="brush-fields">
      <label>
        <span>{texts.brushWidth}</span>
        <input
          type="range"
          min="0.5"
          max="10"
          step="0.5"
          value={brushStyle.radius}
          onInput={({ currentTarget }) =>
            onStyle({ ...brushStyle, radius: Number(currentTarget.value) })
          }
        />
      </label>
      <button
        type="button"
        aria-pressed={brushStyle.isErasing}
        onClick={() => onStyle({ ...brushStyle, isErasing: !brushStyle.isErasing })}
      >
        {texts.erase}
      </button>
    </div>
  );
}
