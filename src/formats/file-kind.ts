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
  { name: "a gzip archive", advice: "unpack it first", start: /^\x1f\x8b/ },
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
  { name: "JSON text", advice: convert, start: /^\s*[{[]\s*["{[\]}\d]/ },
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
