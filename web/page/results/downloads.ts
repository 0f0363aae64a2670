/** @file Results as files of the reader's own, made by the worker. */
import type { DownloadRequest, ReportTexts } from "../../download-protocol.ts";
import type { ExplainRequest, ShownMap } from "../../protocol.ts";
import { mapRecipe } from "./recipe.ts";
import type { Explorer } from "../explorer.ts";
import type { Language } from "../../parts/kept-settings.ts";
import { textsIn } from "../texts/languages.ts";
import type { Texts } from "../texts/texts.ts";

/** A file that can be had of what is shown. */
export interface Download {
  /** Key of its text. */
  readonly text: keyof Texts;
  readonly asked: DownloadRequest;
}

/** What can be had of what is shown now. */
export function downloadsOf(explorer: Explorer, language: Language): readonly Download[] {
  const { map, channels, unit } = explorer.state;
  const ofMap = (format: "png" | "svg" | "npy" | "json") =>
    map ? [{ kind: "map", format, map: askedOf(map) } as const] : [];
  const layer = channels?.layer;
  const ofLayer = (format: "png" | "npy") =>
    layer === undefined ? [] : [{ kind: "channels", format, layer } as const];
  const named = (text: Download["text"], asked: readonly DownloadRequest[]): readonly Download[] =>
    asked.map((each) => ({ text, asked: each }));
  return [
    ...named("saveMapPng", ofMap("png")),
    ...named("saveMapSvg", ofMap("svg")),
    ...named("saveMapNpy", ofMap("npy")),
    ...named("saveMapJson", ofMap("json")),
    ...named("saveChannelsPng", ofLayer("png")),
    ...named("saveChannelsNpy", ofLayer("npy")),
    ...named("saveUnit", unit?.done ? [{ kind: "unit", unit: unit.done }] : []),
    ...named("saveReport", reportOf(explorer, language)),
  ];
}

/** What makes the map that is shown and no other, where several layers come of one question. */
function askedOf({ asked, made }: ShownMap): ExplainRequest {
  return { ...asked, layer: made.layer };
}

/** All that the page knows of what is shown. */
function reportOf(explorer: Explorer, language: Language): readonly DownloadRequest[] {
  const { map, picture, model, pinned } = explorer.state;
  if (!map || !picture || !model) return [];
  const texts = textsIn(language);
  const { command, code } = mapRecipe(model, picture, map);
  const report = {
    map: askedOf(map),
    answers: picture.answers,
    pinned: pinned.map(({ title, picture: { seen }, map: kept }) => ({ title, seen, map: kept })),
    units: explorer.made.units,
    notes: [...new Set([...model.notes, ...picture.notes, ...map.notes])],
    recipes: [
      [texts.command, command],
      [texts.code, code],
    ] as const,
    language,
    texts: reportTexts(language),
  };
  return [{ kind: "report", report }];
}

function reportTexts(language: Language): ReportTexts {
  const texts = textsIn(language);
  return {
    madeBy: texts.madeBy,
    answer: texts.answer,
    class: texts.class,
    probability: texts.probability,
    score: texts.score,
    compared: texts.compare,
    units: texts.excitesUnits,
    unit: texts.unit,
    activation: texts.activation,
    silent: texts.silent,
    notes: texts.notes,
    recipe: texts.recipe,
    fingerprint: texts.fingerprint,
  };
}
