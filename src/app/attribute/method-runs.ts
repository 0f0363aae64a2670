/** @file What an attribution computes: each method on each layer, for each thing that is explained. */
import type { ExplainedModel } from "../../scores/explained-model.ts";
import { explainedOn, isOfPicture } from "../../scores/picture-target.ts";
import type { ClassTarget, Reference, Target } from "../../scores/target.ts";
import { usualCamLayer, type CamLayer } from "../../attribution/cam/cam-layer.ts";
import { runLayers } from "../../attribution/cam/run-layers.ts";
import { runDims } from "../../network/batches.ts";
import type { Heatmap } from "../../attribution/heatmap.ts";
import { attributionMethod, methodEntries } from "../../attribution/registry.ts";
import { presentLabels, type PresentLabel } from "./present-labels.ts";
import { comparisonNotes } from "./comparison-notes.ts";
import {
  isTakenBy,
  requireTakes,
  targetKindOf,
  type AskedKinds,
} from "../../attribution/require-takes.ts";
import {
  takesLayer,
  type AttributionMethod,
  type AttributionOptions,
} from "../../attribution/method.ts";
import type { ClassTargets } from "../../scores/class-targets.ts";
import { requireNumbers } from "../../attribution/diagnosis/first-nan.ts";
import { withReasons } from "../../attribution/diagnosis/why-blank.ts";
import { isFailure, LimpidError, type StopSignal } from "../../errors.ts";
import type { Model } from "../../network/model.ts";
import { option, say, type Message } from "../../wording/face.ts";
import type { SelfCheck } from "../../attribution/check/self-check.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Source } from "../source.ts";
import { layeredRuns } from "./layered-runs.ts";
import type { MapTrust } from "./findings.ts";
import type { MethodOptions } from "./options.ts";
import { inputKindOf, mapsOfParts, rowOf, type OwnRun } from "./part-runs.ts";

/** A method on a layer. */
export interface MethodRun {
  readonly name: string;
  readonly method: AttributionMethod;
  /** As asked for; undefined for the method's default and for methods that lie on pixels. */
  readonly layer: string | undefined;
  /** What the layer is among those of the network, where that is why it was chosen. */
  readonly role?: string;
}

/** What a run gave of an input of the network, one map a row, or why it gave none. */
export type MethodResult =
  | {
      readonly run: MethodRun;
      /** The input that the maps are of, where the network has several. */
      readonly part?: string;
      readonly maps: readonly Heatmap[];
      /** Undefined where no check was wanted. */
      readonly check: SelfCheck | undefined;
      /** How far to believe each map, where that was asked for. */
      readonly trust?: readonly MapTrust[];
    }
  | { readonly run: MethodRun; readonly failure: string | Message };

/** Something that is explained, for all rows of an input. */
export interface Question {
  /** One for all rows, or one a row. */
  readonly targets: readonly Target[];
  /** The only row that is meant; all of them without it. */
  readonly row?: number;
}

/** The answers of all methods to a question. */
export interface Answer {
  readonly question: Question;
  readonly explained: ExplainedModel;
  /** Whether it is about the output that is explained where none is named. */
  readonly isOfDefault: boolean;
  /** Names of the classes of its own output, where that is another. */
  readonly otherNames?: readonly string[];
  readonly results: readonly MethodResult[];
  /** What scores are differences from; undefined where they are the picture's own. */
  readonly reference?: Reference;
  /** The labels above 0.5 of each row, where labels are answers of yes or no. */
  readonly present?: readonly (readonly PresentLabel[])[];
  /** What was chosen. */
  readonly notes: readonly (string | Message)[];
}

/** The methods of a text: names separated by commas, or `all`. Throws `bad-option`. */
export function methodsAsked(text: string): readonly string[] {
  if (text === "all") return methodEntries().map(([name]) => name);
  const names = [...new Set(text.split(",").map((name) => name.trim()))];
  for (const name of names) attributionMethod(name);
  return names;
}

/** Every method on every layer that is asked for; methods that take no layer once. */
export function methodRuns(
  methods: readonly string[],
  layers: readonly string[],
): readonly MethodRun[] {
  return methods.flatMap((name): readonly MethodRun[] => {
    const method = attributionMethod(name);
    if (!takesLayer(method) || layers.length === 0) return [{ name, method, layer: undefined }];
    return layers.map((layer) => ({ name, method, layer }));
  });
}

/**
 * A question for each target; of several pictures in one tensor, classes as many as pictures are one a picture, and what
 * is found on a picture is a question for each. Throws `bad-option` for several classes that are not one a picture.
 */
export function questionsOf(targets: readonly Target[], rows: number): readonly Question[] {
  if (rows === 1) return targets.map((target) => ({ targets: [target] }));
  if (targets.every(isNamedClass)) return [{ targets }];
  const isOneEach = targets.length > 1 && targets.every(isNamedRegion);
  if (isOneEach && targets.length !== rows) {
    throw new LimpidError(
      "bad-option",
      `target: there must be one class, or one a picture (${rows}), got ${targets.length}. give as many.`,
    );
  }
  if (isOneEach) return targets.map((target, row) => ({ targets: [target], row }));
  return targets.flatMap((target): readonly Question[] => {
    if (!isOfPicture(target)) return [{ targets: [target] }];
    return Array.from({ length: rows }, (_, row) => ({ targets: [target], row }));
  });
}

/** Whether a class of a map is named, alone. */
function isNamedRegion(target: Target): boolean {
  return target.kind === "region" && target.class !== "top" && !target.plus && !target.minus;
}

export interface AnswerRequest {
  readonly model: Model;
  readonly source: Source;
  readonly runs: readonly MethodRun[];
  readonly options: MethodOptions;
  readonly signal: StopSignal;
  /** What scores are compared with; what is explained is a difference then, but for similarities, which have it already. */
  readonly reference?: Reference;
  /** Names of the classes of other outputs. */
  readonly otherNames: ReadonlyMap<string, readonly string[]>;
  /** Whether each network is checked against itself. */
  readonly isChecked: boolean;
  /** Whether a method has one map, also where more layers than one are usual. */
  readonly isOneMap: boolean;
  /** Told before a run begins, and of the share of it that is done, from 0 to 1, while it goes on. */
  onRun(run: MethodRun, share: number): void;
}

/** The answers to a question. A run that fails is a result, unless it is the only one, whose error is thrown. */
export async function answerOf(question: Question, request: AnswerRequest): Promise<Answer> {
  const { model, source, signal } = request;
  const { row } = question;
  const input = row === undefined ? source.input : rowOf(source.input, row);
  const explained = await explainedOn(model, question.targets[0]!, input, signal);
  const classes = question.targets.length > 1 ? classesOf(question.targets) : explained.targets;
  const notes: string[] = [];
  const compared = picturesCompared(request.reference, question);
  const results: MethodResult[] = [];
  const { runs, note } = await layeredRuns(request.runs, explained, input.dims, request.isOneMap);
  const kinds = kindsOf(model, question, explained);
  for (const run of runsTaking(kinds, runs)) {
    request.onRun(run, 0);
    try {
      requireTakes(run.name, run.method, kinds);
      const explainable = { ...explained, targets: classes, input, compared, kinds };
      for (const result of await mapsOf(run, explainable, request, notes)) results.push(result);
    } catch (error) {
      if (runs.length === 1 || !isFailure(error)) throw error;
      results.push({ run, failure: error.said });
      if (request.runs.length === 1 && results.length === runs.length && !results.some(isMade)) {
        throw error;
      }
    }
  }
  const isOfDefault = explained.output === model.head.output;
  const otherNames = isOfDefault ? undefined : request.otherNames.get(explained.output ?? "");
  const present = await presentLabels(explained, input, signal);
  return {
    question,
    explained,
    isOfDefault,
    ...(otherNames ? { otherNames } : {}),
    results,
    ...(compared ? { reference: request.reference! } : {}),
    ...(present ? { present } : {}),
    notes: [
      ...explained.notes,
      ...(note ? [note] : []),
      ...new Set(notes),
      ...comparisonNotes(runs, { reference: compared && request.reference, explained, kinds }),
    ],
  };
}

/** What methods are asked to take. */
export function kindsOf(
  { parts }: Pick<Model, "parts">,
  { targets }: Question,
  explained: ExplainedModel,
): AskedKinds {
  return { input: inputKindOf(parts), target: targetKindOf(targets[0]!, explained) };
}

/** Who asks for all methods asks for those that take the target. */
function runsTaking(kinds: AskedKinds, runs: readonly MethodRun[]): readonly MethodRun[] {
  const asked = new Set(runs.map(({ name }) => name));
  const isAll = methodEntries().every(([name]) => asked.has(name));
  return isAll ? runs.filter(({ method }) => isTakenBy(method, kinds)) : runs;
}

function isMade(result: MethodResult): boolean {
  return "maps" in result;
}

function isNamedClass(target: Target): target is ClassTarget & { readonly class: number } {
  return target.kind === "class" && target.class !== "top";
}

function classesOf(targets: readonly Target[]): ClassTargets {
  return targets.filter(isNamedClass).map((target) => target.class);
}

/** The model that explains something, and of which pictures. */
interface Explainable extends Pick<ExplainedModel, "model" | "sought"> {
  readonly targets: ClassTargets;
  readonly input: Tensor;
  /** Pictures [1, C, H, W] that scores are compared with. */
  readonly compared: readonly Tensor[] | undefined;
  readonly kinds: AskedKinds;
}

/** The reference's pictures, for targets that are not of it already. Throws `bad-option` for one without pictures. */
export function picturesCompared(
  reference: Reference | undefined,
  { targets }: Question,
): readonly Tensor[] | undefined {
  if (!reference || targets.some(({ kind }) => kind === "similarity")) return undefined;
  if ("pictures" in reference) return reference.pictures;
  throw new LimpidError(
    "bad-option",
    say`reference: "${reference.name}" holds the numbers of an embedding, which a picture's can only be alike to. give ${option("target", "similarity")}.`,
  );
}

async function mapsOf(
  run: MethodRun,
  { model, targets, input, compared, kinds, sought }: Explainable,
  { model: opened, source, options, signal, isChecked, onRun }: AnswerRequest,
  notes: string[],
): Promise<readonly MethodResult[]> {
  const { expected, plain } = source;
  const traced = await model.at(runDims(model, input.dims));
  const request = { opened, model, targets, input, signal, findsBoxes: sought !== undefined };
  const { layers, note } = takesLayer(run.method)
    ? await runLayers(run, request)
    : { layers: [], note: undefined };
  if (note !== undefined) notes.push(note);
  const asked = {
    ...methodAsked(run.method, kinds, options),
    signal,
    onProgress: (share: number) => onRun(run, share),
    ...(sought ? { sought } : {}),
    ...layerOptions(layers),
  };
  const reasons = { signal, ...(expected ? { expected } : {}), ...(plain ? { plain } : {}) };
  const runOn = async (own: OwnRun) => {
    const others = compared?.map(own.shown);
    const ofRun = {
      model: own.model,
      input: own.input,
      options: { ...asked, targets: own.targets },
    };
    // Few compare, so that what does is loaded for them alone.
    const against = others && (await import("../../attribution/against-reference.ts"));
    const found = against
      ? await against.mapsAgainst(run.method, ofRun, others)
      : await run.method.run(own.model, own.input, ofRun.options);
    await requireNumbers(own.model, own.input, found);
    const maps = await withReasons(own.model, own.input, found, reasons);
    return against ? against.withDifferences(own.model, maps, others, signal) : maps;
  };
  const explained = { model, input, targets, traced };
  const all = await mapsOfParts(run.method, explained, runOn, (left) => notes.push(left));
  const shown = all[0]?.[0];
  const checking = isChecked && shown && (await import("../../attribution/check/self-check.ts"));
  const check = checking
    ? await checking.selfCheck(model, rowOf(input, 0), {
        target: shown.target,
        score: shown.score,
        signal,
        value: checkedValue(run.method, model, traced, layers[0]?.name),
      })
    : undefined;
  return all.map((maps) => ({
    run,
    maps,
    check,
    ...(model.parts.length > 1 && maps[0]?.part !== undefined ? { part: maps[0].part } : {}),
  }));
}

/** The options of a method that it takes. */
export function methodAsked(
  method: AttributionMethod,
  kinds: AskedKinds,
  options: MethodOptions,
): MethodOptions {
  const taken = method.info.options;
  const given = Object.entries(options).filter(([name]) => Object.hasOwn(taken, name));
  return { ...signedBy(method, kinds), ...(Object.fromEntries(given) as MethodOptions) };
}

/** Of a number both signs tell, what makes it larger and what smaller, so that neither is cut off. */
function signedBy({ info }: AttributionMethod, { target }: AskedKinds): MethodOptions {
  const isNumber = target === "value" || target === "similarity";
  return isNumber && Object.hasOwn(info.options, "signed") ? { signed: true } : {};
}

function layerOptions(layers: readonly CamLayer[]): Pick<AttributionOptions, "layer" | "layers"> {
  const names = layers.map(({ name }) => name);
  if (names.length > 1) return { layers: names };
  return names.length === 1 ? { layer: names[0]! } : {};
}

/** Where the network's gradient is checked for a method: at its layer or the pixels; where it bends it, near the score. */
function checkedValue(
  { info }: AttributionMethod,
  model: Model,
  traced: Graph,
  layer: string | undefined,
): string | undefined {
  if (info.gradient === "none") return undefined;
  if (layer !== undefined) return layer;
  const last = info.gradient === "bent" ? usualCamLayer(traced, model) : undefined;
  return last ?? model.input.name;
}
