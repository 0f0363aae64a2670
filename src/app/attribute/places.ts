/** @file Where `limpid attribute` writes: one figure, one file of numbers, or a folder of both. */
import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { LimpidError, throwIfAborted, type StopSignal } from "../../errors.ts";
import { encodeNpy } from "../../formats/npy.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import type { Heatmap } from "../../attribution/heatmap.ts";
import { writeWhole } from "../../node/files.ts";
import { fileNames } from "../../wording/file-names.ts";
import { drawAttribution, type AttributionFigure } from "./figure.ts";
import { explainedText, type ClassNames, type Finding } from "./record.ts";
import type { Answer, Job, JobResult } from "./runs.ts";

/** What is written; each may be left out. */
export interface Places {
  /** A PNG file. */
  readonly figure?: string;
  /** An .npy file, of the only map there is a row. */
  readonly raw?: string;
  /** A folder with a figure and the numbers of each map, in folders of their own for several files. */
  readonly folder?: string;
}

interface Asked {
  readonly out?: string;
  readonly raw?: string;
  readonly json?: boolean;
}

/** The places for some files and jobs. Throws `bad-option` where there is more to write than one file holds. */
export async function placesFor(
  { out, raw, json }: Asked,
  files: number,
  jobs: number,
): Promise<Places> {
  const numbers = raw === undefined ? {} : { raw };
  if (raw !== undefined && files * jobs > 1) {
    throw new LimpidError(
      "bad-option",
      `raw: there must be one method on one layer of one file, got ${jobs} of ${files}. give a folder with --out instead.`,
    );
  }
  const usual = files > 1 ? "heatmaps" : "heatmap.png";
  const chosen = out ?? (json || raw !== undefined ? undefined : usual);
  if (chosen === undefined) return numbers;
  if (await isFolder(chosen)) return { ...numbers, folder: chosen };
  if (files === 1) return { ...numbers, figure: chosen };
  throw new LimpidError(
    "bad-option",
    `out: there must be a folder for ${files} files, got "${chosen}". give a name without an ending.`,
  );
}

/** A folder is what exists as one, or has no ending. */
async function isFolder(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info ? info.isDirectory() : /[\\/]$/.test(path) || extname(path) === "";
}

/** Files that are tried before long work. */
export function triedPlaces({ figure, raw, folder }: Places): readonly string[] {
  const results = folder === undefined ? undefined : join(folder, resultsName);
  return [figure, raw, results].filter((path) => path !== undefined);
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
  signal: StopSignal,
): Promise<{ readonly written: readonly string[]; readonly findings: readonly Finding[] }> {
  const place = folder === undefined ? undefined : join(folder, results.subfolder);
  const drawn = figure ?? (place === undefined ? undefined : join(place, "sheet.png"));
  const sheet = drawn === undefined ? undefined : await drawAttribution(results.figure);
  throwIfAborted(signal, "attribute");
  const written: string[] = [];
  const write = async (path: string, bytes: Uint8Array) => {
    await writeWhole(path, bytes);
    written.push(path);
  };
  if (raw !== undefined) await write(raw, encodeNpy(stacked(findings.map(({ map }) => map))));
  if (sheet !== undefined) await write(drawn!, sheet);
  if (place === undefined) return { written, findings };
  const files = new Map<readonly Heatmap[], string>();
  for (const answer of results.answers) {
    for (const result of answer.results) {
      if (!("maps" in result)) continue;
      const name = fileNameOf(result.job, answer, results);
      await writeWhole(join(place, name), encodeNpy(stacked(result.maps)));
      files.set(result.maps, join(results.subfolder, name));
    }
  }
  const fileOf = (map: Heatmap) => [...files].find(([maps]) => maps.includes(map))?.[1];
  const placed = findings.map((finding) => ({ ...finding, file: fileOf(finding.map)! }));
  const count = files.size === 1 ? "1 .npy file" : `${files.size} .npy files`;
  return { written: [...written, `${count} in ${place}`], findings: placed };
}

/** "grad-cam--inception_5b-output--water-ouzel.npy"; what there is only one of is left out. */
function fileNameOf(job: Job, answer: Answer, { answers, names }: FileResults): string {
  const isLayered = answer.results.some(
    (other) => other.job !== job && other.job.name === job.name,
  );
  const layers = fileNames(answers.flatMap(({ results }) => results.map(layerOf)));
  const targets = fileNames(answers.map((other) => explainedText(other, names)));
  const parts = [
    job.name,
    ...(isLayered ? [layers.get(job.layer!)!] : []),
    ...(answers.length > 1 ? [targets.get(explainedText(answer, names))!] : []),
  ];
  return `${parts.join("--")}.npy`;
}

function layerOf({ job }: JobResult): string {
  return job.layer ?? "";
}

/** All maps as one tensor, [N, ...dims]. */
function stacked(maps: readonly Heatmap[]): Tensor {
  const size = maps[0]!.data.length;
  const data = new Float32Array(maps.length * size);
  for (const [i, map] of maps.entries()) data.set(map.data, i * size);
  return tensor("float32", [maps.length, ...maps[0]!.dims], data);
}
