/** @file Where an attribution writes: one figure, one file of numbers, or a folder of both. */
import { option, say, type Message } from "../../wording/face.ts";
import { LimpidError, throwIfAborted } from "../../errors.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { inFile } from "../../graph/file-axes.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import type { Heatmap } from "../../attribution/heatmap.ts";
import type { Model } from "../../network/model.ts";
import { joinPath } from "../../wording/paths.ts";
import type { JobContext } from "../context.ts";
import { requireNumbersPlace, resultPlace } from "../places.ts";
import type { PictureFormat, Platform } from "../platform.ts";
import type { AttributionFigure } from "./figure.ts";
import type { ClassNames, Finding } from "./findings.ts";
import type { Answer } from "./method-runs.ts";
import { numberFiles } from "./number-files.ts";
import type { AttributeRequest } from "./request.ts";
import { drawAttribution } from "./sheet.ts";

/** What is written; each may be left out. */
export interface Places {
  readonly figure?: { readonly path: string; readonly format: PictureFormat };
  /** An .npy file, of the only map there is a row. */
  readonly raw?: string;
  /** A folder with a figure and the numbers of each map, in folders of their own for several files. */
  readonly folder?: string;
}

/** The places for some files and runs. Throws `bad-option` where there is more to write than one file holds. */
export async function placesFor(
  platform: Pick<Platform, "find">,
  { out, raw, writesNothing = false }: Pick<AttributeRequest, "out" | "raw" | "writesNothing">,
  files: number,
  runs: number,
): Promise<Places> {
  const numbers = raw === undefined ? {} : { raw };
  if (raw !== undefined) await requireNumbersPlace(platform, raw);
  if (raw !== undefined && files * runs > 1) {
    throw new LimpidError(
      "bad-option",
      say`raw: there must be one method on one layer of one file, got ${runs} of ${files}. give a folder with ${option("out")} instead.`,
    );
  }
  const usual = files > 1 ? "heatmaps" : "heatmap.png";
  const chosen = out ?? (writesNothing || raw !== undefined ? undefined : usual);
  if (chosen === undefined) return numbers;
  const place = await resultPlace(platform, chosen);
  if (place.kind === "folder") return { ...numbers, folder: chosen };
  if (files === 1) return { ...numbers, figure: { path: chosen, format: place.format } };
  throw new LimpidError(
    "bad-option",
    `out: there must be a folder for ${files} files, got "${chosen}". give a name without an ending.`,
  );
}

/** Files that are tried before long work. */
export function triedPlaces({ figure, raw, folder }: Places): readonly string[] {
  const results = folder === undefined ? undefined : joinPath(folder, resultsName);
  return [figure?.path, raw, results].filter((path) => path !== undefined);
}

export const resultsName = "results.json";

/** What is written of a file. */
export interface FileResults {
  /** Its folder within that of all; "" for the only file. */
  readonly subfolder: string;
  readonly answers: readonly Answer[];
  readonly names: ClassNames;
  readonly figure: AttributionFigure;
}

/** Writes a file's figure and numbers. Returns the paths, and the findings with theirs. */
export async function writeFileResults(
  { figure, raw, folder }: Places,
  results: FileResults,
  findings: readonly Finding[],
  { platform, signal }: Pick<JobContext, "platform" | "signal">,
): Promise<{ readonly written: readonly string[]; readonly findings: readonly Finding[] }> {
  const place = folder === undefined ? undefined : joinPath(folder, results.subfolder);
  const drawn = figure?.path ?? (place === undefined ? undefined : joinPath(place, "sheet.png"));
  const sheet =
    drawn === undefined
      ? undefined
      : await drawAttribution(platform, results.figure, figure?.format);
  throwIfAborted(signal, "attribute");
  const written: string[] = [];
  const write = async (path: string, bytes: Uint8Array) => {
    await platform.writeWhole(path, bytes);
    written.push(path);
  };
  if (raw !== undefined) await write(raw, encodeNpy(stackedMaps(findings.map(({ map }) => map))));
  if (sheet !== undefined) await write(drawn!, sheet);
  if (place === undefined) return { written, findings };
  const files = new Map<readonly Heatmap[], string>();
  for (const [maps, stem] of numberFiles(results)) {
    const name = `${stem}.npy`;
    await platform.writeWhole(joinPath(place, name), encodeNpy(stackedMaps(maps)));
    files.set(maps, joinPath(results.subfolder, name));
  }
  const fileOf = (map: Heatmap) => [...files].find(([maps]) => maps.includes(map))?.[1];
  const placed = findings.map((finding) => ({ ...finding, file: fileOf(finding.map)! }));
  const count = files.size === 1 ? "1 .npy file" : `${files.size} .npy files`;
  return { written: [...written, `${count} in ${place}`], findings: placed };
}

/** In which order numbers are written, where the model's file has another. */
export function writtenOrder(
  { raw, folder }: Places,
  { parts }: Pick<Model, "parts">,
): Message | undefined {
  const turned = parts.find((part) => inFile(part).axes.at(-1) === "C");
  if (!turned || (raw ?? folder) === undefined) return undefined;
  return say`maps are written channels first, while the model's file has [${inFile(turned).axes.join(", ")}]`;
}

/** All maps as one tensor, [N, ...dims]. */
export function stackedMaps(maps: readonly Heatmap[]): Tensor {
  const size = maps[0]!.data.length;
  const data = new Float32Array(maps.length * size);
  for (const [i, map] of maps.entries()) data.set(map.data, i * size);
  return tensor("float32", [maps.length, ...maps[0]!.dims], data);
}
