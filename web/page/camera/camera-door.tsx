/** @file The door to the live camera. */
import { DoorWords } from "../frame/door-words.tsx";
import type { Explorer } from "../explorer.ts";
import { useLiveCamera } from "./live-camera.ts";
import { usePageTexts } from "../frame/settings.tsx";

export function CameraDoor({ explorer }: { readonly explorer: Explorer }) {
  const texts = usePageTexts();
  const { camera } = explorer;
  const { isOn, error, isKept, hasEnded } = useLiveCamera(camera);
  return (
    <>
      <button
        type="button"
        class="door"
        aria-pressed={isOn}
        onClick={() => (isOn ? camera.stop() : void camera.start())}
      >
        <DoorWords icon="camera" title={isOn ? texts.stop : texts.camera} hint={texts.cameraHint} />
      </button>
      {isKept && <span role="alert">{texts.noCamera}</span>}
      {hasEnded && <span role="alert">{texts.cameraEnded}</span>}
      {error !== undefined && <span role="alert">{error}</span>}
    </>
  );
}
