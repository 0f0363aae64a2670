/** @file Explains an input for a user of the library. */
import type { Heatmap } from "../../attribution/heatmap.ts";
import type { attributionMethods } from "../../attribution/index.ts";
import { attributionMethod } from "../../attribution/registry.ts";
import { LimpidError } from "../../errors.ts";
import { layersAsked } from "../../network/layers.ts";
import type { Model } from "../../network/model.ts";
import { wordsOf } from "../../wording/face.ts";
import { baseName, joinPath } from "../../wording/paths.ts";
import { runAttribution, type Explanation } from "../attribute/explain.ts";
import { figureOf } from "../attribute/figure.ts";
import {
  describeAnswer,
  failuresOf,
  findingsOf,
  isOfClass,
  labelOf,
  type Finding,
} from "../attribute/findings.ts";
import type { AskedReference } from "../attribute/reference.ts";
import type { AskedMask, AskedRegion } from "../attribute/region.ts";
import { methodRuns } from "../attribute/method-runs.ts";
import { requireTaken, type GivenOptions, type MethodOptions } from "../attribute/options.ts";
import { placesFor, resultsName, triedPlaces, writeFileResults } from "../attribute/places.ts";
import type { AskedShown } from "../attribute/shown-options.ts";
import { recordOf, summaryOf } from "../attribute/record.ts";
import type { AttributionRecord } from "../attribute/schema.ts";
import { drawAttribution } from "../attribute/sheet.ts";
import { tellProgress, type JobContext } from "../context.ts";
import { requirePath } from "../places.ts";
import type { Preparation } from "../preparation.ts";
import type { NetInput } from "./handed-input.ts";
import type { NamedSource } from "./input.ts";
import { resultContext, type CallOptions, type ResultOptions } from "./options.ts";
import { jsonText } from "../../wording/shown-text.ts";

/** A method of the table, or one that was registered. */
type MethodName = keyof typeof attributionMethods | (string & {});

/** The options of methods, each of which takes what its description names. */
type MethodValues = Omit<MethodOptions, "layer" | "baseline">;

/** What is explained, and how. */
export interface ExplainOptions extends CallOptions, MethodValues {
  /** One method or several; Grad-CAM by default. */
  readonly method?: MethodName | readonly MethodName[];
  /** Names of layers or parts of them, for the methods that lie on layers; each method's own by default. */
  readonly layer?: string | readonly string[];
  /** Class numbers, or a text as the command takes it: "top" (the default), a label, "A minus B", "LAYER:CHANNEL". */
  readonly target?: number | string | readonly number[];
  /** The class is explained there: a picture, or numbers [H, W], of the photo's size, inside where it is not black or 0. */
  readonly mask?: NetInput;
  /** The class is explained in a box of the photo's pixels: left, top, right, bottom. */
  readonly box?: readonly [number, number, number, number];
  /** The class is explained at a pixel of the photo: x, y. */
  readonly pixel?: readonly [number, number];
  /** The least score of a box of a detector, 0.25 by default. */
  readonly confidence?: number;
  /** How much two boxes of a class may overlap, as intersection over union; 0.45 by default. */
  readonly overlap?: number;
  /**
   * The score is explained against that of a picture, or of the mean over a folder or over rows; of embeddings, and for the
   * target "similarity", as the similarity to it, or to an embedding's numbers [E].
   */
  readonly reference?: NetInput;
  /** Bands of a picture of many that are drawn as red, green and blue, from 1; the first three by default. */
  readonly bands?: readonly number[];
  /** Samples of a signal in a second, so that its axis counts seconds. */
  readonly rate?: number;
  /** What rows and columns of a spectrogram are, as in "Hz:0-8000:up,s:0-2". */
  readonly axes?: string;
  /** What hidden pixels show: one of these, or a colour from 0 to 1, one number or one a channel. */
  readonly baseline?: "mean" | "blur" | "zero" | number | readonly number[];
  /** Whether the network's gradient is compared with its own differences, once for each layer; it is by default. */
  readonly check?: "on" | "off";
  /** Whether `record.results` tell how far to believe each map; false by default, as it costs some 150 runs a map. */
  readonly trust?: boolean;
  /** Options that only registered methods have. */
  readonly options?: GivenOptions;
}

/** An input explained. */
export interface Explained {
  /** The first map: of the first method, of the first thing that is explained, of the first row. */
  readonly map: Heatmap;
  /** All maps, in the order of `record.results`. */
  readonly maps: readonly Heatmap[];
  /** Name of the class that the first map explains; undefined if it has none or no class is explained. */
  readonly label: string | undefined;
  /** Of that class, 0..1; undefined if no class is explained. */
  readonly probability: number | undefined;
  /** What a picture of the first map would show. */
  readonly text: string;
  /** What was assumed or chosen, a sentence each. */
  readonly notes: readonly string[];
  /** All of it as JSON; of several methods, also those that failed. */
  readonly record: AttributionRecord;
  /** The figure, a PNG file. */
  draw(options?: ResultOptions): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Writes the figure to a .png or .jpg file; or, to a path without an ending, a folder of the figure, all numbers and
   * the record. Throws `bad-option` for no path, another ending, and a file that was read.
   */
  save(path: string, options?: ResultOptions): Promise<void>;
}

/** The options with what they were handed made ready to be read. */
export interface ReadOptions extends Omit<ExplainOptions, "mask" | "reference"> {
  readonly mask?: AskedMask;
  readonly reference?: AskedReference;
}

/** The network that explains. */
export interface ExplainingNet {
  readonly model: Model;
  readonly name: string;
  readonly labels: string | undefined;
  readonly preparation: Preparation;
}

/**
 * Explains an input by one method or several. Throws `LimpidError` for what the network or a method does not have,
 * and if no map came of it.
 */
export async function explain(
  { model, name: modelName, labels, preparation }: ExplainingNet,
  { source, name }: NamedSource,
  {
    method = "grad-cam",
    layer,
    target = "top",
    check = "on",
    trust = false,
    mask,
    box,
    pixel,
    confidence,
    overlap,
    reference,
    bands,
    rate,
    axes,
    ...options
  }: ReadOptions,
  context: JobContext,
): Promise<Explained> {
  const methods = [method].flat();
  const layers = [layer ?? []].flat();
  const given = givenOptions(options);
  for (const each of methods) attributionMethod(each);
  requireTaken(methods, layers.length > 0 ? { ...given, layer: layers.join(",") } : given);
  const runs = methodRuns(methods, layersAsked(model.graph, layers));
  const settings = {
    methods,
    target: String(target),
    options: given,
    check,
    trust,
    ...preparation,
    ...(reference === undefined ? {} : { reference }),
    boxes: {
      ...(confidence === undefined ? {} : { confidence }),
      ...(overlap === undefined ? {} : { overlap }),
    },
    region: regionTexts({ mask, box, pixel }),
    shown: shownTexts({ bands, rate, axes }),
    ...(labels === undefined ? {} : { labels }),
  };
  const progress = tellProgress(context, { what: "explain", total: runs.length });
  try {
    const explanation = await runAttribution(
      model,
      source,
      runs,
      settings,
      context,
      ({ run, share }) => progress.update(share * runs.length, run.name),
    );
    for (const note of explanation.notes) context.onNote?.(note);
    return explainedOf({ explanation, model, modelName, name, runs: runs.length }, context);
  } finally {
    progress.end();
  }
}

type ShownValues = {
  readonly [Name in "bands" | "rate" | "axes"]: ExplainOptions[Name] | undefined;
};

/** How inputs are shown, as the texts that faces give. */
function shownTexts({ bands, rate, axes }: ShownValues): AskedShown {
  return {
    ...(bands === undefined ? {} : { bands: bands.join(",") }),
    ...(rate === undefined ? {} : { rate: String(rate) }),
    ...(axes === undefined ? {} : { axes }),
  };
}

/** A part of the photo, as the texts that faces give. */
function regionTexts({ mask, box, pixel }: RegionValues): AskedRegion {
  return {
    ...(mask === undefined ? {} : { mask }),
    ...(box === undefined ? {} : { box: box.join(",") }),
    ...(pixel === undefined ? {} : { pixel: pixel.join(",") }),
  };
}

type RegionValues = {
  readonly [Name in "mask" | "box" | "pixel"]: ReadOptions[Name] | undefined;
};

/** Values as the texts that faces give. */
function givenOptions(
  options: Omit<
    ExplainOptions,
    | "method"
    | "layer"
    | "target"
    | "check"
    | "trust"
    | "mask"
    | "box"
    | "pixel"
    | "confidence"
    | "overlap"
    | "reference"
    | "bands"
    | "rate"
    | "axes"
  >,
): GivenOptions {
  const { signal: _, onProgress: _1, onNote: _2, onFailure: _3, options: own, ...values } = options;
  const entries = Object.entries({ ...own, ...values })
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => [name, value === true ? true : String(value)]);
  return Object.fromEntries(entries) as GivenOptions;
}

interface Found {
  readonly explanation: Explanation;
  readonly model: Model;
  readonly modelName: string;
  readonly name: string;
  readonly runs: number;
}

function explainedOf(
  { explanation, model, modelName, name, runs }: Found,
  context: JobContext,
): Explained {
  const { platform, words } = context;
  const { answers, names, notes } = explanation;
  const findings = findingsOf(explanation, name);
  const failures = failuresOf(explanation, name, words);
  const [first] = findings;
  if (!first) {
    throw new LimpidError(
      "bad-option",
      `explain: a map must come of it, got none. ${failures[0]!.message}`,
    );
  }
  const recordFor = (found: readonly Finding[]) =>
    recordOf(
      found.map((finding) => summaryOf(finding, names, words)),
      failures,
      explanation.source.chosen,
    );
  const shown = { title: baseName(name), modelName, inputName: model.input.name, words };
  const figure = figureOf(explanation, shown);
  const ofClass = isOfClass(first.answer);
  return {
    map: first.map,
    maps: findings.map(({ map }) => map),
    label: labelOf(first.answer, first.map, names),
    probability: ofClass ? (first.map.probability ?? undefined) : undefined,
    text: describeAnswer(first.answer, first.map).text,
    notes: notes.map((note) => wordsOf(note, words)),
    record: recordFor(findings),
    draw: async (options) => {
      resultContext("draw", context, options);
      return new Uint8Array(await drawAttribution(platform, figure));
    },
    save: async (out, options) => {
      requirePath(out);
      const saving = resultContext("save", context, options);
      const places = await placesFor(platform, { out }, 1, runs);
      for (const path of triedPlaces(places)) await platform.requireWritable(path);
      const results = { subfolder: "", answers, names, figure };
      const written = await writeFileResults(places, results, findings, saving);
      if (places.folder === undefined) return;
      const record = `${jsonText(recordFor(written.findings))}\n`;
      await platform.writeWhole(joinPath(places.folder, resultsName), record);
    },
  };
}
