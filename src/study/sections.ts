/** @file Sections of a study: made whole or not at all, and kept in its folder as soon as they are finished. */
import * as v from "valibot";
import type { JobContext } from "../app/context.ts";
import type { JobPlatform } from "../app/job-platform.ts";
import type { Platform } from "../app/platform.ts";
import { LimpidError } from "../errors.ts";
import { digestText } from "../graph/digest.ts";
import { sectionSchema, type FigureChart, type Section } from "../report/record.ts";
import {
  chartOf,
  keptChartSchema,
  type MadeSection,
  type PartPlan,
  type SectionPlan,
} from "../report/section.ts";
import { command, option, say } from "../wording/face.ts";
import type { Recorded } from "../wording/record-schema.ts";
import { joinPath } from "../wording/paths.ts";
import { filesOf, writeCharts, writeFigure, type WrittenFigure } from "./figure-files.ts";
import { jsonText } from "../wording/shown-text.ts";
import { readJson } from "../wording/read-json.ts";

/** What a section is made within. */
export interface SectionSurroundings {
  /** The report's. */
  readonly folder: string;
  readonly seed: number;
  /** The part's sections that are finished. */
  readonly earlier: readonly Section[];
  /** Tells how much of the section is done, 0..1. */
  report(share: number, text: string): void;
}

/** A finished section, what its charts show, and digests of what it was made from and of all that is kept but times. */
const keptSchema = v.strictObject({
  key: v.string(),
  digest: v.string(),
  section: sectionSchema,
  charts: v.array(keptChartSchema),
});

type KeptSection = Recorded<typeof keptSchema>;

/** The section as the folder holds it if it was made from the same things, else newly made. */
export async function finishedSection(
  part: PartPlan,
  plan: SectionPlan,
  { folder, seed, earlier, report }: SectionSurroundings,
  { platform, signal, words }: JobContext,
): Promise<Section> {
  const path = joinPath(folder, "sections", `${part.name}-${plan.name}.json`);
  const key = await keyOf(plan, seed, earlier, platform);
  const kept = await readKept(platform, path, plan.name);
  if (kept?.key === key && (await hasFiles(platform, folder, kept.section))) {
    // A page holds them as they are, so they are drawn again and never taken from a file.
    await writeCharts(platform, folder, chartFilesOf(kept.section), kept.charts.map(chartOf));
    return kept.section;
  }
  const startMs = platform.nowMs();
  const made = await plan.make({
    seed,
    signal,
    words,
    report: (share, text) => report(share, `${part.title}: ${text ?? plan.title}`),
    earlier,
  });
  const figures = await Promise.all(
    made.figures.map((figure) => writeFigure(platform, folder, figure)),
  );
  const seconds = Number(((platform.nowMs() - startMs) / 1000).toFixed(2));
  const section = asKept(sectionOf(plan, made, figures, seconds));
  const charts = made.figures.flatMap((figure) => figure.charts);
  const digest = await digestOf({ section, charts });
  await platform.writeWhole(path, `${jsonText({ key, digest, section, charts }, 1)}\n`);
  return section;
}

function digestOf({ section, charts }: { readonly section: unknown; readonly charts: unknown }) {
  const isTime = (name: string) => name === "seconds";
  return digestText(
    JSON.stringify([section, charts], (name, value: unknown) => (isTime(name) ? undefined : value)),
  );
}

function chartFilesOf({ figures }: Section): readonly FigureChart[] {
  return figures.flatMap(({ charts }) => charts);
}

/** Of all that a section is made from. */
function keyOf(
  { recipe }: SectionPlan,
  seed: number,
  earlier: readonly Section[],
  platform: Platform,
): Promise<string> {
  const made = { recipe, seed, versions: platform.versions() };
  const before = earlier.map(({ name, series }) => ({ name, series }));
  return digestText(JSON.stringify([made, before]));
}

/** What an earlier run left; what has another form, as another version's may, or other content is made anew. */
async function readKept(
  platform: JobPlatform,
  path: string,
  name: string,
): Promise<KeptSection | undefined> {
  const bytes = await platform.readOwn(path);
  if (!bytes) return undefined;
  const read = readJson(new TextDecoder().decode(bytes));
  if ("fault" in read) {
    throw new LimpidError(
      "bad-file",
      say`study: "${path}" must be JSON that ${command("study")} wrote, got ${read.fault}. delete it, or choose another folder with ${option("out")}.`,
    );
  }
  const { value } = read;
  const parsed = v.safeParse(keptSchema, value);
  if (!parsed.success) return undefined;
  const { section, charts, digest } = parsed.output;
  const isWhole = chartFilesOf(section).length === charts.length && section.name === name;
  return isWhole && digest === (await digestOf(value as KeptSection)) ? parsed.output : undefined;
}

/** What browsers look at where they guess what a file is. */
const guessedBytes = 2048;

/** Whether pictures and numbers are there; what begins as a page would is none, and might be run where it is opened. */
async function hasFiles(platform: JobPlatform, folder: string, { figures }: Section) {
  for (const file of filesOf(figures)) {
    const path = joinPath(folder, file);
    if ((await platform.findOwn(path))?.kind !== "file") return false;
    const start = new TextDecoder().decode(await platform.readOwn(path, guessedBytes));
    if (!file.endsWith(".svg") && /^\s*(<|$)/.test(start)) return false;
  }
  return true;
}

function sectionOf(
  { name, title }: SectionPlan,
  { paragraphs, tables, claims, series = {} }: MadeSection,
  figures: readonly WrittenFigure[],
  seconds: number,
): Section {
  const timed = figures.map((figure) => ({ ...figure, seconds }));
  return {
    name,
    title,
    paragraphs,
    figures: timed,
    tables,
    claims,
    series: withoutGaps(series),
    seconds,
  };
}

/** A section as it is when it is read again: its entries come in the schema's order. */
function asKept(section: Section): Section {
  return v.parse(sectionSchema, JSON.parse(JSON.stringify(section)));
}

/** Numbers as JSON keeps them, so that a section is the same whether it was just made or read again. */
function withoutGaps(series: NonNullable<MadeSection["series"]>): Section["series"] {
  const entries = Object.entries(series).map(
    ([name, values]) =>
      [name, values.map((value) => (Number.isFinite(value) ? value : null))] as const,
  );
  return Object.fromEntries(entries);
}
