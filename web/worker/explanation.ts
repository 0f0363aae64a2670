/** @file What explains the picture in hand: made once for what is asked, and kept for files of it. */
import { runAttribution, type Explanation } from "../../src/app/attribute/explain.ts";
import { figureOf, type AttributionFigure } from "../../src/app/attribute/figure.ts";
import { methodRuns } from "../../src/app/attribute/method-runs.ts";
import { layersAsked } from "../../src/network/layers.ts";
import type { ExplainRequest } from "../protocol.ts";
import type { CallContext } from "./calls.ts";
import { pageWords, type Desk } from "./desk.ts";

/** Throws as `runAttribution`. */
export async function explanationOf(
  desk: Desk,
  request: ExplainRequest,
  call: CallContext,
): Promise<Explanation> {
  const asked = JSON.stringify(request);
  if (desk.explained?.asked === asked) return desk.explained.explanation;
  const { context } = desk.job(call);
  const { model, graph } = desk.open;
  const { method, target, layer, isChecked } = request;
  const layers = layer === undefined ? [] : [layer];
  const runs = methodRuns([method], layersAsked(graph, layers));
  const settings = { methods: [method], target, check: isChecked ? "on" : "off" } as const;
  const explanation = await runAttribution(model, desk.looked.source, runs, settings, context);
  desk.explained = { asked, explanation };
  return explanation;
}

/** The figure as the command draws it. */
export async function figureFor(
  desk: Desk,
  map: ExplainRequest,
  call: CallContext,
): Promise<AttributionFigure> {
  const { model, name: modelName } = desk.open;
  return figureOf(await explanationOf(desk, map, call), {
    title: desk.looked.name,
    modelName,
    inputName: model.input.name,
    words: pageWords,
  });
}
