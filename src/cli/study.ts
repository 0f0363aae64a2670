/** @file The work of `limpid study`: find what there is, make the parts, write the report. */
import { basename } from "node:path";
import { LimpidError } from "../errors.ts";
import { placesOf, type LocateOptions } from "../node/fetch/locate.ts";
import { effortOf, runStudy } from "../study/folder.ts";
import { planStudy } from "../study/plan.ts";
import { Finder } from "../study/sources.ts";
import { partNames, secondsOf, type PartName } from "../report/record.ts";
import type { PartPlan } from "../report/section.ts";
import { formatMeasuredDuration } from "../wording/durations.ts";
import type { CommandIo } from "./io.ts";
import { startProgress, type Progress } from "./progress.ts";
import { openRuntime } from "../node/runtimes.ts";
import { type RuntimeName } from "../app/platform.ts";
import { parseWhole } from "../scores/selection.ts";
import { formatMegabytes } from "../wording/numbers.ts";

/** As the command line gives them. */
export interface StudyCommandOptions {
  readonly out: string;
  readonly parts?: string;
  readonly quick?: boolean;
  readonly offline?: boolean;
  readonly data?: string;
  readonly model?: string;
  readonly photos?: string;
  readonly seed: string;
  readonly runtime: RuntimeName;
  readonly json?: boolean;
  /** Another folder of networks than the package's own, for tests. */
  readonly shipped?: string;
}

/** Makes the study. Throws `LimpidError`; what was finished before stays. */
export async function study(options: StudyCommandOptions, io: CommandIo): Promise<void> {
  const seed = parseWhole(options.seed, "--seed", 0);
  const parts = parseParts(options.parts);
  const { data, model, photos, shipped, quick = false } = options;
  const runtime = await openRuntime(options.runtime);
  try {
    const finder = new Finder({
      offline: options.offline ?? false,
      signal: io.signal,
      places: placesOf(),
      onProgress: downloadProgress(io),
      ...(data === undefined ? {} : { data }),
      ...(shipped === undefined ? {} : { shipped }),
    });
    const plans = await planStudy({
      finder,
      parts,
      quick,
      runtime,
      ...(model === undefined ? {} : { model }),
      ...(photos === undefined ? {} : { photos }),
    });
    sayStandIns(plans, io);
    const progress = startProgress(io, { label: "study", total: effortOf(plans) });
    try {
      const { page, record } = await runStudy(options.out, plans, {
        title: "How a network sees",
        seed,
        quick,
        signal: io.signal,
        report: (done, text) => progress.update(done, text),
      });
      progress.end();
      const seconds = secondsOf(record.parts.flatMap(({ sections }) => sections));
      io.out(
        options.json
          ? `${JSON.stringify({ page, record })}\n`
          : `wrote ${page}, ${formatMeasuredDuration(1000 * seconds)} of work in all. open it in a browser.\n`,
      );
    } finally {
      progress.end();
    }
  } finally {
    await runtime.release();
  }
}

/** A line for each file that is downloaded. */
function downloadProgress(io: CommandIo): NonNullable<LocateOptions["onProgress"]> {
  const lines = new Map<string, Progress>();
  return (done, total, file) => {
    const known = lines.get(file);
    const line =
      known ?? startProgress(io, { label: `fetch ${basename(file)}`, total: total ?? 0 });
    lines.set(file, line);
    line.update(done, formatMegabytes(done));
    if (done === total) line.end();
  };
}

function sayStandIns(plans: readonly PartPlan[], io: CommandIo): void {
  for (const { title, sources } of plans) {
    for (const { what, standsFor } of sources) {
      if (standsFor === undefined) continue;
      io.err(`note: ${title}: ${what}, instead of ${standsFor.what} (${standsFor.why})\n`);
    }
  }
}

function parseParts(text: string | undefined): readonly PartName[] {
  if (text === undefined) return partNames;
  const asked = text.split(",").map((name) => name.trim());
  for (const name of asked) {
    if ((partNames as readonly string[]).includes(name)) continue;
    throw new LimpidError(
      "bad-option",
      `--parts: must be names out of ${partNames.join(", ")}, got "${name}". separate them with commas.`,
    );
  }
  return partNames.filter((name) => asked.includes(name));
}
