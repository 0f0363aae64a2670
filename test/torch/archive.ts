/** @file Archives of torch.export.save, for tests: the layout of PyTorch 2.8, as files of a folder and as a zip. */
import { zipSync } from "fflate";
import { folderSource, type FolderSource } from "../../src/formats/folder-source.ts";
import { memorySource } from "../../src/formats/source.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { programJson, tensorMeta, type WrittenProgram } from "./program.ts";

export type Files = Readonly<Record<string, Uint8Array>>;

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The bytes of a tensor's numbers, little-endian. */
export function rawBytes({ data }: Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = data as Float32Array;
  return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}

/** The files of an archive. */
export function exportFiles(program: WrittenProgram): Files {
  const weights = payloads(
    program,
    "data/weights/",
    "weight_",
    (kind) => kind !== "tensor_constant",
  );
  const constants = payloads(
    program,
    "data/constants/",
    "tensor_",
    (kind) => kind === "tensor_constant",
  );
  return {
    archive_format: bytesOf("pt2"),
    archive_version: bytesOf("0"),
    byteorder: bytesOf("little"),
    ".data/version": bytesOf("6\n"),
    "models/model.json": bytesOf(JSON.stringify(programJson(program))),
    "data/weights/model_weights_config.json": bytesOf(JSON.stringify({ config: weights.config })),
    "data/constants/model_constants_config.json": bytesOf(
      JSON.stringify({ config: constants.config }),
    ),
    ...weights.files,
    ...constants.files,
  };
}

function payloads(
  { weights }: WrittenProgram,
  folder: string,
  prefix: string,
  isHere: (kind: string) => boolean,
) {
  const config: Record<string, unknown> = {};
  const files: Record<string, Uint8Array> = {};
  const here = Object.values(weights).filter(({ kind }) => isHere(kind));
  for (const [i, { name, kind, tensor }] of here.entries()) {
    const path_name = `${prefix}${i}`;
    files[`${folder}${path_name}`] = rawBytes(tensor);
    config[name] = {
      path_name,
      is_param: kind === "parameter",
      use_pickle: false,
      tensor_meta: tensorMeta({ type: tensor.type, sizes: tensor.dims }),
    };
  }
  return { config, files };
}

export function folderOf(files: Files, name = "net.pt2"): FolderSource {
  const opened = Object.entries(files).map(
    ([path, bytes]) => [path, async () => memorySource(path, bytes)] as const,
  );
  return folderSource(name, new Map(opened));
}

/** A zip of stored files in one folder, as PyTorch writes it. */
export function storedZip(files: Files, root = "archive"): Uint8Array {
  const inside = Object.fromEntries(
    Object.entries(files).map(([path, bytes]) => [`${root}/${path}`, bytes]),
  );
  return zipSync(inside, { level: 0 });
}
