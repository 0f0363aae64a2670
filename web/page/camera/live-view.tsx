/** @file What the camera sees, with the map over it, frame by frame. */
import { ColorBar } from "../frame/color-bar.tsx";
import { useLiveCamera, type LiveCamera } from "./live-camera.ts";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { usePageTexts, useSaid } from "../frame/settings.tsx";
import "./live-view.css";

interface LiveViewProps {
  readonly camera: LiveCamera;
  readonly opacity: number;
}

export function LiveView({ camera, opacity }: LiveViewProps) {
  const texts = usePageTexts();
  const say = useSaid();
  const { frame, perSecond } = useLiveCamera(camera);
  return (
    <section class="live" aria-label={texts.camera}>
      <div class={frame ? "stage" : "stage is-waiting"}>
        {frame && (
          <>
            <PixelCanvas pixels={frame.seen} class="photo" text={texts.camera} />
            <PixelCanvas pixels={frame.map.heat} class="heat" opacity={opacity} />
            {frame.map.outline && <PixelCanvas pixels={frame.map.outline} class="outline" />}
          </>
        )}
      </div>
      {frame ? <ColorBar scale={frame.map.scale} /> : <div class="color-bar is-waiting" />}
      <p class="sentence">
        {frame && (
          <>
            <strong {...say(frame.map.heading)} /> <span {...say(frame.map.score)} />
          </>
        )}
      </p>
      <p class="live-rate">
        <span>
          <span class="frame-rate">{perSecond.toFixed(0)}</span> {texts.perSecond}
        </span>
        <button type="button" onClick={() => camera.stop()}>
          {texts.liveKeep}
        </button>
      </p>
    </section>
  );
}
