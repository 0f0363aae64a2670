/** @file `limpid study`: the whole story of how a network sees, as one report. */
import { Option, type Command } from "commander";
import type { RuntimeName } from "../../app/platform.ts";
import { LimpidError } from "../../errors.ts";
import { partNames, secondsOf, type PartName } from "../../report/record.ts";
import { parseWhole } from "../../scores/selection.ts";
import type { StudyResult } from "../../study/study.ts";
import { formatMeasuredDuration } from "../../wording/durations.ts";
import { runtimeOption } from "../network-options.ts";
import type { CommandIo } from "../io.ts";
import { contextOf } from "../job-context.ts";
import { jsonText, shownText } from "../../wording/shown-text.ts";

/** Adds options and the work to the command. */
export function configureStudy(command: Command, io: CommandIo): void {
  command
    .option("--out <dir>", "the folder of the report", "study")
    .option("--parts <names>", "mnist, cats, vgg, saliency; default: all")
    .option("--quick", "fewer pictures and steps: a look in about a minute")
    .option("--data <dir>", "a folder with your own mnist, cats-dogs, photos or weights")
    .option("--model <file>", "your own network, for the parts that apply to any")
    .option("--photos <dir>", "your own pictures, a folder or a file")
    .option("--seed <n>", "where randomness starts", "0")
    .addOption(runtimeOption)
    .addOption(new Option("--shipped <dir>", "networks in place of those that ship").hideHelp())
    .option("--json", "print the record as one JSON object")
    .addHelpText("after", notes)
    .action((options: StudyOptions) => makeStudy(options, io));
}

/** As the command line gives them. */
interface StudyOptions {
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

async function makeStudy(options: StudyOptions, io: CommandIo): Promise<void> {
  const { parts, seed, quick = false, json = false, ...rest } = options;
  const request = { ...rest, seed: parseWhole(seed, "--seed", 0), parts: parseParts(parts), quick };
  const { runStudy } = await import("../../study/study.ts");
  const context = contextOf(io, options);
  const result = await runStudy(request, context);
  context.print(json ? `${jsonText(result)}\n` : lineOf(result));
}

function lineOf({ page, record }: StudyResult): string {
  const seconds = secondsOf(record.parts.flatMap(({ sections }) => sections));
  return `wrote ${shownText(page)}, ${formatMeasuredDuration(1000 * seconds)} of work in all. open it in a browser.\n`;
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

const notes = `
Parts:
  mnist     ten digits: accuracy, what each unit wants to see, how regularisation changes it
  cats      a network for cats and dogs: its filters, both sides of its answer, a picture on its way
  vgg       up to 64 filters of several layers, made in two ways, and what changes with depth
  saliency  where a network looks, by several methods, measured

What cannot be had is replaced by what ships or is drawn, and the report says so. LIMPID_MIRROR names a folder
with real data and weights. The report is index.html; pictures, floats and study.json lie beside it. Stopped with
Ctrl-C, the same command goes on with the sections that are not finished.

Examples:
  $ limpid study
  $ limpid study --quick --parts mnist,saliency --out look
  $ limpid study --model model.onnx --photos photos/ --out mine
`;
