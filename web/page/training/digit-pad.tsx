/** @file A pad on which a digit is drawn by mouse, finger or pen, or one of the drawn digits is chosen. */
import { useEffect, useRef } from "preact/hooks";
import { drawDigit } from "../../../src/drawn/digits.ts";
import { usePageTexts } from "../frame/settings.tsx";

const sidePx = 28;
/** Of the pen, and of its soft edge, in pixels of the pad. */
const [penPx, edgePx] = [1.3, 0.9];
/** Digits that the network does not learn from: those of another seed. */
const seed = 7;

interface DigitPadProps {
  /** What it opens with; undefined is a drawn digit. */
  readonly first: Float32Array<ArrayBuffer> | undefined;
  /** [28 * 28] in 0..1, white on black. */
  onDigit(digit: Float32Array<ArrayBuffer>): void;
}

export function DigitPad({ first, onDigit }: DigitPadProps) {
  const texts = usePageTexts();
  const canvas = useRef<HTMLCanvasElement>(null);
  const digit = useRef(new Float32Array(sidePx * sidePx));
  const last = useRef<readonly [number, number]>(undefined);
  const show = (picture: Float32Array<ArrayBuffer>) => {
    digit.current = picture;
    paint(canvas.current, picture);
    onDigit(picture);
  };
  useEffect(() => show(first ?? Float32Array.from(drawDigit(seed, 4).picture)), []);
  const stroke = (event: PointerEvent) => {
    if (event.buttons === 0) {
      last.current = undefined;
      return;
    }
    const box = canvas.current!.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * sidePx;
    const y = ((event.clientY - box.top) / box.height) * sidePx;
    const picture = Float32Array.from(digit.current);
    cover(picture, last.current ?? [x, y], [x, y]);
    last.current = [x, y];
    show(picture);
  };
  return (
    <div class="digit-pad">
      <canvas
        ref={canvas}
        width={sidePx}
        height={sidePx}
        role="img"
        aria-label={texts.trainPad}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          last.current = undefined;
          stroke(event);
        }}
        onPointerMove={stroke}
      />
      <div class="digits">
        {Array.from({ length: 10 }, (_, number) => (
          <button
            key={number}
            type="button"
            aria-label={`${texts.trainDrawn} ${number}`}
            onClick={() => show(Float32Array.from(drawDigit(seed, number).picture))}
          >
            {number}
          </button>
        ))}
      </div>
      <button type="button" onClick={() => show(new Float32Array(sidePx * sidePx))}>
        {texts.trainClear}
      </button>
    </div>
  );
}

/** A line with soft edges, as the digits that are learned from have them. */
function cover(
  picture: Float32Array,
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  const [alongX, alongY] = [to[0] - from[0], to[1] - from[1]];
  const squared = Math.max(alongX * alongX + alongY * alongY, 1e-9);
  for (let i = 0; i < picture.length; i++) {
    const [x, y] = [(i % sidePx) + 0.5 - from[0], Math.floor(i / sidePx) + 0.5 - from[1]];
    const t = Math.min(Math.max((x * alongX + y * alongY) / squared, 0), 1);
    const distance = Math.hypot(x - t * alongX, y - t * alongY);
    const covered = Math.min(Math.max((penPx + edgePx - distance) / (2 * edgePx), 0), 1);
    picture[i] = Math.max(picture[i]!, covered);
  }
}

function paint(canvas: HTMLCanvasElement | null, picture: Float32Array): void {
  const data = new Uint8ClampedArray(4 * picture.length);
  for (const [i, share] of picture.entries()) {
    const shade = Math.round(255 * share);
    data.set([shade, shade, shade, 255], 4 * i);
  }
  canvas?.getContext("2d")?.putImageData(new ImageData(data, sidePx, sidePx), 0, 0);
}
