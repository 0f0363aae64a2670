/** @file Makes a study's sections one after the other and keeps each as soon as it is finished. */
import { existsSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { LimpidError, throwIfAborted, type StopSignal } from "../errors.ts";
import { encodeNpy } from "../formats/npy.ts";
import { digestText } from "../graph/digest.ts";
import { paint } from "../drawing/marks.ts";
import type { Picture } from "../image/picture.ts";
import { drawSheet } from "../drawing/sheet.ts";
import type { Figure, FigureCell, Machine, Part, Section, StudyRecord } from "../report/record.ts";
import type {
  MadeCell,
  MadeFigure,
  MadeSection,
  PartPlan,
  SectionPlan,
} from "../report/section.ts";
import { encodePng } from "../node/codecs.ts";
import { readText, writeWhole } from "../node/files.ts";
import { writeReport } from "./report-folder.ts";
import { studyChart } from "../report/section-chart.ts";
import { nodePlatform } from "../node/platform.ts";
import { loadTypefaces } from "../node/typefaces.ts";
import { versions } from "../node/versions.ts";

export interface StudyOptions {
  readonly title: string;
  readonly seed: number;
  readonly quick: boolean;
  readonly signal: StopSignal;
  /** Effort done, of the plans' sum, and what is going on. */
  report(done: number, text: string): void;
}

/** A finished section and what it was made from. */
interface KeptSection {
  readonly key: string;
  readonly section: Section;
}

/** Sum of the efforts of some plans, for progress. */
export function effortOf(plans: readonly PartPlan[]): number {
  return plans.flatMap(({ sections }) => sections).reduce((sum, { effort }) => sum + effort, 0);
}

/**
 * Makes what the folder does not hold yet and writes the report; returns the page's path. Stopped, it writes a
 * report of what is finished and throws `aborted`; the same call goes on with the rest.
 */
export async function runStudy(
  folder: string,
  plans: readonly PartPlan[],
  options: StudyOptions,
): Promise<{ readonly page: string; readonly record: StudyRecord }> {
  const finished = plans.map((plan) => ({ plan, sections: [] as Section[] }));
  const recordNow = () => recordOf(finished, options);
  try {
    let done = 0;
    for (const { plan, sections } of finished) {
      for (const section of plan.sections) {
        throwIfAborted(options.signal, "study");
        const report = (share: number, text: string) =>
          options.report(done + share * section.effort, text);
        sections.push(
          await finishedSection(folder, plan, section, sections, { ...options, report }),
        );
        done += section.effort;
        options.report(done, section.title);
      }
    }
  } catch (cause) {
    if (!(cause instanceof LimpidError) || cause.code !== "aborted") throw cause;
    await writeReport(folder, recordNow());
    const count = finished.flatMap(({ sections }) => sections).length;
    const all = plans.flatMap(({ sections }) => sections).length;
    throw new LimpidError(
      "aborted",
      `study: stopped, ${count} of ${all} sections are in "${folder}". the same command goes on with the rest.`,
      { cause },
    );
  }
  const record = recordNow();
  return { page: await writeReport(folder, record), record };
}

/** The section as the folder holds it if it was made from the same things, else newly made. */
async function finishedSection(
  folder: string,
  part: PartPlan,
  plan: SectionPlan,
  earlier: readonly Section[],
  options: StudyOptions,
): Promise<Section> {
  const path = join(folder, "sections", `${part.name}-${plan.name}.json`);
  const made = { recipe: plan.recipe, seed: options.seed, versions: versions() };
  const before = earlier.map(({ name, series }) => ({ name, series }));
  const key = await digestText(JSON.stringify([made, before]));
  const kept = await readKept(path);
  if (kept?.key === key && filesOf(kept.section).every((file) => existsSync(join(folder, file)))) {
    return kept.section;
  }
  const startMs = performance.now();
  const result = await plan.make({
    seed: options.seed,
    signal: options.signal,
    report: (share, text) => options.report(share, `${part.title}: ${text ?? plan.title}`),
    earlier,
  });
  const figures = await Promise.all(result.figures.map((figure) => writeFigure(folder, figure)));
  const seconds = (performance.now() - startMs) / 1000;
  const section = sectionOf(plan, result, figures, Number(seconds.toFixed(2)));
  await writeWhole(
    path,
    `${JSON.stringify({ key, section } satisfies KeptSection, undefined, 1)}\n`,
  );
  return section;
}

/** What an earlier run left; a file that is none of ours is made anew. */
async function readKept(path: string): Promise<KeptSection | undefined> {
  if (!existsSync(path)) return undefined;
  const text = await readText(path);
  try {
    return JSON.parse(text) as KeptSection;
  } catch (cause) {
    throw new LimpidError(
      "bad-file",
      `study: "${path}" must be JSON that "limpid study" wrote, got other text. delete it, or choose another folder with --out.`,
      { cause },
    );
  }
}

function sectionOf(
  { name, title }: SectionPlan,
  { paragraphs, tables, claims, series = {} }: MadeSection,
  figures: readonly Omit<Figure, "seconds">[],
  seconds: number,
): Section {
  const timed = figures.map((figure) => ({ ...figure, seconds }));
  return { name, title, paragraphs, figures: timed, tables, claims, series, seconds };
}

function filesOf({ figures }: Section): readonly string[] {
  return figures.flatMap(({ cells, charts, floats }) => [
    ...cells.map(({ file }) => file),
    ...charts.map(({ file }) => file),
    ...floats,
  ]);
}

async function writeFigure(folder: string, figure: MadeFigure): Promise<Omit<Figure, "seconds">> {
  const cells: FigureCell[] = [];
  for (const [i, cell] of figure.cells.entries()) {
    const number = String(i).padStart(String(figure.cells.length - 1).length, "0");
    const name = figure.cells.length === 1 ? figure.id : `${figure.id}-${number}`;
    cells.push(await writeCell(folder, `pictures/${name}.png`, cell));
  }
  const charts = [];
  for (const [i, chart] of figure.charts.entries()) {
    const name = figure.charts.length === 1 ? figure.id : `${figure.id}-${i + 1}`;
    const file = `charts/${name}.svg`;
    await writeWhole(join(folder, file), studyChart(chart, await nodePlatform.chartDocument()));
    charts.push({ file, alt: chart.alt });
  }
  const floats = [];
  for (const { name, value } of figure.floats) {
    const file = `data/${name}.npy`;
    await writeWhole(join(folder, file), encodeNpy(value));
    floats.push(file);
  }
  return { ...figure, cells, charts, floats };
}

async function writeCell(folder: string, file: string, cell: MadeCell): Promise<FigureCell> {
  const { picture, ...said } = cell;
  const pixels: Picture =
    "rows" in picture ? paint(drawSheet(picture, loadTypefaces()), 2) : picture;
  await writeWhole(join(folder, file), await encodePng(pixels));
  return { ...said, file, widthPx: pixels.widthPx, heightPx: pixels.heightPx };
}

function recordOf(
  finished: readonly { readonly plan: PartPlan; readonly sections: readonly Section[] }[],
  { title, seed, quick }: StudyOptions,
): StudyRecord {
  const parts: Part[] = finished
    .filter(({ sections }) => sections.length > 0)
    .map(({ plan: { name, title: heading, lead, sources }, sections }) => ({
      name,
      title: heading,
      lead,
      sources,
      sections,
    }));
  return {
    study: "limpid study",
    title,
    seed,
    quick,
    parts,
    machine: machine(),
    versions: versions(),
  };
}

function machine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown processor",
    cores: processors.length,
    memoryBytes: totalmem(),
    system: `${type()} ${release().split("-")[0]}`,
  };
}
