/** @file What a folder or archive is that holds no model of the formats that are read. */
import { giveNetwork, unpack, type FileKind } from "./file-kind.ts";

interface KnownKind extends FileKind {
  /** Some file of the folder has such a path. */
  readonly file: RegExp;
}

const original = "give the model that it was converted from";
const exportTorch = "export the model with torch.onnx.export";

const known: readonly KnownKind[] = [
  {
    name: "a TensorFlow SavedModel",
    advice: "convert it to ONNX with tf2onnx, or save the model as .keras",
    file: /(^|\/)saved_model\.pbtxt$/,
  },
  {
    name: "checkpoints of TensorFlow, which are weights alone",
    advice: "save the whole model",
    file: /(^|\/)checkpoint$|\.data-\d+-of-\d+$|\.index$/,
  },
  {
    name: "a Core ML model",
    advice: original,
    file: /(^|\/)com\.apple\.CoreML\/|\.mlmodelc?(\/|$)|\.mlpackage\//,
  },
  {
    name: "a Caffe model",
    advice: "convert it to ONNX",
    file: /\.(caffemodel|prototxt)$/i,
  },
  {
    name: "a Darknet network",
    advice: "convert it to ONNX",
    file: /\.weights$|(^|\/)(yolo|darknet|tiny)[^/]*\.cfg$/i,
  },
  { name: "an OpenVINO model", advice: original, file: /\.xml$/i },
  { name: "an MXNet model", advice: "convert it to ONNX", file: /-symbol\.json$/ },
  { name: "a Paddle model", advice: "convert it with paddle2onnx", file: /\.pdmodel$/ },
  { name: "an ncnn model", advice: original, file: /\.ncnn\.param$|\.param$/ },
  {
    name: "a TorchScript program",
    advice: exportTorch,
    file: /(^|\/)code\/__torch__/,
  },
  {
    name: "weights of PyTorch without their network",
    advice: giveNetwork,
    file: /(^|\/)data\.pkl$|\.pth?$|(^|\/)pytorch_model.*\.bin$/,
  },
  {
    name: "weights without their network",
    advice: giveNetwork,
    file: /\.safetensors$|\.ckpt$/,
  },
  {
    name: "weights of TensorFlow.js without their model.json",
    advice: "give the model.json, or the folder with both",
    file: /(^|\/)(group\d+-shard\d+of\d+(\.bin)?|([^/]*\.)?weights\.bin)$/,
  },
  { name: "a Python pickle", advice: "export the model to ONNX", file: /\.(pkl|pickle|joblib)$/i },
  { name: "arrays of NumPy, weights alone", advice: "save the whole model", file: /\.np[yz]$/i },
  { name: "a tar archive", advice: unpack, file: /\.(tar|tgz|tar\.\w+)$/i },
];

/** Archives that lie in a folder or another archive; one zip archive in another is opened. */
const packed: KnownKind = {
  name: "an archive within",
  advice: unpack,
  file: /\.(zip|rar|7z|gz|xz|bz2|zst)$/i,
};

const shownFiles = 4;

/** Some of the paths, and how many more there are. */
export function listed(paths: readonly string[]): string {
  const shown = paths.toSorted().slice(0, shownFiles);
  const more = paths.length > shown.length ? ` and ${paths.length - shown.length} more` : "";
  return `${shown.map((path) => `"${path}"`).join(", ")}${more}`;
}

/** The kind that names of files tell; undefined if they tell none. */
export function knownByName(files: readonly string[]): FileKind | undefined {
  return known.find(({ file }) => files.some((path) => file.test(path)));
}

/** What a folder of such files is. */
export function folderKindOf(files: readonly string[]): FileKind {
  if (files.length === 0) return { name: "no file", advice: "check the path" };
  const kind = knownByName(files);
  if (kind) return kind;
  if (files.some((path) => packed.file.test(path))) return packed;
  return { name: `files of no known model: ${listed(files)}`, advice: "check the path" };
}
