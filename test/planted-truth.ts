/** @file Maps of networks for drawn scenes against the truth: whether each peaks on the object that is meant. */
import { runLayers } from "../src/attribution/cam/run-layers.ts";
import { attributionMethod } from "../src/attribution/registry.ts";
import type { AttributionOptions } from "../src/attribution/method.ts";
import { shapeScene, type ShapeScene } from "../src/drawn/shapes.ts";
import { tensor, type Tensor } from "../src/graph/tensor.ts";
import { affineOf, type Preprocessing } from "../src/image/preprocess.ts";
import { planar, scaleInto } from "../src/image/affine.ts";
import { plane } from "../src/image/picture.ts";
import { resizePlane } from "../src/image/resize.ts";
import type { Model } from "../src/network/model.ts";
import { detectionsOf } from "../src/network/detection/detections.ts";
import { overlapOf } from "../src/network/detection/suppression.ts";
import { explainedOn } from "../src/scores/picture-target.ts";
import type { Target } from "../src/scores/target.ts";

type Dims = readonly [number, number, number];

/** Scenes that no network has learned from. */
const unseenSeed = 1;

/** A map may peak so many pixels beside what is meant: edges are what shapes are told by. */
const besidePx = 2;

interface PlantedScene extends ShapeScene {
  readonly dims: Dims;
  /** [1, C, H, W] in the network's own range. */
  readonly input: Tensor;
}

function plantedScene(index: number, dims: Dims, preprocessing: Preprocessing): PlantedScene {
  const scene = shapeScene(unseenSeed, index, dims);
  const places = dims[1] * dims[2];
  const scaled = new Float32Array(scene.picture.length);
  const scaling = affineOf(preprocessing, 3);
  scaleInto(planar(scene.picture, places), planar(scaled, places), places, scaling);
  return { ...scene, dims, input: tensor("float32", [1, ...dims], scaled) };
}

/** What a method says of a target: [H, W] at the picture's size, channels added up without their signs where it is a gradient's. */
async function planeOf(
  model: Model,
  target: Target,
  { input, dims }: PlantedScene,
  [method, options]: readonly [string, Partial<AttributionOptions>],
): Promise<Float32Array> {
  const { model: explained, targets, sought } = await explainedOn(model, target, input);
  const asked = { ...options, targets, ...(sought ? { sought } : {}) };
  const run = { name: method, method: attributionMethod(method), layer: options.layer };
  const layered = Object.hasOwn(run.method.info.options, "layer")
    ? await runLayers(run, {
        opened: model,
        model: explained,
        targets,
        input,
        findsBoxes: sought !== undefined,
        signal: { aborted: false },
      })
    : { layers: [] };
  const [layer, ...more] = layered.layers.map(({ name }) => name);
  const on = layer === undefined ? {} : more.length > 0 ? { layers: [layer, ...more] } : { layer };
  const [map] = await run.method.run(explained, input, { ...asked, ...on });
  const { data, dims: own } = map!;
  const [, height, width] = dims;
  if (own.length === 3) {
    const places = height * width;
    return Float32Array.from({ length: places }, (_, p) =>
      [0, 1, 2].reduce((sum, c) => sum + Math.abs(data[c * places + p]!), 0),
    );
  }
  const [rows, columns] = own as readonly [number, number];
  return resizePlane(plane(columns, rows, data), width, height).data;
}

/** Whether a map's largest number lies on a shape that is meant, or a few pixels beside it. */
function peaksOn(
  map: Float32Array,
  { owners, dims }: PlantedScene,
  isMeant: (owner: number) => boolean,
): boolean {
  const [, height, width] = dims;
  const peak = map.reduce((best, value, p) => (value > map[best]! ? p : best), 0);
  const [row, column] = [Math.floor(peak / width), peak % width];
  for (let y = Math.max(row - besidePx, 0); y <= Math.min(row + besidePx, height - 1); y++) {
    for (let x = Math.max(column - besidePx, 0); x <= Math.min(column + besidePx, width - 1); x++) {
      const owner = owners[y * width + x]!;
      if (owner >= 0 && isMeant(owner)) return true;
    }
  }
  return false;
}

/** The shape that a box of a class is of, by an overlap of a half or more; -1 if it is of none. */
function shapeOf(
  box: { class: number; left: number; top: number; right: number; bottom: number },
  { shapes }: PlantedScene,
): number {
  return shapes.findIndex(({ kind, box: { x, y, width, height } }) => {
    const own = { left: x, top: y, right: x + width, bottom: y + height };
    return kind === box.class && overlapOf(own, box) >= 0.5;
  });
}

/** Pearson's correlation of two maps. */
function correlation(a: Float32Array, b: Float32Array): number {
  const mean = (values: Float32Array) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const [i, value] of a.entries()) {
    const [x, y] = [value - meanA, b[i]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb || 1);
}

/** How often maps peak right, and how alike those of two objects of a class are. */
export class Tally {
  right = 0;
  all = 0;
  readonly #alike: number[] = [];
  samePeaks = 0;

  count(isRight: boolean): void {
    this.all += 1;
    if (isRight) this.right += 1;
  }

  /** Maps of two objects of one class in one scene. */
  pair(a: Float32Array, b: Float32Array): void {
    this.#alike.push(correlation(a, b));
    const peak = (map: Float32Array) => map.indexOf(Math.max(...map));
    if (peak(a) === peak(b)) this.samePeaks += 1;
  }

  get pairs(): number {
    return this.#alike.length;
  }

  get share(): number {
    return this.right / this.all;
  }

  /** Mean correlation of the pairs. */
  get likeness(): number {
    return this.#alike.reduce((sum, value) => sum + value, 0) / Math.max(this.pairs, 1);
  }
}

export type AskedMethod = readonly [string, Partial<AttributionOptions>];

/** One tally a method over scenes: each object that the detector finds, box by box. */
export async function plantedBoxes(
  model: Model,
  preprocessing: Preprocessing,
  { first, scenes, methods }: Asked,
): Promise<readonly Tally[]> {
  const tallies = methods.map(() => new Tally());
  const dims = model.inputDims().slice(1) as unknown as Dims;
  for (let index = first; index < first + scenes; index++) {
    const scene = plantedScene(index, dims, preprocessing);
    // oxlint-disable no-await-in-loop -- one scene after the other
    const [found] = await detectionsOf(model, scene.input, { confidence: 0.5 });
    const meant = found!.map((box, k) => ({ k, shape: shapeOf(box, scene), class: box.class }));
    const known = meant.filter(({ shape }) => shape >= 0);
    for (const [i, method] of methods.entries()) {
      const maps: Float32Array[] = [];
      for (const { k, shape } of known) {
        const target: Target = { kind: "box", box: k, confidence: 0.5 };
        const map = await planeOf(model, target, scene, method);
        maps.push(map);
        tallies[i]!.count(peaksOn(map, scene, (owner) => owner === shape));
      }
      for (const [a, one] of known.entries()) {
        for (const [b, other] of known.entries()) {
          if (a < b && one.class === other.class && one.shape !== other.shape)
            tallies[i]!.pair(maps[a]!, maps[b]!);
        }
      }
    }
    // oxlint-enable no-await-in-loop
  }
  return tallies;
}

interface Asked {
  /** Number of the first scene. */
  readonly first: number;
  readonly scenes: number;
  readonly methods: readonly AskedMethod[];
}

/** One tally a method over scenes: each kind of shape where the segmenter finds it, and each shape by its own mask. */
export async function plantedPlaces(
  model: Model,
  preprocessing: Preprocessing,
  { first, scenes, methods }: Asked,
): Promise<readonly Tally[]> {
  const tallies = methods.map(() => new Tally());
  const dims = model.inputDims().slice(1) as unknown as Dims;
  const [, heightPx, widthPx] = dims;
  for (let index = first; index < first + scenes; index++) {
    const scene = plantedScene(index, dims, preprocessing);
    const { shapes, owners } = scene;
    for (const [i, method] of methods.entries()) {
      // oxlint-disable no-await-in-loop -- one map after the other
      for (const kind of new Set(shapes.map((shape) => shape.kind))) {
        const target: Target = { kind: "region", class: 1 + kind, region: { kind: "found" } };
        const map = await planeOf(model, target, scene, method);
        tallies[i]!.count(peaksOn(map, scene, (owner) => shapes[owner]!.kind === kind));
        const own = [...shapes.keys()].filter((k) => shapes[k]!.kind === kind).slice(0, 2);
        if (own.length < 2) continue;
        const maps: Float32Array[] = [];
        for (const shape of own) {
          const inside = Uint8Array.from(owners, (owner) => (owner === shape ? 1 : 0));
          const region = { kind: "mask", widthPx, heightPx, inside } as const;
          const one = await planeOf(
            model,
            { kind: "region", class: 1 + kind, region },
            scene,
            method,
          );
          tallies[i]!.count(peaksOn(one, scene, (owner) => owner === shape));
          maps.push(one);
        }
        tallies[i]!.pair(maps[0]!, maps[1]!);
      }
      // oxlint-enable no-await-in-loop
    }
  }
  return tallies;
}
