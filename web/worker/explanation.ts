/** @file What explains the picture in hand: made once for what is asked, and kept for files of it. */
import { runAttribution, type Explanation } from "../../src/app/attribute/explain.ts";
import type { AttributionFigure } from "../../src/app/attribute/figure.ts";
import { methodRuns } from "../../src/app/attribute/method-runs.ts";
import { layersAsked } from "../../src/network/layers.ts";
import { readMethodOptions, requireTaken } from "../../src/app/attribute/options.ts";
import { attributionMethod } from "../../src/attribution/registry.ts";
import { LimpidError } from "../../src/errors.ts";
import type { Source } from "../../src/app/source.ts";
import { readOption } from "../../src/wording/read-option.ts";
import type { ExplainRequest, MadeSettings } from "../protocol.ts";
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
  requireTaken([method], request.settings ?? {});
  const region = await partNamed(request, desk.looked.source);
  const settings = {
    methods: [method],
    target,
    options: request.settings ?? {},
    check: isChecked ? "on" : "off",
    ...(region ? { region } : {}),
  } as const;
  const explanation = await runAttribution(model, desk.looked.source, runs, settings, context);
  requireOne(explanation);
  desk.explained = { asked, explanation };
  return explanation;
}

/** Throws `bad-option` where more is asked for than is shown. */
function requireOne({ answers }: Explanation): void {
  if (answers.length === 1) return;
  throw new LimpidError(
    "bad-option",
    `explorer: the page must be given one target, got ${answers.length}. choose one of these.`,
  );
}

/** The part of the picture that is named; what reads one is loaded where one is. */
export async function partNamed({ region }: Pick<ExplainRequest, "region">, source: Source) {
  if (region === undefined) return undefined;
  const { namedPart } = await import("./named-part.ts");
  return namedPart(region, source);
}

/** The method's options as it takes them, colours in the network's own numbers. Throws as `readMethodOptions`. */
export function optionsFor({ looked }: Desk, { method, settings = {} }: ExplainRequest) {
  const { how, input } = looked.source;
  return readMethodOptions([method], settings, { how, channels: input.dims[1]! });
}

/** The settings as the library takes them. Throws as `readOption`. */
export function madeSettings({ method, settings = {} }: ExplainRequest): MadeSettings {
  const { options } = attributionMethod(method).info;
  return Object.fromEntries(
    Object.entries(settings).map(([name, text]) => [name, readOption(name, options[name]!, text)]),
  ) as MadeSettings;
}

/** The figure as the command draws it. */
export async function figureFor(
  desk: Desk,
  map: ExplainRequest,
  call: CallContext,
): Promise<AttributionFigure> {
  const { model, name: modelName } = desk.open;
  const { figureOf } = await import("../../src/app/attribute/figure.ts");
  return figureOf(await explanationOf(desk, map, call), {
    title: desk.looked.name,
    modelName,
    inputName: model.input.name,
    words: pageWords,
  });
}
