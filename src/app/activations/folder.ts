/** @file What each channel of each layer looks for, over the pictures of a folder. */
import { requireOnePicture } from "../picture-inputs.ts";
import { areTokens, type ObservedLayer } from "../../activations/observed-layers.ts";
import { receptiveFields, type ReceptiveFields } from "../../activations/receptive-field.ts";
import { SetRecord, type SetPlan } from "../../activations/set-record.ts";
import { LimpidError } from "../../errors.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import type { JobContext } from "../context.ts";
import type { PictureFolder } from "../picture-folder.ts";
import { findingsOf, type FolderFindings } from "./folder-findings.ts";
import type { Preparation } from "../preparation.ts";
import { chosenLayers, tellNotFinite, tellTokens, type ChosenLayers } from "./layers.ts";
import { activationsValues, type ActivationsSettings } from "./request.ts";
import { streamPictures } from "./stream.ts";

/** What is there when the pictures begin to flow. */
export interface FolderPlan extends ChosenLayers {
  readonly model: Model;
  readonly folder: PictureFolder;
  readonly preparation: Preparation;
  readonly fieldsOf: (layer: string) => ReceptiveFields;
  readonly set: SetPlan;
}

/** Pooled activations kept for the read-out; of more pictures some are drawn. */
const mostPooledNumbers = 2 ** 26;

/** What is looked at of a folder's pictures. Throws as `chosenLayers`, and `bad-option` for options out of range. */
export async function planFolder(
  model: Model,
  folder: PictureFolder,
  settings: ActivationsSettings,
): Promise<FolderPlan> {
  requireOnePicture("activations", model);
  const { top } = activationsValues(settings);
  const graph = await model.whole(model.inputDims());
  const chosen = chosenLayers(graph, settings);
  const set = {
    layers: chosen.layers.map(({ name, shape }) => ({ name, dims: shape })),
    pictures: folder.paths.length,
    k: top,
    pooled: pooledPictures(folder, chosen.layers),
  };
  const { preprocess, range } = settings;
  const preparation = { preprocess, range };
  const fieldsOf = fieldsIn(graph, chosen);
  return { ...chosen, model, folder, preparation, fieldsOf, set };
}

/**
 * Receptive fields by layer, each finder made once, so that it remembers what it found; tokens, which attention mixes,
 * see the whole picture.
 */
function fieldsIn(graph: Graph, { layers }: ChosenLayers): FolderPlan["fieldsOf"] {
  const [, , heightPx, widthPx] = graph.inputs[0]!.dims as [number, number, number, number];
  const everything = () => ({ left: 0, top: 0, widthPx, heightPx });
  const observed = new Map(layers.map((layer) => [layer.name, layer]));
  const known = new Map<string, ReceptiveFields>();
  return (name) => {
    const layer = observed.get(name)!;
    if (areTokens(layer)) return everything;
    const [rows, columns] = layer.layout?.grid.axes ?? [];
    const axes =
      rows === undefined || columns === undefined ? undefined : ([rows, columns] as const);
    const fieldOf = known.get(name) ?? receptiveFields(graph, name, axes);
    known.set(name, fieldOf);
    return fieldOf;
  };
}

/**
 * Runs the pictures that the record does not have yet. Those that cannot be used are told of and left out. Throws
 * `bad-file` if that is all of them, and `aborted`; the record is whole at any time.
 */
export async function runFolder(
  plan: FolderPlan,
  context: JobContext,
  record: SetRecord = new SetRecord(plan.set),
  onRecorded: () => Promise<void> = async () => {},
): Promise<FolderFindings> {
  const { model, folder, layers, preparation } = plan;
  tellTokens(layers, context.onNote);
  const { paths } = folder;
  await streamPictures({ model, paths, preparation, layers, record, context, onRecorded });
  if (record.broken.size === folder.paths.length) {
    throw new LimpidError(
      "bad-file",
      `activations: at least one picture must be usable, got ${record.broken.size} that are not, for the reasons above.`,
    );
  }
  const findings = findingsOf(record, layers, folder.labels);
  const broken = findings.layers.filter(({ statistics }) => !Number.isFinite(statistics.mean));
  const told = { holds: "NaN or infinity", of: "some of these pictures" };
  tellNotFinite(broken, told, context.onNote);
  return findings;
}

/** The pictures whose pooled activations are kept: all, or as many as fit, drawn without a look at them. */
function pooledPictures(
  { paths, labels }: PictureFolder,
  layers: readonly ObservedLayer[],
): readonly number[] {
  if (!labels) return [];
  const channels = layers.reduce((sum, { shape }) => sum + shape[1]!, 0);
  const most = Math.max(Math.floor(mostPooledNumbers / channels), 2);
  const all = [...paths.keys()];
  if (all.length <= most) return all;
  const random = randomStream(0, "read-out");
  return all
    .map((picture) => ({ picture, key: random.uniform() }))
    .toSorted((a, b) => a.key - b.key)
    .slice(0, most)
    .map(({ picture }) => picture)
    .toSorted((a, b) => a - b);
}
