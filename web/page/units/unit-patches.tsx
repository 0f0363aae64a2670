/** @file The reader's own pictures that excite the chosen channel most, each cut to what the channel sees of it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { formatNumber } from "../../../src/wording/numbers.ts";
import type { ShownPatches } from "../../patches.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { counted } from "../texts/counted-text.ts";
import { shippedModels } from "../files/shipped-models.ts";
import type { State } from "../computing/store.ts";
import "./unit-patches.css";

/** Of networks that know drawn things. */
const drawnPictures = 64;

/** Fewer show nothing of what excites most. */
const leastPhotos = 2;

export function UnitPatches({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const [found, setFound] = useState<ShownPatches>();
  /** The search that was asked for: another channel of it is shown at once. */
  const searched = useRef("");
  const { view, channels, model, work } = state;
  const { channel } = view;
  const source = sourceOf(state);
  const search = JSON.stringify([model?.digest, channels?.layer, source?.key]);
  const find = async () => {
    if (channel === undefined || !channels || !source) return;
    searched.current = search;
    const photos = await source.load();
    const shown = await explorer.store.ask("patches", { layer: channels.layer, channel, photos });
    const { view: now, channels: current } = explorer.state;
    if (now.channel !== channel || current?.layer !== channels.layer) return;
    if (!shown) searched.current = "";
    setFound(shown);
  };
  useEffect(() => {
    setFound(undefined);
    if (searched.current === search) void find();
  }, [search, channel]);
  if (channel === undefined || !channels) return null;
  const isSearching = work?.name === "patches";
  return (
    <section class="patches" aria-label={texts.patches}>
      <h3>{texts.patches}</h3>
      {!source && <p class="hint">{texts.noPhotos}</p>}
      {source && !found && (
        <button type="button" onClick={() => (isSearching ? explorer.stop() : void find())}>
          {isSearching ? texts.stop : `${texts.findPatches} (${source.count})`}
        </button>
      )}
      {found && <Found explorer={explorer} found={found} isDrawn={source?.isDrawn === true} />}
    </section>
  );
}

/** Where pictures come from; undefined where there are too few. */
function sourceOf({ photos, view }: State) {
  if (photos.length >= leastPhotos) {
    return {
      count: photos.length,
      key: photos.map(({ name }) => name),
      isDrawn: false,
      load: () => Promise.all(photos.map((photo) => photo.load())),
    };
  }
  if (!shippedModels.some((name) => name === view.model)) return undefined;
  const load = async () => drawnPictures;
  return { count: drawnPictures, key: drawnPictures, isDrawn: true, load };
}

interface FoundProps extends Pick<PaneProps, "explorer"> {
  readonly found: ShownPatches;
  readonly isDrawn: boolean;
}

function Found({ explorer, found, isDrawn }: FoundProps) {
  const texts = usePageTexts();
  const { patches, pictures, broken } = found;
  if (patches.length === 0) {
    return (
      <p class="hint">
        {texts.noneExcites} ({pictures})
      </p>
    );
  }
  const widest = patches.toSorted((a, b) => b.width * b.height - a.width * a.height)[0]!;
  const look = (photo: number) =>
    void (isDrawn
      ? explorer.hand.look({ kind: "drawn", number: photo })
      : explorer.lookAtPhoto(photo));
  return (
    <>
      <ul>
        {patches.map(({ pixels, name, photo, value }) => (
          <li key={photo}>
            <button
              type="button"
              title={`${name}: ${formatNumber(value)}`}
              onClick={() => look(photo)}
            >
              <PixelCanvas pixels={pixels} text={name} />
              <span>{formatNumber(value)}</span>
            </button>
          </li>
        ))}
      </ul>
      <p class="facts">
        {texts.ofPictures} {counted(pictures, isDrawn ? texts.drawnOnes : texts.photosInHand)};{" "}
        {texts.fieldOf} {widest.width} × {widest.height}
      </p>
      {broken.length > 0 && (
        <p class="facts" lang="en">
          {texts.notUsable} {broken.length}: {broken[0]}
        </p>
      )}
    </>
  );
}
