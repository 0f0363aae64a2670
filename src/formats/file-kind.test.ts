import { expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import { tensorOf } from "../graph/tensor.ts";
import { encodeNpy } from "./npy.ts";
import { encodeSafetensors } from "./safetensors.ts";
import { decodeOnnx } from "./onnx/decode.ts";

const ascii = (text: string) => new TextEncoder().encode(text);
const hex = (digits: string) => Uint8Array.from(Buffer.from(digits.replaceAll(" ", ""), "hex"));
const weights = { w: tensorOf("float32", [2], [1, 2]) };

test.each<[string, Uint8Array, string]>([
  ["nothing", new Uint8Array(0), "an empty file. check that the download is complete"],
  [
    "a page that says that there is no such file",
    ascii("<!DOCTYPE html>\n<html><body>404</body></html>"),
    "an HTML page. download the file itself, not the page about it",
  ],
  [
    "what Git LFS leaves in place of a large file",
    ascii("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 553437328\n"),
    'a Git LFS pointer. fetch the file that it stands for with "git lfs pull"',
  ],
  ["Keras .h5", hex("894844460d0a1a0a 00000000"), "an HDF5 file, as Keras saves models"],
  ["PyTorch .pt, Keras .keras", hex("504b0304 14000000"), "a zip archive, as PyTorch and Keras"],
  ["gzip", hex("1f8b0800 00000000"), "a gzip archive. unpack it first"],
  ["RAR", hex("526172211a070100"), "a RAR archive. unpack it first"],
  ["7-Zip", hex("377abcaf271c0004"), "a 7-Zip archive. unpack it first"],
  ["xz", hex("fd377a585a000004"), "an xz archive. unpack it first"],
  ["bzip2", hex("425a6839314159265359"), "a bzip2 archive. unpack it first"],
  ["Zstandard", hex("28b52ffd04000000"), "a Zstandard archive. unpack it first"],
  [
    "older PyTorch .pth",
    hex("8002 8a0a 6cfc9c46f9206aa85019"),
    "a Python pickle, as PyTorch saves",
  ],
  ["a pickled dictionary", hex("8004 95 1000000000000000"), "a Python pickle, as PyTorch saves"],
  ["TensorFlow Lite", hex("20000000 54464c33 00000000"), "a TensorFlow Lite model"],
  ["ORT format", hex("20000000 4f52544d 00000000"), "a model in ONNX Runtime's own format"],
  ["safetensors", encodeSafetensors(weights), "a safetensors file, weights alone"],
  [".npy", encodeNpy(weights.w), "a NumPy array"],
  ["PNG", hex("89504e470d0a1a0a 0000000d"), "a picture"],
  ["JPEG", hex("ffd8ffe0 00104a464946"), "a picture"],
  ["TF.js model.json", ascii('{"format": "layers-model"}'), "JSON text"],
  ["other text", ascii("hello\nworld, it is me"), 'text that starts with "hello world, it is me"'],
])("%s is called by its name", (_, bytes, message) => {
  const refusal = `decodeOnnx: the file must be an ONNX model, got ${message}`;
  expect(() => decodeOnnx(bytes)).toThrow(LimpidError);
  expect(() => decodeOnnx(bytes)).toThrow(refusal);
});
