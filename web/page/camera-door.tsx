/** @file The camera: frames are looked at one after the other, those that come meanwhile are dropped. */
import { useEffect, useRef, useState } from "preact/hooks";
import { DoorWords } from "./door-words.tsx";
import { liveName, type Explorer } from "./explorer.ts";
import { usePageTexts } from "./settings.tsx";
import "./camera-door.css";

/** Shorter side of what is looked at, in pixels. */
const sidePx = 256;

export function CameraDoor({ explorer }: { readonly explorer: Explorer }) {
  const texts = usePageTexts();
  const [isOn, setOn] = useState(false);
  const [error, setError] = useState<string>();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (!isOn) return undefined;
    const over = new AbortController();
    let stream: MediaStream | undefined;
    const run = async () => {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
      const shown = video.current!;
      shown.srcObject = stream;
      await shown.play();
      let next = nextFrame(shown);
      while (!over.signal.aborted) {
        await next;
        // Those that come while this one is looked at need not be waited for again.
        next = nextFrame(shown);
        if (!over.signal.aborted)
          await explorer.lookLive({ kind: "pixels", name: liveName, pixels: pixelsOf(shown) });
      }
    };
    run().catch((cause: unknown) => {
      setError(cause instanceof Error ? cause.message : String(cause));
      setOn(false);
    });
    return () => {
      over.abort();
      void explorer.endLive();
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [isOn, explorer]);
  return (
    <>
      <button type="button" class="door" aria-pressed={isOn} onClick={() => setOn(!isOn)}>
        <DoorWords icon="camera" title={isOn ? texts.stop : texts.camera} hint={texts.cameraHint} />
      </button>
      {error !== undefined && <span role="alert">{error}</span>}
      <video ref={video} class="hidden-video" muted playsInline />
    </>
  );
}

function nextFrame(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve) => {
    video.requestVideoFrameCallback(() => resolve());
  });
}

/** The middle square of a frame. */
function pixelsOf(video: HTMLVideoElement) {
  const { videoWidth, videoHeight } = video;
  const side = Math.min(videoWidth, videoHeight);
  const canvas = new OffscreenCanvas(sidePx, sidePx);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  const [left, top] = [(videoWidth - side) / 2, (videoHeight - side) / 2];
  context.drawImage(video, left, top, side, side, 0, 0, sidePx, sidePx);
  const { data } = context.getImageData(0, 0, sidePx, sidePx);
  return { width: sidePx, height: sidePx, data: new Uint8ClampedArray(data) };
}
