/** @file How far the maps of two methods of one picture point at different places. */
import { placesOf } from "../../attribution/diagnosis/place-map.ts";
import { plane, type Plane } from "../../image/picture.ts";
import { resizePlane } from "../../image/resize.ts";
import type { Graph } from "../../graph/graph.ts";
import { layersAsked } from "../../network/layers.ts";
import type { Model } from "../../network/model.ts";
import { rankCorrelation } from "../../statistics.ts";
import { runAttribution } from "../attribute/explain.ts";
import { methodRuns } from "../attribute/method-runs.ts";
import type { JobContext } from "../context.ts";
import { readSource } from "../read-source.ts";

const preparation = { preprocess: undefined, range: undefined, isAnswered: false };

/** Finer places differ by noise alone. */
const mostSide = 32;

/**
 * 1 minus Spearman's rank correlation of the sizes of the maps' numbers, from 0 to 2, on the places of the map that has
 * fewer; undefined where a map cannot be made, or has one number everywhere. Of the network's own answer.
 */
export async function mapDisagreement(
  { model, graph }: { readonly model: Model; readonly graph: Graph },
  path: string,
  methods: readonly [string, string],
  context: JobContext,
): Promise<number | undefined> {
  const source = await readSource(context.platform, model, path, preparation);
  const runs = methodRuns(methods, layersAsked(graph, []));
  const settings = { methods, target: "top", check: "off" } as const;
  const { answers } = await runAttribution(model, source, runs, settings, context);
  const planes = methods.map((method) => {
    const own = answers[0]!.results.filter(({ run }) => run.name === method).at(-1);
    return own && "maps" in own ? sizesOf(placesOf(own.maps[0]!)) : undefined;
  });
  const [a, b] = planes;
  return a && b ? disagreementOf(a, b) : undefined;
}

function sizesOf(places: {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}): Plane {
  const data = Float32Array.from(places.data, (value) => Math.abs(value));
  return plane(places.width, places.height, data);
}

/** 1 minus the rank correlation of two maps, on the places of the one that has fewer. */
export function disagreementOf(a: Plane, b: Plane): number | undefined {
  const few = a.data.length <= b.data.length ? a : b;
  const widthPx = Math.min(few.widthPx, mostSide);
  const heightPx = Math.min(few.heightPx, mostSide);
  const [numbersA, numbersB] = [a, b].map((map) => {
    const isOwn = map.widthPx === widthPx && map.heightPx === heightPx;
    return Array.from(
      (isOwn ? map : resizePlane(map, widthPx, heightPx, { filter: "bilinear" })).data,
    );
  });
  const correlation = rankCorrelation(numbersA!, numbersB!);
  return Number.isFinite(correlation) ? 1 - correlation : undefined;
}
