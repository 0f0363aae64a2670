/** @file Up to four maps side by side, in one scale where they have one unit. */
import { ColorBar } from "../frame/color-bar.tsx";
import { Icon } from "../frame/icon.tsx";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { unpinMap } from "./pinned-maps.ts";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { usePageTexts, useSaid } from "../frame/settings.tsx";
import "./compare-tray.css";

export function CompareTray({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const say = useSaid();
  const { pinned, painted } = state;
  if (pinned.length === 0) return null;
  return (
    <section class="compare" aria-label={texts.compare}>
      <h2>{texts.compare}</h2>
      <div class="cells">
        {pinned.map(({ title, picture, map }, i) => (
          <figure key={i}>
            <div class="stage">
              <PixelCanvas pixels={picture.seen} class="photo" />
              <PixelCanvas
                pixels={painted?.heats[i] ?? map.heat}
                text={say(map.text).children}
                class="heat"
              />
            </div>
            {!painted && <ColorBar scale={map.scale} />}
            <figcaption>
              {title}
              <button
                type="button"
                class="quiet"
                aria-label={`${texts.unpin}: ${title}`}
                onClick={() => void unpinMap(explorer.store, i)}
              >
                <Icon name="close" />
              </button>
            </figcaption>
          </figure>
        ))}
      </div>
      {painted && <ColorBar scale={painted.scale} />}
      {!painted && pinned.length > 1 && <p class="hint">{texts.ownScales}</p>}
    </section>
  );
}
