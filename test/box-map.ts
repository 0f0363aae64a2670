/** @file Maps of the squares that the drawn detector finds, as `attribute` makes them. */
import { runLayers } from "../src/attribution/cam/run-layers.ts";
import { describeMap } from "../src/attribution/diagnosis/describe-map.ts";
import type { Heatmap } from "../src/attribution/heatmap.ts";
import { attributionMethods } from "../src/attribution/index.ts";
import type { AttributionMethod, AttributionOptions } from "../src/attribution/method.ts";
import type { Model } from "../src/network/model.ts";
import { randomStream } from "../src/random.ts";
import {
  drawnScene,
  explainedSquare,
  sidePx,
  type DrawnScene,
  type Square,
} from "./drawn-detector.ts";

export type MethodName = keyof typeof attributionMethods;

/** The map of a square's box, or of all boxes of a class, on the layers that are a method's default for boxes. */
export async function boxMap(
  detector: Model,
  name: MethodName,
  scene: DrawnScene,
  meant: Square | number,
  options: Partial<AttributionOptions> = {},
): Promise<Heatmap> {
  const { picture } = scene;
  const { model, sought } = await explainedSquare(detector, scene, meant);
  const method: AttributionMethod = attributionMethods[name];
  const shared = { model, targets: [0], signal: { aborted: false } };
  const request = { ...shared, opened: detector, input: picture, findsBoxes: true };
  const isLayered = Object.hasOwn(method.info.options, "layer");
  const { layers } = isLayered
    ? await runLayers({ name, method, layer: undefined }, request)
    : { layers: [] };
  const names = layers.map((layer) => layer.name);
  const [map] = await method.run(model, picture, {
    ...(names.length === 1 ? { layer: names[0]! } : {}),
    ...(names.length > 1 ? { layers: names } : {}),
    targets: [0],
    ...(sought ? { sought } : {}),
    ...options,
  });
  return map!;
}

/** Whether the largest number of a map lies in a square. */
export function peaksIn(map: Heatmap, { left, top, side }: Square): boolean {
  const { x, y } = describeMap(map).maximum;
  const [right, down] = [x * sidePx - left, y * sidePx - top];
  return right >= 0 && right < side && down >= 0 && down < side;
}

/** The share of `count` scenes in which a method's map of a square that is drawn from them peaks in it. */
export async function hitShare(
  detector: Model,
  name: MethodName,
  of: Parameters<typeof drawnScene>[1],
  count: number,
  options: Partial<AttributionOptions> = {},
): Promise<number> {
  let hits = 0;
  for (let seed = 0; seed < count; seed++) {
    const random = randomStream("scene", seed);
    const scene = drawnScene(random, of);
    const square = scene.squares[random.below(scene.squares.length)]!;
    const map = await boxMap(detector, name, scene, square, options);
    hits += Number(peaksIn(map, square));
  }
  return hits / count;
}
