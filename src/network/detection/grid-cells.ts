/** @file How many places the grids of a detector have: one for each stride of its input, summed. */

/** Strides that detectors have grids at. */
const strides = [4, 8, 16, 32, 64, 128];

/** Runs of strides, those that most networks have first. */
const runs: readonly (readonly number[])[] = [
  [8, 16, 32],
  ...strides
    .flatMap((_, from) => strides.map((__, to) => strides.slice(from, to + 1)))
    .filter((run) => run.length > 0 && String(run) !== "8,16,32"),
];

/** Predictions at each place: anchors of YOLOv5 and YOLOv7 are three. */
const anchorsPerCell = [1, 3];

/** Grids whose places are as many as a network's predictions. */
export interface Grids {
  readonly strides: readonly number[];
  readonly anchors: number;
}

/** The grids of an input of these sides that give so many predictions, 8,400 = 80² + 40² + 20² at 640; undefined where none do. */
export function gridsOf(predictions: number, heightPx: number, widthPx: number): Grids | undefined {
  const fitting = runs.filter((run) => run.at(-1)! <= Math.min(heightPx, widthPx));
  for (const anchors of anchorsPerCell) {
    for (const run of fitting) {
      if (predictions === anchors * cellCount(run, heightPx, widthPx)) {
        return { strides: run, anchors };
      }
    }
  }
  return undefined;
}

/** Places of the grids of some strides. */
function cellCount(run: readonly number[], heightPx: number, widthPx: number): number {
  return run.reduce(
    (sum, stride) => sum + Math.ceil(heightPx / stride) * Math.ceil(widthPx / stride),
    0,
  );
}

/** Top left corner and side of each place in pixels, stride by stride, row by row: what YOLOX's numbers change, [places * 4]. */
export function cellAnchors(
  run: readonly number[],
  heightPx: number,
  widthPx: number,
): Float32Array {
  const anchors = new Float32Array(4 * cellCount(run, heightPx, widthPx));
  let at = 0;
  for (const stride of run) {
    for (let row = 0; row < Math.ceil(heightPx / stride); row++) {
      for (let column = 0; column < Math.ceil(widthPx / stride); column++) {
        anchors.set([column * stride, row * stride, stride, stride], at);
        at += 4;
      }
    }
  }
  return anchors;
}
