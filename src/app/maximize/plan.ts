/** @file From a request or a recipe to a plan: which units, in which batches, to which folder. */
import { requireOnePicture } from "../picture-inputs.ts";
import { LimpidError } from "../../errors.ts";
import { digestText } from "../../graph/digest.ts";
import type { Model } from "../../network/model.ts";
import { parseObjective, photosOf } from "../../optvis/objective-terms.ts";
import type { StartPhoto } from "../../optvis/photo-levels.ts";
import { presetOf } from "../../optvis/presets.ts";
import { parseRecipe, type Recipe } from "../../optvis/recipe.ts";
import { objectiveOf, type Goal } from "../../optvis/unit-objective.ts";
import type { Message } from "../../wording/face.ts";
import { uniqueFileNames } from "../../wording/file-names.ts";
import { baseName, joinPath } from "../../wording/paths.ts";
import type { JobContext } from "../context.ts";
import { headOptions, type AskedHead } from "../head-options.ts";
import { readLabels } from "../labels.ts";
import { openNetwork, readyModel } from "../open.ts";
import { photoPaths } from "../picture-folder.ts";
import { preprocessingFor, type ChosenPreparation } from "../preparation.ts";
import {
  apartLayer,
  batchSizes,
  channelCounts,
  layerDims,
  sizeOf,
  type LayerShapes,
} from "./layers.ts";
import type { MaximizePlaces, MaximizeRequest, RecipeRequest, UnitsRequest } from "./request.ts";
import { photosOfPlan, requireSamePhotos } from "./plan-photos.ts";
import { unitsAsked } from "./units-asked.ts";

/** Everything that is known before the first step. The model's runtime is the plan's own, and to be released. */
export interface MaximizePlan {
  readonly model: Model;
  readonly recipe: Recipe;
  /** Where the pictures go. */
  readonly folder: string;
  readonly labels: readonly string[] | undefined;
  /** Of the recipe's layers. */
  readonly shapes: LayerShapes;
  /** What is done with units of a layer. */
  goalOf(layer: string): Goal;
  /** Photos that silent units are shown and start from. */
  readonly photos: readonly StartPhoto[];
  /** How the preprocessing was chosen; undefined for a recipe, which holds it. */
  readonly chosen?: ChosenPreparation;
  /** What was assumed. */
  readonly notes: readonly (string | Message)[];
}

/** The plan of a request. Throws `LimpidError` before anything is written. */
export async function planMaximization(
  request: MaximizeRequest,
  context: JobContext,
): Promise<MaximizePlan> {
  return "recipe" in request ? planOfRecipe(request, context) : planOfUnits(request, context);
}

function planOfUnits(
  request: UnitsRequest & MaximizePlaces,
  context: JobContext,
): Promise<MaximizePlan> {
  return withModel(request.model, request, context, (model) => planUnits(model, request, context));
}

/** The plan of an open model's units. Throws `LimpidError` before anything is written. */
export async function planUnits(
  model: Model,
  request: UnitsRequest & Omit<MaximizePlaces, "runtime">,
  context: JobContext,
): Promise<MaximizePlan> {
  const { platform } = context;
  const terms = request.objective === undefined ? undefined : parseObjective(request.objective);
  const paths = await photoPaths(platform, request.photos ?? []);
  const shown = [...paths, ...photosOf(terms ?? [])];
  platform.protect(shown);
  const chosen = await preprocessingFor(platform, model, request, shown);
  const { how, note } = chosen;
  const size = sizeOf(model, how, request.sizePx);
  const traced = await model.at(model.inputDims());
  const labels = await labelsFor(model, request, context);
  const preset = presetOf(request.preset);
  const { units, dims } = await unitsAsked(
    { request, model, traced, size, labels: labels.names, terms, seed: request.seed },
    platform,
  );
  const layers = [...dims.keys()];
  const { diversity, range } = request;
  const asked = { model, how, size, terms, layers, range, paths };
  const { goal, starts, recorded, notes } = await photosOfPlan(asked, context);
  const recipe: Recipe = {
    recipe: "limpid maximize",
    versions: platform.versions(),
    runtime: model.runtime.name,
    model: { file: request.model, sha256: await model.digest() },
    ...headAskedOf(request),
    preprocessing: how,
    preset: request.preset,
    settings: { ...preset, steps: request.steps ?? preset.steps },
    size,
    seed: request.seed,
    negative: request.negative ?? false,
    ...(terms ? { objective: terms } : {}),
    ...recorded,
    apart: diversity === undefined ? null : apartLayer(model, traced, dims),
    animate: request.animate ?? false,
    batches: await batchSizes(model, layers, size, diversity),
    units:
      diversity === undefined
        ? units
        : units.flatMap((unit) =>
            Array.from({ length: diversity }, (_, facet) => ({ ...unit, facet })),
          ),
  };
  return withObjectives({
    model,
    recipe,
    folder: request.out ?? (await defaultFolder(recipe)),
    labels: labels.names,
    shapes: dims,
    goalOf: goalsOf(recipe, channelCounts(dims), goal),
    photos: starts,
    chosen,
    notes: [note, chosen.compared, labels.note, ...notes].filter((text) => text !== undefined),
  });
}

/** What is said of the output, for a recipe. */
export function headAskedOf({ output, kind }: AskedHead): Pick<Recipe, "head"> {
  const { keepActivation: _, ...head } = headOptions({
    ...(output === undefined ? {} : { output }),
    ...(kind === undefined ? {} : { kind }),
  });
  return Object.keys(head).length > 0 ? { head } : {};
}

/** Throws as `planStored`. */
async function planOfRecipe(
  request: RecipeRequest & MaximizePlaces,
  context: JobContext,
): Promise<MaximizePlan> {
  const stored = parseRecipe(await context.platform.readText(request.recipe), request.recipe);
  const file = request.model ?? stored.model.file;
  const opening = { ...stored.head, runtime: request.runtime };
  return withModel(file, opening, context, (model) =>
    planStored({ model, file }, stored, request, context),
  );
}

/** The plan of a recipe for an open model. Throws `bad-option` if the model, or a photo, is not the recipe's. */
export async function planStored(
  { model, file }: { readonly model: Model; readonly file: string },
  stored: Recipe,
  request: Pick<MaximizePlaces, "labels" | "out">,
  context: JobContext,
): Promise<MaximizePlan> {
  const sha256 = await model.digest();
  if (sha256 !== stored.model.sha256) {
    throw new LimpidError(
      "bad-option",
      `recipe: the model must be the one with fingerprint ${stored.model.sha256.slice(0, 12)}, got "${file}" with ${sha256.slice(0, 12)}. give the recipe's model.`,
    );
  }
  const layers = [...new Set(stored.units.map((unit) => unit.layer))];
  const dims = await layerDims(model, layers, stored.size);
  const recipe: Recipe = {
    ...stored,
    versions: context.platform.versions(),
    runtime: model.runtime.name,
    model: { file, sha256 },
  };
  const labels = await labelsFor(model, request, context);
  const { preprocessing: how, size, objective: terms, range } = stored;
  const paths = Object.keys(stored.startPhotos ?? {});
  const asked = { model, how, size, terms, layers, range, paths };
  const { goal, starts, recorded } = await photosOfPlan(asked, context);
  requireSamePhotos(stored, recorded);
  return withObjectives({
    model,
    recipe,
    folder: request.out ?? (await defaultFolder(recipe)),
    labels: labels.names,
    shapes: dims,
    goalOf: goalsOf(recipe, channelCounts(dims), goal),
    photos: starts,
    notes: versionNotes(stored, recipe),
  });
}

/** Opens a model for a plan; releases it if there is no plan. */
async function withModel(
  path: string,
  { runtime: runtimeName, ...asked }: AskedHead & Pick<MaximizePlaces, "runtime">,
  context: JobContext,
  plan: (model: Model) => Promise<MaximizePlan>,
): Promise<MaximizePlan> {
  const options = headOptions(asked);
  const graph = await openNetwork(path, context);
  const runtime = await context.platform.openRuntime(runtimeName);
  try {
    const model = await readyModel(graph, runtime, context, options);
    requireOnePicture("maximize", model);
    return await plan(model);
  } catch (error) {
    await runtime.release();
    throw error;
  }
}

/** The plan. Throws `bad-option` if its objective is none for a unit, as far as that is known from shapes. */
function withObjectives(plan: MaximizePlan): MaximizePlan {
  const { recipe, shapes, goalOf } = plan;
  for (const unit of recipe.units) {
    const { apart: _apart, ...goal } = goalOf(unit.layer);
    const objective = objectiveOf(unit, goal);
    if (objective.layers.every((layer) => shapes.has(layer))) {
      objective.parameters((layer) => shapes.get(layer)!);
    }
  }
  return plan;
}

async function labelsFor(
  model: Model,
  { labels }: Pick<MaximizePlaces, "labels">,
  { platform }: JobContext,
) {
  return readLabels(platform, labels, model, model.inputDims());
}

function goalsOf(
  { negative, settings, apart, objective }: Recipe,
  channels: ReadonlyMap<string, number>,
  photos: Goal["photos"],
): MaximizePlan["goalOf"] {
  return (layer) => ({
    negative,
    oneUnit: channels.get(layer) === 1,
    classScore: settings.classScore ?? "logit",
    ...(apart === null ? {} : { apart }),
    ...(objective ? { objective } : {}),
    ...(photos ? { photos } : {}),
  });
}

/** Bytes are the same on the same versions only; a reader should know before comparing. */
function versionNotes(stored: Recipe, recipe: Recipe): readonly string[] {
  const others = Object.entries(recipe.versions).filter(
    ([name, version]) => stored.versions[name] !== version,
  );
  const listed = others.map(
    ([name, version]) => `${name} ${stored.versions[name]} then, ${version} now`,
  );
  if (stored.runtime !== recipe.runtime)
    listed.push(`${stored.runtime} then, ${recipe.runtime} now`);
  return listed.length > 0 ? [`the last digits may differ: ${listed.join("; ")}`] : [];
}

/** A folder of its own for each recipe, so that the same request finds its results again. */
async function defaultFolder(recipe: Recipe): Promise<string> {
  const { versions: _versions, ...content } = recipe;
  const [name] = uniqueFileNames([baseName(recipe.model.file).replace(/\.\w+$/, "")]);
  const digest = await digestText(JSON.stringify(content));
  return joinPath("maximized", `${name}-${recipe.preset}-${digest.slice(0, 8)}`);
}
