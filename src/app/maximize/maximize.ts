/** @file The work of `limpid maximize`: plan, climb batch by batch, write as it goes, say. */
import { join } from "node:path";
import { LimpidError, throwIfAborted } from "../../errors.ts";
import { MaximizeFolder, type UnitResult } from "./folder.ts";
import { drawMaximizeSheet } from "./sheet.ts";
import { climbUnits } from "./batches.ts";
import { planFromOptions, planFromRecipe, type MaximizePlan } from "./plan.ts";
import type { CommandIo } from "../../cli/io.ts";
import { startProgress } from "../../cli/progress.ts";
import type { RuntimeName } from "../platform.ts";

/** As the command line gives them. */
export interface MaximizeCommandOptions {
  readonly offline?: boolean;
  readonly layer?: readonly string[];
  readonly layers?: string;
  readonly channel?: string;
  readonly neuron?: string;
  readonly class?: string;
  readonly preset: string;
  readonly size?: string;
  readonly steps?: string;
  readonly seed: string;
  readonly negative?: boolean;
  readonly diversity?: string;
  readonly preprocess?: string;
  readonly labels?: string;
  readonly runtime: RuntimeName;
  readonly out?: string;
  readonly animate?: boolean;
  readonly recipe?: string;
  readonly json?: boolean;
}

/** Makes the pictures that excite units most. Throws `LimpidError`; what was finished before stays. */
export async function maximizeUnits(
  modelPath: string | undefined,
  options: MaximizeCommandOptions,
  io: CommandIo,
): Promise<void> {
  const plan =
    options.recipe === undefined
      ? await planFromOptions(modelPath, options, io)
      : await planFromRecipe(modelPath, options.recipe, options, io);
  try {
    for (const note of plan.notes) io.err(`note: ${note}\n`);
    const folder = await MaximizeFolder.open(plan.folder, plan.recipe);
    await climbAll(plan, folder, io);
    const sheets = await writeSheets(plan, folder, io);
    say(plan, folder, sheets, options, io);
  } finally {
    await plan.model.runtime.release();
  }
}

async function climbAll(plan: MaximizePlan, folder: MaximizeFolder, io: CommandIo): Promise<void> {
  const { units, settings } = plan.recipe;
  const before = folder.results.length;
  if (before > 0) io.err(`note: ${before} of ${units.length} units are done already\n`);
  const steps = units.length * settings.steps;
  const from = before * settings.steps;
  const progress = startProgress(io, { label: "maximize", total: steps, from });
  try {
    await climbUnits(plan, folder, io.signal, (done, text) => progress.update(from + done, text));
  } catch (cause) {
    if (!(cause instanceof LimpidError) || cause.code !== "aborted") throw cause;
    throw new LimpidError(
      "aborted",
      `maximize: stopped, ${folder.results.length} of ${units.length} units are in "${folder.path}". the same command goes on with the rest.`,
      { cause },
    );
  } finally {
    progress.end();
  }
}

/** One sheet a layer; returns their paths. */
async function writeSheets(
  plan: MaximizePlan,
  folder: MaximizeFolder,
  io: CommandIo,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const layer of new Set(plan.recipe.units.map((unit) => unit.layer))) {
    throwIfAborted(io.signal, "maximize");
    paths.push(await drawMaximizeSheet(folder, layer, plan.labels));
  }
  return paths;
}

function say(
  plan: MaximizePlan,
  folder: MaximizeFolder,
  sheets: readonly string[],
  options: MaximizeCommandOptions,
  io: CommandIo,
): void {
  if (options.json) {
    const units = folder.results.map((result) => ({
      ...result,
      ...(result.class === undefined ? {} : { label: plan.labels?.[result.class] ?? null }),
      picture: join(folder.path, result.picture),
      tensor: join(folder.path, result.tensor),
      ...(result.animation === undefined ? {} : { animation: join(folder.path, result.animation) }),
    }));
    io.out(`${JSON.stringify({ units })}\n`);
    return;
  }
  const lines = folder.results.map((result) => describe(result, plan.labels));
  const written = [...sheets, join(folder.path, "recipe.json")].map((path) => `wrote ${path}\n`);
  io.out(`${lines.join("")}${written.join("")}`);
}

function describe(result: UnitResult, labels: readonly string[] | undefined): string {
  const label = result.class === undefined ? undefined : labels?.[result.class];
  const unit =
    result.class === undefined
      ? `${result.layer}, channel ${result.channel}`
      : `class ${result.class}${label === undefined ? "" : ` (${label})`}`;
  const place = result.place ? ` at row ${result.place[0]}, column ${result.place[1]}` : "";
  return `${unit}${place}: activation ${result.activation.toPrecision(4)}, ${result.start.toPrecision(4)} at the start\n`;
}
