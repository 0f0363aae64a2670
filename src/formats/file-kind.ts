/** @file What a file is that was given as an ONNX model and is none. */
/* oxlint-disable eslint/no-control-regex -- signatures of files are made of such letters */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import { option, say, type Message } from "../wording/face.ts";

/** A kind of file, with its article, and what somebody who has one should do. */
export interface FileKind {
  readonly name: string;
  readonly advice: string | Message;
  /** Text of no known kind. */
  readonly isText?: true;
}

interface KnownKind extends FileKind {
  /** Tried on the first bytes as text, one letter a byte. */
  readonly start: RegExp;
}

const download = "check that the download is complete";
const convert = "convert the model to ONNX first";
const checkName = "check the file's name";

/** Of archives other than zip. */
export const unpack = "unpack it first";

/** Of weights without their network. */
export const giveNetwork = say`give its network as the model, and this file with ${option("weights")}`;

const known: readonly KnownKind[] = [
  { name: "an empty file", advice: download, start: /^$/ },
  {
    name: "a Git LFS pointer",
    advice: 'fetch the file that it stands for with "git lfs pull"',
    start: /^version https:\/\/git-lfs/,
  },
  {
    name: "an HTML page",
    advice: "download the file itself, not the page about it",
    start: /^(\xef\xbb\xbf)?\s*<(!doctype html|html|head|!--)/i,
  },
  { name: "an HDF5 file, as Keras saves models", advice: convert, start: /^\x89HDF\r\n/ },
  {
    name: "a zip archive, as PyTorch and Keras save models",
    advice: "unpack it, or export the model to ONNX",
    start: /^PK\x03\x04/,
  },
  { name: "a gzip archive", advice: unpack, start: /^\x1f\x8b/ },
  { name: "a RAR archive", advice: unpack, start: /^Rar!\x1a\x07/ },
  { name: "a 7-Zip archive", advice: unpack, start: /^7z\xbc\xaf\x27\x1c/ },
  { name: "an xz archive", advice: unpack, start: /^\xfd7zXZ\0/ },
  { name: "a bzip2 archive", advice: unpack, start: /^BZh[1-9](1AY&SY|\x17rE8P\x90)/ },
  { name: "a Zstandard archive", advice: unpack, start: /^\x28\xb5\x2f\xfd/ },
  {
    name: "a Python pickle, as PyTorch saves weights",
    advice: giveNetwork,
    start: /^\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19/,
  },
  {
    name: "a Python pickle, as PyTorch saves models",
    advice: "export the model with torch.onnx.export",
    start: /^\x80[\x02-\x05][\x00c}(\x8a\x95]/,
  },
  { name: "a TensorFlow Lite model", advice: convert, start: /^[^]{4}TFL3/ },
  {
    name: "a model in ONNX Runtime's own format",
    advice: "give the .onnx file that it was made from",
    start: /^[^]{4}ORTM/,
  },
  { name: "a safetensors file, weights alone", advice: giveNetwork, start: /^[^]{3}[^]\0{4}\{"/ },
  { name: "a NumPy array", advice: checkName, start: /^\x93NUMPY/ },
  { name: "a picture", advice: checkName, start: /^(\x89PNG|\xff\xd8\xff|GIF8|BM|RIFF[^]{4}WEBP)/ },
  {
    name: "JSON text",
    advice: "give the model's own file, or its folder",
    start: /^\s*[{[]\s*["{[\]}\d]/,
  },
];

const shownBytes = 256;
const shownLetters = 24;

/** The kind that the first bytes tell; undefined if they tell none. */
export function fileKindOf(bytes: Uint8Array): FileKind | undefined {
  const head = bytes.subarray(0, shownBytes);
  const letters = Array.from(head, (byte) => String.fromCharCode(byte)).join("");
  return known.find(({ start }) => start.test(letters)) ?? textKind(head);
}

function textKind(head: Uint8Array): FileKind | undefined {
  // The last letter may be cut in two, and reads as U+FFFD then.
  const text = getTextEncoding()
    .decodeUtf8(head)
    .replace(/\ufffd$/, "");
  if (/[\0-\x08\x0e-\x1f\x7f\ufffd]/.test(text)) return undefined;
  const shown = text.replaceAll(/\s+/g, " ").trim().slice(0, shownLetters);
  return { name: `text that starts with "${shown}"`, advice: checkName, isText: true };
}
