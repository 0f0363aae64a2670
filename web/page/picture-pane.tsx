/** @file The middle: the picture with the map over it, what the map says in words, and what can be done with it. */
import { useState } from "preact/hooks";
import { Answers } from "./answers.tsx";
import { ColorBar } from "./color-bar.tsx";
import { Boxes } from "./boxes.tsx";
import { CompareTray } from "./compare-tray.tsx";
import { HidingBrush } from "./hiding-brush.tsx";
import type { PaneProps } from "./layer-strip.tsx";
import { MapControls } from "./map-controls.tsx";
import { PhotoTray } from "./photo-tray.tsx";
import { PixelCanvas } from "./pixel-canvas.tsx";
import { RecipeText } from "./recipe-text.tsx";
import { usePageTexts } from "./settings.tsx";
import "./picture-pane.css";

export function PicturePane({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const [opacity, setOpacity] = useState(1);
  const [isHiding, setHiding] = useState(false);
  const { picture, map } = state;
  const toggleBrush = () => {
    if (isHiding) void explorer.hide(undefined);
    setHiding(!isHiding);
  };
  return (
    <main class="middle">
      <div class="stage" aria-busy={state.work !== undefined}>
        {picture && <PixelCanvas pixels={picture.seen} text={picture.name} class="photo" />}
        {map && !isHiding && (
          <PixelCanvas pixels={map.heat} text={map.text} class="heat" opacity={opacity} />
        )}
        {map?.outline && !isHiding && <PixelCanvas pixels={map.outline} class="outline" />}
        {!isHiding && <Boxes explorer={explorer} state={state} />}
        {isHiding && <HidingBrush explorer={explorer} state={state} />}
      </div>
      {map && <ColorBar scale={map.scale} />}
      <PhotoTray explorer={explorer} state={state} />
      <p class="sentence" role="status">
        {isHiding ? texts.hideParts : (map?.text ?? `${texts.working} …`)}
      </p>
      <Warnings warnings={map?.warnings ?? []} />
      <MapControls
        explorer={explorer}
        state={state}
        opacity={opacity}
        onOpacity={setOpacity}
        isHiding={isHiding}
        onBrush={toggleBrush}
      />
      {map && (
        <p class="score">
          <strong>{map.heading}</strong> {map.score}
          {map.layer !== undefined &&
            ` · ${texts.layer} ${map.layer}, ${map.height} × ${map.width}`}
          {map.checked !== undefined && ` · ${map.checked}`}
        </p>
      )}
      <Answers explorer={explorer} state={state} />
      <CompareTray explorer={explorer} state={state} />
      <RecipeText state={state} opacity={opacity} />
    </main>
  );
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  if (warnings.length === 0) return null;
  return (
    <ul class="warnings">
      {warnings.map((warning) => (
        <li key={warning}>{warning}</li>
      ))}
    </ul>
  );
}
