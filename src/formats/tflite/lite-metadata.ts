/** @file What a TensorFlow Lite model says of its pictures and classes: its metadata, and the files behind it. */
import type { Preprocessing } from "../../image/preprocess.ts";
import { shownText } from "../../wording/shown-text.ts";
import type { ByteSource } from "../source.ts";
import { zipFolder } from "../zip-folder.ts";
import { badTflite } from "./bad-tflite.ts";
import { FlatTable } from "./flat-table.ts";
import type { LiteModel, LiteTensor } from "./lite-model.ts";

/** The numbers of fields in metadata_schema.fbs. */
const fields = {
  model: { graphs: 3 },
  graph: { inputs: 2, outputs: 3 },
  tensor: { units: 4, files: 6 },
  unit: { kind: 0, options: 1 },
  normalization: { mean: 0, std: 1 },
  file: { name: 0, kind: 2 },
} as const;

const normalizationKind = 1;
const axisLabels = 2;

/** What a file says beside its graph. */
export interface LiteMetadata {
  readonly preprocessing?: Preprocessing;
  readonly classes?: readonly string[];
}

/** Throws `bad-file` for metadata that is broken. */
export async function liteMetadata(model: LiteModel, source: ByteSource): Promise<LiteMetadata> {
  const [first] = model.inputs;
  const input = first === undefined ? undefined : model.tensors[first];
  const [graph] = model.metadata ? FlatTable.root(model.metadata).tables(fields.model.graphs) : [];
  const told = input && normalizationOf(graph, input);
  const preprocessing = told ?? (input && quantizedInput(input));
  const classes = await classesOf(graph, source);
  return { ...(preprocessing && { preprocessing }), ...(classes && { classes }) };
}

/** How pictures reach an input of [N, H, W, 1 or 3]; undefined for inputs of other kinds. */
function prepared(
  { shape }: LiteTensor,
  numbers: Pick<Preprocessing, "name" | "scale" | "mean" | "std">,
): Preprocessing | undefined {
  const channels = shape.length === 4 ? shape[3] : undefined;
  if (channels !== 1 && channels !== 3) return undefined;
  return {
    ...numbers,
    resize: "crop",
    cropShare: 1,
    filter: "bilinear",
    channels: channels === 1 ? "grey" : "rgb",
    layout: "nchw",
  };
}

function normalizationOf(
  graph: FlatTable | undefined,
  input: LiteTensor,
): Preprocessing | undefined {
  const [tensor] = graph?.tables(fields.graph.inputs) ?? [];
  const unit = tensor
    ?.tables(fields.tensor.units)
    .find((table) => table.int8(fields.unit.kind) === normalizationKind);
  const options = unit?.table(fields.unit.options);
  if (!options) return undefined;
  const mean = options.floats(fields.normalization.mean);
  const std = options.floats(fields.normalization.std);
  const channels = input.shape.at(-1);
  const fits = [mean, std].every(
    (list) => (list.length === 1 || list.length === channels) && list.every(Number.isFinite),
  );
  if (!fits || std.includes(0)) {
    throw badTflite(
      `normalisation must have a number a channel, got [${mean.join(", ")}] and [${std.join(", ")}]`,
    );
  }
  return prepared(input, { name: "tflite", scale: 1, mean, std });
}

/** Inputs of bytes are pictures as they are; those of signed bytes are 128 less. */
function quantizedInput(input: LiteTensor): Preprocessing | undefined {
  const { type, quantization } = input;
  const [scale] = quantization?.scales ?? [];
  if (scale === undefined || (type !== "UINT8" && type !== "INT8")) return undefined;
  const zero = (quantization?.zeroPoints[0] ?? 0) + (type === "INT8" ? 128 : 0);
  return prepared(input, { name: "tflite", scale, mean: [scale * zero], std: [1] });
}

const mostLabelBytes = 2 ** 24;

/** The names of classes of the first output, in a file that is packed behind the model. */
async function classesOf(
  graph: FlatTable | undefined,
  source: ByteSource,
): Promise<readonly string[] | undefined> {
  const [output] = graph?.tables(fields.graph.outputs) ?? [];
  const file = output
    ?.tables(fields.tensor.files)
    .find((table) => table.int8(fields.file.kind) === axisLabels);
  const name = file?.text(fields.file.name);
  if (name === undefined) return undefined;
  const folder = await zipFolder(source);
  if (!folder.files.includes(name)) {
    throw badTflite(`names of classes must be in the file, got no "${shownText(name)}" in it`);
  }
  const labels = await folder.file(name);
  if (labels.size > mostLabelBytes) throw badTflite("names of classes must be a list of words");
  const text = new TextDecoder().decode(await labels.read(0, labels.size));
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
