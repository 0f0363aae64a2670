/** @file JSON files of an archive of torch.export. */
import { getTextEncoding } from "@bufbuild/protobuf/wire";
import * as v from "valibot";
import { readJson } from "../../wording/read-json.ts";
import type { FolderSource } from "../folder-source.ts";
import { badExport } from "./bad-export.ts";

const mostBytes = 2 ** 27;

/** What a JSON file holds. Throws `bad-file` where it is none, or lacks what the schema asks for. */
export async function readText<Schema extends v.GenericSchema>(
  archive: FolderSource,
  path: string,
  schema: Schema,
): Promise<v.InferOutput<Schema>> {
  const source = await archive.file(path);
  if (source.size > mostBytes) {
    throw badExport(`"${path}" must have at most ${mostBytes} bytes, got ${source.size}`);
  }
  const text = getTextEncoding().decodeUtf8(await source.read(0, source.size));
  const read = readJson(quotedNumbers(text));
  if ("fault" in read) throw badExport(`"${path}" must be JSON, got ${read.fault}`);
  const found = v.safeParse(schema, read.value, { abortEarly: true });
  if (found.success) return found.output;
  const [issue] = found.issues;
  const where = v.getDotPath(issue) ?? "the whole";
  throw badExport(`${where} in "${path}" must be ${issue.expected}, got ${issue.received}`);
}

/** Older versions write infinite numbers as Python does, which is no JSON. */
function quotedNumbers(text: string): string {
  return text.replaceAll(/"as_float": (-?Infinity|NaN)/g, '"as_float": "$1"');
}
