/** @file The middle: the picture with the map over it, what the map says in words, and what can be done with it. */
import { useRef, useState } from "preact/hooks";
import { Answers } from "./answers.tsx";
import { ColorBar } from "../frame/color-bar.tsx";
import { Boxes } from "./boxes.tsx";
import { CompareTray } from "../compare/compare-tray.tsx";
import { FormerOffer } from "../compare/former-offer.tsx";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { later } from "../frame/later.tsx";
import { useIsLive } from "../camera/live-camera.ts";
import { LiveView } from "../camera/live-view.tsx";
import { MapControls } from "./map-controls.tsx";
import { firstStyle, type BrushStyle } from "./brush-style.ts";
import { PhotoTray } from "./photo-tray.tsx";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { RecipeText } from "../results/recipe-text.tsx";
import { RegionMarker } from "./region-marker.tsx";
import { SecondPane } from "../compare/second-pane.tsx";
import { usePageTexts, useSaid } from "../frame/settings.tsx";
import "./picture-pane.css";

export function PicturePane({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const [opacity, setOpacity] = useState(1);
  const [brushStyle, setBrushStyle] = useState(firstStyle);
  const isLive = useIsLive(explorer.camera);
  const hasBrush = state.tool === "hide" || state.tool === "paint";
  return (
    <section
      class="middle"
      id="picture"
      data-part="picture"
      tabIndex={-1}
      aria-label={texts.sectionNames.picture}
    >
      <FormerOffer explorer={explorer} state={state} />
      <div class="look">
        {isLive ? (
          <LiveView camera={explorer.camera} opacity={opacity} />
        ) : (
          <>
            <Stage explorer={explorer} state={state} opacity={opacity} brushStyle={brushStyle} />
            {hasBrush && (
              <BrushFields
                explorer={explorer}
                brushStyle={brushStyle}
                onStyle={setBrushStyle}
                onClose={() => explorer.takeTool(undefined)}
              />
            )}
            <PhotoTray explorer={explorer} state={state} />
            <MapWords explorer={explorer} state={state} />
          </>
        )}
      </div>
      <div class="beside">
        {!isLive && <Answers explorer={explorer} state={state} />}
        <MapControls explorer={explorer} state={state} opacity={opacity} onOpacity={setOpacity} />
        {!isLive && <AlterDoor explorer={explorer} state={state} />}
        {!isLive && <RecipeText explorer={explorer} state={state} />}
      </div>
      {!isLive && state.map && state.trust?.map === state.map && (
        <TrustPane
          explorer={explorer}
          trust={state.trust.shown}
          onClose={() => explorer.store.set({ trust: undefined })}
        />
      )}
      <CompareTray explorer={explorer} state={state} />
      <SecondPane explorer={explorer} state={state} />
    </section>
  );
}

const HidingBrush = later("brush", async () => (await import("./hiding-brush.tsx")).HidingBrush);

const PaintedPart = later("brush", async () => (await import("./painted-part.tsx")).PaintedPart);

const BrushFields = later("brush", async () => (await import("./brush-fields.tsx")).BrushFields);

const AlterPanel = later("alter", async () => (await import("./alter-panel.tsx")).AlterPanel);

const TrustPane = later("trustIt", async () => (await import("./trust-pane.tsx")).TrustPane);

function AlterDoor({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <section aria-label={texts.alter}>
      <button
        type="button"
        class="fold"
        id="alter"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        {texts.alter}
      </button>
      {isOpen && <AlterPanel explorer={explorer} state={state} onClose={() => setOpen(false)} />}
    </section>
  );
}

interface StageProps extends PaneProps {
  readonly brushStyle: BrushStyle;
  readonly opacity: number;
}

/** The picture, and over it the map or the brush. */
function Stage({ explorer, state, opacity, brushStyle }: StageProps) {
  const texts = usePageTexts();
  const say = useSaid();
  const isHiding = state.tool === "hide";
  const { picture, map, model, view, work } = state;
  const isEmpty = !model && !work;
  const painting = { explorer, state, brushStyle };
  const isPainted = state.tool === "paint" || view.region?.startsWith("painted") === true;
  return (
    <>
      <div class={picture ? "stage" : "stage is-waiting"} aria-busy={work !== undefined}>
        {picture && <PixelCanvas pixels={picture.seen} text={picture.name} class="photo" />}
        {map && !isHiding && (
          <PixelCanvas
            pixels={map.heat}
            text={say(map.text).children}
            class="heat"
            opacity={opacity}
          />
        )}
        {map?.outline && !isHiding && <PixelCanvas pixels={map.outline} class="outline" />}
        {!isHiding && <Boxes explorer={explorer} state={state} />}
        {!isHiding && <RegionMarker explorer={explorer} state={state} />}
        {isHiding ? (
          <HidingBrush {...painting} onClose={() => explorer.takeTool(undefined)} />
        ) : (
          isPainted && <PaintedPart {...painting} onClose={() => explorer.takeTool(undefined)} />
        )}
        {isEmpty && (
          <div class="empty">
            <strong>{texts.noModel}</strong>
            <p>{texts.noModelAdvice}</p>
          </div>
        )}
      </div>
      {map ? <ColorBar scale={map.scale} /> : <div class="scale-to-come" />}
    </>
  );
}

/** What the map says, of what, and what to beware of. */
function MapWords({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const say = useSaid();
  const { map, tool } = state;
  if (tool === "hide") return <p class="sentence">{texts.hideParts}</p>;
  if (!map) return <NoMap explorer={explorer} state={state} />;
  return (
    <>
      <p class="sentence" {...say(map.text)} />
      <p class="score">
        <strong {...say(map.heading)} /> <span {...say(map.score)} />
        {map.layer !== undefined && ` · ${texts.layer} ${map.layer}, ${map.height} × ${map.width}`}
        {map.checked !== undefined && (
          <>
            {" · "}
            <span {...say(map.checked)} />
          </>
        )}
      </p>
      <Warnings warnings={map.warnings} />
    </>
  );
}

/** Why there is no map, if one could be; while the next is computed its words keep their place. */
function NoMap({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { model, picture, work } = state;
  const wasIdle = useRef(false);
  if (!work) wasIdle.current = model !== undefined;
  return (
    <div class="sentence is-without-map">
      {wasIdle.current && (
        <div class={work ? "is-held" : ""}>
          <p>{picture ? texts.noMap : texts.noPicture}</p>
          {picture && (
            <button type="button" onClick={() => void explorer.explain()}>
              {texts.again}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  const say = useSaid();
  if (warnings.length === 0) return null;
  return (
    <ul class="warnings">
      {warnings.map((warning) => (
        <li key={warning} {...say(warning)} />
      ))}
    </ul>
  );
}
