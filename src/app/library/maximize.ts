/** @file Makes the pictures that excite units most, for a user of the library. */
import { requireOnePicture } from "../picture-inputs.ts";
import { LimpidError, throwIfAborted } from "../../errors.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import type { Model } from "../../network/model.ts";
import type { PresetName } from "../../optvis/presets.ts";
import { parseRecipe, type Recipe } from "../../optvis/recipe.ts";
import { jsonText } from "../../wording/shown-text.ts";
import type { Unit } from "../../optvis/units.ts";
import type { JobContext } from "../context.ts";
import type { AskedHead } from "../head-options.ts";
import { MaximizeFolder } from "../maximize/folder.ts";
import { headAskedOf, planStored, planUnits, type MaximizePlan } from "../maximize/plan.ts";
import type { UnitsRequest } from "../maximize/request.ts";
import { runMaximization, type MadeBatch } from "../maximize/run.ts";
import { maximizeSheet, type ShownUnit } from "../maximize/sheet.ts";
import { wakingOf } from "../maximize/silence.ts";
import { labelOf } from "../maximize/unit-text.ts";
import { resultPlace } from "../places.ts";
import type { PictureFormat } from "../platform.ts";
import type { Preparation } from "../preparation.ts";
import { renderSheet } from "../render-sheet.ts";
import { resultContext, type CallOptions, type ResultOptions } from "./options.ts";

/** Numbers, or a text such as "7", "0-15", "all", "random:8". */
type Selection = number | string | readonly number[];

type PictureOptions = Omit<
  UnitsRequest,
  | keyof AskedHead
  | keyof Preparation
  | "model"
  | "preset"
  | "seed"
  | "layers"
  | "channels"
  | "classes"
  | "target"
>;

/** Which units, and how pictures are made. */
export interface MaximizeOptions extends CallOptions, PictureOptions {
  /** Class numbers, or a text as the command takes it: a label, "A minus B", "LAYER:CHANNEL@ROWxCOLUMN". */
  readonly target?: Selection;
  /** Names of layers or parts of them, of which channels are shown. */
  readonly layer?: string | readonly string[];
  /** Channels of the layers; 16 at random by default. */
  readonly channel?: Selection;
  /** Classes by number, or a label. */
  readonly class?: Selection;
  /** `natural` by default. */
  readonly preset?: PresetName;
  /** 0 by default. */
  readonly seed?: number;
  /** The pictures of a recipe again: what `recipe` of earlier pictures is, or the path of a recipe.json; with nothing else. */
  readonly recipe?: Recipe | string;
}

/** A unit and the picture that excites it. */
export interface MaximizedPicture extends ShownUnit {
  readonly unit: Unit;
  /** Activation of the picture before the first step. */
  readonly start: number;
  /** [1, C, H, W] in the network's own range and channel order. */
  readonly input: Tensor;
  /** Name of the class that the unit stands for; undefined if it stands for none, or has no name. */
  readonly label: string | undefined;
}

/** Pictures that excite units. */
export interface Maximized {
  /** In the order in which the units were asked for. */
  readonly pictures: readonly MaximizedPicture[];
  /** All that makes them again. */
  readonly recipe: Recipe;
  /** The only picture as a PNG file; of several of one layer, a sheet. */
  draw(options?: ResultOptions): Promise<Uint8Array<ArrayBuffer>>;
  /** Writes that to a .png or .jpg file; or, to a path without an ending, a folder of pictures, numbers, sheets and the recipe. */
  save(path: string, options?: ResultOptions): Promise<void>;
}

/** The network whose units are shown. */
export interface MaximizedNet {
  readonly model: Model;
  /** Path or name, for recipes. */
  readonly asked: string;
  readonly labels: string | undefined;
  readonly preparation: Preparation;
  /** What was said of its output, for recipes. */
  readonly head: AskedHead;
}

/** One picture a unit, in memory until it is saved. Throws as `planUnits` and `runMaximization`. */
export async function maximize(
  net: MaximizedNet,
  options: MaximizeOptions,
  context: JobContext,
): Promise<Maximized> {
  requireOnePicture("maximize", net.model);
  const plan = await planOf(net, options, context);
  for (const note of plan.notes) context.onNote?.(note);
  const batches: MadeBatch[] = [];
  for await (const batch of runMaximization(plan, context)) batches.push(batch);
  return maximizedOf(plan, batches, context);
}

async function planOf(
  net: MaximizedNet,
  options: MaximizeOptions,
  context: JobContext,
): Promise<MaximizePlan> {
  const { model, asked: file, labels, head } = net;
  const named = labels === undefined ? {} : { labels };
  const { recipe } = options;
  if (recipe === undefined) {
    return planUnits(model, { ...requestOf(net, options), ...named }, context);
  }
  requireAlone(options);
  const stored =
    typeof recipe === "string"
      ? parseRecipe(await context.platform.readText(recipe), recipe)
      : parseRecipe(jsonText(recipe), "recipe");
  requireHead(stored, head);
  return planStored({ model, file }, stored, named, context);
}

/** Throws `bad-option` for what a recipe says itself. */
function requireAlone(options: MaximizeOptions): void {
  const { recipe: _, signal: _1, onProgress: _2, onNote: _3, onFailure: _4, ...others } = options;
  const other = Object.entries(others).find(([, value]) => value !== undefined);
  if (!other) return;
  throw new LimpidError(
    "bad-option",
    `${other[0]}: it must be the recipe's where one is given, got both. leave one of them out.`,
  );
}

/** Throws `bad-option` where the network was opened to explain something else. */
function requireHead(stored: Recipe, head: AskedHead): void {
  const [wanted, got] = [stored.head ?? {}, headAskedOf(head).head ?? {}];
  if (wanted.output === got.output && wanted.kind === got.kind) return;
  throw new LimpidError(
    "bad-option",
    `recipe: the network must be opened with the recipe's output and kind, ${jsonText(wanted)}, got ${jsonText(got)}. open it with these.`,
  );
}

function requestOf(
  { asked, preparation, head }: MaximizedNet,
  options: MaximizeOptions,
): UnitsRequest {
  const { target, layer, channel, preset = "natural", seed = 0, recipe: _0, ...others } = options;
  const { signal: _, onProgress: _1, onNote: _2, onFailure: _3, class: classes, ...rest } = others;
  return {
    ...rest,
    ...head,
    ...preparation,
    model: asked,
    preset,
    seed,
    ...(target === undefined ? {} : { target: String(target) }),
    ...(layer === undefined ? {} : { layers: [layer].flat() }),
    ...(channel === undefined ? {} : { channels: String(channel) }),
    ...(classes === undefined ? {} : { classes: String(classes) }),
  };
}

function maximizedOf(
  plan: MaximizePlan,
  batches: readonly MadeBatch[],
  context: JobContext,
): Maximized {
  const { platform } = context;
  const { recipe, labels } = plan;
  const pictures = batches.flatMap((batch) => picturesOf(batch, plan));
  const draw = async (format: PictureFormat = { kind: "png" }) => {
    const [first, ...others] = pictures;
    if (others.length === 0) return platform.encodePicture([first!.picture], format);
    const layers = new Set(pictures.map(({ unit }) => unit.layer));
    if (layers.size > 1) {
      throw new LimpidError(
        "bad-option",
        `maximize: a figure must be of one layer, got ${layers.size}. save to a path without an ending, which is a folder.`,
      );
    }
    const sheet = maximizeSheet(recipe, first!.unit.layer, pictures, labels);
    return renderSheet(platform, sheet, format);
  };
  return {
    pictures,
    recipe,
    draw: async (options) => {
      resultContext("draw", context, options);
      return new Uint8Array(await draw());
    },
    save: async (path, options) => {
      const saving = resultContext("save", context, options);
      const place = await resultPlace(platform, path);
      if (place.kind === "folder") await saveFolder(path, { plan, batches, pictures }, saving);
      else {
        await platform.requireWritable(path);
        await platform.writeWhole(path, await draw(place.format));
      }
    },
  };
}

function picturesOf(
  { units, made }: MadeBatch,
  { recipe, labels }: MaximizePlan,
): readonly MaximizedPicture[] {
  const { size, settings } = recipe;
  const dims = [1, size.channels, size.heightPx, size.widthPx];
  return units.map((unit, i) => {
    const { start, activation, silent, picture, input } = made[i]!;
    const waking = wakingOf(made[i]!);
    return {
      unit,
      start,
      activation,
      silent,
      ...waking,
      picture: pictureOfFloats(picture, size, settings.display),
      input: tensor("float32", dims, input),
      label: labelOf(unit, labels),
    };
  });
}

interface MadePictures {
  readonly plan: MaximizePlan;
  readonly batches: readonly MadeBatch[];
  readonly pictures: readonly MaximizedPicture[];
}

/** The folder that the command writes; nothing of it is read, so that it may be written again. */
async function saveFolder(
  path: string,
  { plan: { recipe, labels }, batches, pictures }: MadePictures,
  { platform, signal }: JobContext,
): Promise<void> {
  await platform.within(path, async () => {
    const folder = await MaximizeFolder.open(platform, path, recipe);
    for (const batch of batches) {
      throwIfAborted(signal, "save");
      await folder.add(batch);
    }
    for (const layer of new Set(recipe.units.map((unit) => unit.layer))) {
      throwIfAborted(signal, "save");
      const shown = pictures.filter(({ unit }) => unit.layer === layer);
      const sheet = maximizeSheet(recipe, layer, shown, labels);
      await platform.writeWhole(folder.sheetPath(layer), await renderSheet(platform, sheet));
    }
  });
}
