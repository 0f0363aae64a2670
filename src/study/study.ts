/** @file The job of a study: find what there is, make the parts one section after the other, write the report. */
import * as v from "valibot";
import { tellProgress, type JobContext } from "../app/context.ts";
import { requireFolderPlace } from "../app/places.ts";
import type { RuntimeName } from "../app/platform.ts";
import { LimpidError, throwIfAborted } from "../errors.ts";
import {
  studyRecordSchema,
  type Part,
  type PartName,
  type Section,
  type StudyRecord,
} from "../report/record.ts";
import type { PartPlan } from "../report/section.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { joinPath } from "../wording/paths.ts";
import { described, type Recorded } from "../wording/record-schema.ts";
import { planStudy } from "./plan.ts";
import { pageName, recordName, writeReport } from "./report-folder.ts";
import { finishedSection } from "./sections.ts";
import { SourceFinder, type SourceOptions } from "./sources.ts";
import { studyTitle } from "./subjects.ts";

export interface StudyRequest extends SourceOptions {
  /** The folder of the report; what it holds of the same study is kept. */
  readonly out: string;
  readonly parts: readonly PartName[];
  /** Fewer pictures and steps. */
  readonly quick: boolean;
  readonly seed: number;
  readonly runtime: RuntimeName;
  /** The user's own network, in the place of all others: a path or a name. */
  readonly model?: string;
  /** The user's own pictures: a folder, or one file. */
  readonly photos?: string;
}

/** What `limpid study --json` prints. */
export const studyResultSchema = v.strictObject({
  page: described(v.string(), "path of the report's page"),
  record: studyRecordSchema,
});

export type StudyResult = Recorded<typeof studyResultSchema>;

/** A part and those of its sections that are finished. */
interface FinishedPart {
  readonly plan: PartPlan;
  readonly sections: Section[];
}

/**
 * Makes what the folder does not hold yet and writes the report. Stopped, it writes a report of what is finished and
 * throws `aborted`; the same request goes on with the rest. Throws `bad-file` where not even a stand-in can be had.
 */
export async function runStudy(request: StudyRequest, context: JobContext): Promise<StudyResult> {
  const { platform } = context;
  await requireFolderPlace(platform, request.out);
  return platform.within(request.out, async () => {
    for (const name of [recordName, pageName])
      await platform.requireWritable(joinPath(request.out, name));
    return intoFolder(request, context);
  });
}

async function intoFolder(request: StudyRequest, context: JobContext): Promise<StudyResult> {
  const runtime = await context.platform.openRuntime(request.runtime);
  try {
    const finder = new SourceFinder(context, request);
    const plans = await planStudy({ ...request, finder, runtime });
    tellStandIns(plans, context);
    const parts = plans.map((plan): FinishedPart => ({ plan, sections: [] }));
    try {
      await makeSections(parts, request, runtime, context);
    } catch (cause) {
      if (cause instanceof LimpidError && cause.code === "aborted") {
        throw await stopped(parts, request, context, cause);
      }
      throw cause;
    }
    const record = recordOf(parts, request, context);
    return { page: await writeReport(context.platform, request.out, record), record };
  } finally {
    await runtime.release();
  }
}

function tellStandIns(plans: readonly PartPlan[], { onNote }: JobContext): void {
  for (const { title, sources } of plans) {
    for (const { what, standsFor } of sources) {
      if (standsFor === undefined) continue;
      onNote?.(`${title}: ${what}, instead of ${standsFor.what} (${standsFor.why})`);
    }
  }
}

/** Fills the parts with their sections. Throws `aborted` when the signal fires. */
async function makeSections(
  parts: readonly FinishedPart[],
  { out, seed }: StudyRequest,
  runtime: Runtime,
  context: JobContext,
): Promise<void> {
  const all = parts.flatMap(({ plan }) => plan.sections);
  const total = all.reduce((sum, { effort }) => sum + effort, 0);
  const progress = tellProgress(context, { what: "study", total });
  try {
    let done = 0;
    for (const { plan, sections } of parts) {
      for (const section of plan.sections) {
        throwIfAborted(context.signal, "study");
        const before = done;
        const report = (share: number, text: string) =>
          progress.update(before + share * section.effort, text);
        const surroundings = { folder: out, seed, earlier: sections, report };
        sections.push(await finishedSection(plan, section, surroundings, context));
        // Sections ask different graphs; a session that stays open keeps the memory of its largest run.
        await runtime.release();
        done += section.effort;
        progress.update(done, section.title);
      }
    }
  } finally {
    progress.end();
  }
}

/** Writes the report of what is finished; returns the error that says so. */
async function stopped(
  parts: readonly FinishedPart[],
  request: StudyRequest,
  context: JobContext,
  cause: LimpidError,
): Promise<LimpidError> {
  await writeReport(context.platform, request.out, recordOf(parts, request, context));
  const finished = parts.flatMap(({ sections }) => sections).length;
  const all = parts.flatMap(({ plan }) => plan.sections).length;
  return new LimpidError(
    "aborted",
    `study: stopped, ${finished} of ${all} sections are in "${request.out}". the same command goes on with the rest.`,
    { cause },
  );
}

function recordOf(
  finished: readonly FinishedPart[],
  { seed, quick }: StudyRequest,
  { platform }: JobContext,
): StudyRecord {
  const parts = finished
    .filter(({ sections }) => sections.length > 0)
    .map(({ plan, sections }): Part => {
      const { name, title, lead, sources } = plan;
      return { name, title, lead, sources, sections };
    });
  return {
    study: "limpid study",
    title: studyTitle,
    seed,
    quick,
    parts,
    machine: platform.machine(),
    versions: platform.versions(),
  };
}
