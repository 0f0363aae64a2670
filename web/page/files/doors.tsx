/** @file The three doors: a model, a picture, the camera. */
import { useRef } from "preact/hooks";
import { CameraDoor } from "../camera/camera-door.tsx";
import { DoorWords } from "../frame/door-words.tsx";
import { Icon } from "../frame/icon.tsx";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import "./doors.css";

export function Doors({ explorer }: Pick<PaneProps, "explorer">) {
  const texts = usePageTexts();
  const model = useRef<HTMLInputElement>(null);
  const picture = useRef<HTMLInputElement>(null);
  const taken = (event: { readonly currentTarget: HTMLInputElement }) => {
    const files = [...(event.currentTarget.files ?? [])];
    event.currentTarget.value = "";
    void explorer.files.take(files);
  };
  return (
    <section class="entrance" aria-label={texts.doors}>
      <span class="doors">
        <button type="button" class="door" onClick={() => model.current?.click()}>
          <DoorWords icon="network" title={texts.yourModel} hint={texts.modelHint} />
        </button>
        <button type="button" class="door" onClick={() => picture.current?.click()}>
          <DoorWords icon="picture" title={texts.yourPicture} hint={texts.pictureHint} />
        </button>
        <CameraDoor explorer={explorer} />
      </span>
      <p class="private">
        <Icon name="lock" /> {texts.dropAnywhere} {texts.private}
      </p>
      <input ref={model} type="file" multiple hidden onChange={taken} id="model-files" />
      <input ref={picture} type="file" multiple hidden onChange={taken} id="picture-files" />
    </section>
  );
}
