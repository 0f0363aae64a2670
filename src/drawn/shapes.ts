/** @file Scenes of drawn circles, squares and triangles with exact masks and boxes: a data set without end that needs no file. */
import { LimpidError } from "../errors.ts";
import type { DataSplit, Dataset, LabelForm } from "../image/dataset.ts";
import { keptPictures } from "../image/kept-pictures.ts";
import { randomStream } from "../random.ts";
import type { DrawnSizes } from "./digits.ts";
import { shapelessBackgrounds } from "./painting/backgrounds.ts";
import { Canvas, wholeFrame, type Box } from "./painting/canvas.ts";
import { photographed } from "./painting/photographed.ts";
import { paintClutter } from "./shapes/clutter.ts";
import { paintShape } from "./shapes/paint-shape.ts";
import { placeShapes, shapeKinds, type PlacedShape } from "./shapes/placed-shapes.ts";

export { shapeKinds } from "./shapes/placed-shapes.ts";

/** Classes of the places of a scene: nothing, or the shape that is seen there. */
export const shapePlaceClasses = ["background", ...shapeKinds] as const;

/** A shape as it is seen in a scene. */
interface SeenShape {
  /** Index of `shapeKinds`. */
  readonly kind: number;
  /** Of what is seen of it, in pixels. */
  readonly box: Box;
}

export interface ShapeScene {
  /** [3, H, W] in whole steps of 1/255. */
  readonly picture: Float32Array;
  /** The first lies at the back. */
  readonly shapes: readonly SeenShape[];
  /** Which shape is seen at each place, [H, W]: its number in `shapes`, or -1. */
  readonly owners: Int32Array;
}

type Dims = readonly [number, number, number];

/** Most shapes of a scene. */
export const mostShapes = 5;

/**
 * The scene of a number: two to five shapes on a textured background with clutter that is none of them.
 * Colour, pattern, place, size, turn and overlap are drawn without regard to the kind. `dims` is [3, H, W]; a
 * scene is the same at every size. Throws `bad-option` for other channels and sides under 32.
 */
export function shapeScene(seed: number, index: number, dims: Dims): ShapeScene {
  requireDims(dims);
  const [, heightPx, widthPx] = dims;
  const canvas = new Canvas(widthPx, heightPx);
  const random = (what: string | number) => randomStream(seed, "shapes", index, what);
  const behind = random("background");
  const paintBackground = shapelessBackgrounds[behind.below(shapelessBackgrounds.length)]!;
  paintBackground(behind, canvas, wholeFrame(canvas));
  paintClutter(canvas, random("clutter"));
  const placed = placeShapes(random("places"));
  for (const [i, shape] of placed.entries()) paintShape(canvas, shape, random(i));
  const owners = ownersOf(placed, canvas);
  return {
    picture: photographed(canvas, random("grain")),
    shapes: placed.map(({ kind }, i) => ({ kind, box: boxOf(i, owners, widthPx) })),
    owners,
  };
}

function requireDims([channels, heightPx, widthPx]: Dims): void {
  const isSize = [heightPx, widthPx].every((side) => Number.isInteger(side) && side >= 32);
  if (isSize && channels === 3) return;
  throw new LimpidError(
    "bad-option",
    `shapes: pictures must be [3, at least 32, at least 32], got [${channels}, ${heightPx}, ${widthPx}].`,
  );
}

/** The uppermost shape that the middle of each pixel lies in. */
function ownersOf(placed: readonly PlacedShape[], { widthPx, heightPx }: Canvas): Int32Array {
  const { origin, pixelsPerUnit } = wholeFrame({ widthPx, heightPx });
  const owners = new Int32Array(widthPx * heightPx).fill(-1);
  for (const [i, { outline }] of placed.entries()) {
    const [left, top, right, bottom] = outline.bounds;
    const pixel = (axis: 0 | 1, at: number) => Math.floor(origin[axis] + pixelsPerUnit * at);
    for (let row = pixel(1, top); row <= pixel(1, bottom); row++) {
      for (let column = pixel(0, left); column <= pixel(0, right); column++) {
        const x = (column + 0.5 - origin[0]) / pixelsPerUnit;
        const y = (row + 0.5 - origin[1]) / pixelsPerUnit;
        if (outline.distance(x, y) < 0) owners[row * widthPx + column] = i;
      }
    }
  }
  return owners;
}

function boxOf(shape: number, owners: Int32Array, widthPx: number): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [p, owner] of owners.entries()) {
    if (owner !== shape) continue;
    const [x, y] = [p % widthPx, Math.floor(p / widthPx)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** What a network learns of a scene. */
interface SceneLabels {
  readonly classes: readonly string[];
  form(dims: Dims): LabelForm;
  of(scene: ShapeScene, form: LabelForm): Int32Array;
}

const sceneLabels = {
  places: {
    classes: shapePlaceClasses,
    form: ([, height, width]) => ({ kind: "places", dims: [height, width] }),
    of: ({ owners, shapes }) => owners.map((owner) => (owner < 0 ? 0 : 1 + shapes[owner]!.kind)),
  },
  boxes: {
    classes: shapeKinds,
    form: () => ({ kind: "boxes", dims: [mostShapes, 5] }),
    of: ({ shapes }, { dims }) => {
      const labels = new Int32Array(dims[0]! * dims[1]!).fill(-1);
      for (const [i, { kind, box }] of shapes.entries()) {
        labels.set([kind, box.x, box.y, box.x + box.width, box.y + box.height], i * dims[1]!);
      }
      return labels;
    },
  },
} as const satisfies Readonly<Record<string, SceneLabels>>;

/**
 * Drawn scenes, 4,000 to learn from and 500 to be judged on by default, labelled with the class of every place
 * or with classes and boxes of the shapes. Throws as `shapeScene`.
 */
export function shapeScenes(
  labels: keyof typeof sceneLabels,
  seed: number,
  dims: Dims,
  { training, heldOut }: DrawnSizes = { training: 4000, heldOut: 500 },
): DataSplit {
  requireDims(dims);
  const part = (first: number, length: number) =>
    sceneDataset(sceneLabels[labels], { seed, first, length, dims });
  return { training: part(0, training), heldOut: part(training, heldOut) };
}

/** Scenes `first`, `first + 1`, ... of a seed. */
function sceneDataset(
  { classes, form, of }: SceneLabels,
  { seed, first, length, dims }: { seed: number; first: number; length: number; dims: Dims },
): Dataset {
  const labelForm = form(dims);
  return keptPictures({
    classes,
    dims,
    length,
    labelForm,
    label: () => 0,
    title: (index) => `drawn scene ${first + index} of seed ${seed}`,
    read: (index) => {
      const scene = shapeScene(seed, first + index, dims);
      return Promise.resolve({ picture: scene.picture, label: 0, labels: of(scene, labelForm) });
    },
  });
}
