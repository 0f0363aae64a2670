/** @file A map over the picture: by any method, for any target, on any layer. */
import type { Explanation } from "../../src/app/attribute/explain.ts";
import type { Answer } from "../../src/app/attribute/method-runs.ts";
import {
  classOfMap,
  describeAnswer,
  headingOf,
  numbersOf,
} from "../../src/app/attribute/findings.ts";
import type { SelfCheck } from "../../src/attribution/check/self-check.ts";
import { placesOf } from "../../src/attribution/diagnosis/place-map.ts";
import { LimpidError } from "../../src/errors.ts";
import { heatmapScale } from "../../src/drawing/heatmap-scale.ts";
import { plane } from "../../src/image/picture.ts";
import { wordsOf } from "../../src/wording/face.ts";
import type { ExplainRequest, Pixels, ShownMap } from "../protocol.ts";
import type { CallContext } from "./calls.ts";
import { pageWords, type Desk } from "./desk.ts";
import { explanationOf, madeSettings, partNamed } from "./explanation.ts";
import { heatOf, shownScale } from "./pixels.ts";

/**
 * Longer side of the heat, in pixels: the network's own, of which a map has no more detail, and within these. The screen
 * enlarges it as it does the picture below.
 */
const heatSides = { least: 224, most: 448 };

/** Throws as `runAttribution`. */
export async function explained(
  desk: Desk,
  asked: ExplainRequest,
  call: CallContext,
): Promise<ShownMap> {
  const { method, target, layer } = asked;
  const { labels } = desk.open;
  const { source } = desk.looked;
  const explanation = await explanationOf(desk, asked, call);
  const { answer, map, run, check } = shownResult(explanation, method);
  const places = placesOf(map);
  const values = plane(places.width, places.height, places.data);
  const isSigned = places.data.some((value) => value < 0);
  const scale = heatmapScale(values, isSigned);
  const [, , height, width] = source.input.dims as readonly [number, number, number, number];
  const longer = Math.max(height, width);
  const times = Math.min(Math.max(longer, heatSides.least), heatSides.most) / longer;
  const size = {
    width: Math.round(width * times),
    height: Math.round(height * times),
    centres: places.centres,
  };
  const named = await partNamed(asked, source);
  const isOneOf = layer === undefined && answer.results.length > 1;
  return {
    asked,
    made: {
      method,
      target,
      layer: isOneOf ? run.layer : layer,
      ...(asked.settings ? { settings: madeSettings(asked) } : {}),
    },
    heat: heatOf(values, scale, size),
    outline: await outlineFor(answer, size),
    scale: shownScale(scale, map.unit),
    heading: headingOf(answer, map, labels),
    class: answer.isOfDefault ? classOfMap(answer, map) : undefined,
    box: named?.box,
    score: numbersOf(answer, map, labels),
    layer: map.layer === map.part ? undefined : map.layer,
    height: places.height,
    width: places.width,
    values: Float32Array.from(places.data),
    text: describeAnswer(answer, map).text,
    warnings: map.warnings.map(({ message }) => wordsOf(message, pageWords)),
    notes: explanation.notes.map((note) => wordsOf(note, pageWords)),
    checked: check && (await wordsOfCheck(check)),
  };
}

/** Undefined where the whole picture is meant. */
async function outlineFor(
  { explained: { marks } }: Answer,
  size: { readonly width: number; readonly height: number },
): Promise<Pixels | undefined> {
  if (!marks?.mask) return undefined;
  const { outlineOf } = await import("./outline.ts");
  return outlineOf(marks.mask, size);
}

async function wordsOfCheck(check: SelfCheck): Promise<string> {
  const { checkedText } = await import("../../src/attribution/check/self-check.ts");
  return checkedText(check);
}

/** The map that is shown of an explanation. Throws `bad-option` where there is none. */
export function shownResult({ answers: [answer] }: Explanation, method: string) {
  // Of a map of classes there are two layers, the last of which lies nearest to its places.
  const result = answer?.results.at(-1);
  if (!answer || !result || !("maps" in result)) throw failed(method);
  return { answer, run: result.run, map: result.maps[0]!, check: result.check };
}

function failed(method: string): LimpidError {
  return new LimpidError(
    "bad-option",
    `explorer: ${method} must give a map, got none. try another.`,
  );
}
