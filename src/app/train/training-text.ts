/** @file What `limpid train` prints: how a run begins, its epochs, what it ended in, and what was left out. */
import type { TrainingStart } from "./request.ts";
import { trainingTasks, type TrainingTask } from "./tasks.ts";
import type { TrainedNetwork } from "./train.ts";
import { largest } from "../../statistics.ts";
import { architectures } from "../../train/architectures/index.ts";
import type { SkippedExample } from "../../train/data/batch-source.ts";
import type { EpochRecord } from "../../train/state.ts";
import { formatPercent } from "../../wording/numbers.ts";
import { textLines } from "../../wording/shown-text.ts";

/** One line a task for help. */
export function taskLines(): string {
  return Object.entries<TrainingTask>(trainingTasks)
    .map(([name, task]) => {
      const size = task.dims.slice(1).join(" x ");
      return `  ${name.padEnd(10)} ${task.arch}, ${size} px, ${task.epochs} epochs of batches of ${task.batch}, ${task.optimizer} at ${task.lr} (${task.schedule}), augmentation ${task.augment}`;
    })
    .join("\n");
}

/** One line a ready network for help. */
export function networkLines(): string {
  const width = largest(Object.keys(architectures).map((name) => name.length));
  return Object.entries(architectures)
    .map(([name, { description }]) => `  ${name.padEnd(width)}  ${description}`)
    .join("\n");
}

/** What a run learns from, and with. */
export function startLine({ data, pictures, classes, network, parameters }: TrainingStart): string {
  const what = `${data}: ${pictures.training} pictures of ${classes} classes to learn from, ${pictures.heldOut} held out`;
  return textLines([`${what}; ${network}, ${parameters} parameters`]);
}

/** What became of an epoch. */
export function epochLine({ epoch, training, heldOut, seconds }: EpochRecord): string {
  const quality = heldOut.quality === undefined ? "" : `, quality ${heldOut.quality.toFixed(4)}`;
  return `epoch ${epoch}: loss ${training.loss.toFixed(4)}, accuracy ${percent(training.accuracy)}; held out ${heldOut.loss.toFixed(4)}, ${percent(heldOut.accuracy)}${quality}; ${seconds.toFixed(1)} s\n`;
}

/** How the best network does, and the files that were written. */
export function resultLines({ evaluation, bestEpoch, summary, files }: TrainedNetwork): string {
  const { accuracy, interval, examples, loss, quality } = evaluation;
  if (quality) {
    const shown = quality.classes.map((value) => (value === null ? "none" : percent(value)));
    const counted = quality.measure === "mean IoU" ? "places" : "objects";
    return `held-out ${quality.measure} ${percent(quality.value)} (of the classes ${shown.join(", ")}; ${examples} pictures), class of ${percent(accuracy)} of the ${counted} found, loss ${loss.toFixed(4)}, after epoch ${bestEpoch} of ${summary.epochs}\n${textLines(files.map((path) => `wrote ${path}`))}`;
  }
  const range = interval.map(percent).join(" to ");
  const written = textLines(files.map((path) => `wrote ${path}`));
  return `held-out accuracy ${percent(accuracy)} (95 % interval ${range}, ${examples} pictures), loss ${loss.toFixed(4)}, after epoch ${bestEpoch} of ${summary.epochs}\n${written}`;
}

/** The pictures that were left out, the first ten by name; nothing if there are none. */
export function skippedLines(skipped: readonly SkippedExample[]): string {
  if (skipped.length === 0) return "";
  const named = skipped.slice(0, 10).map(({ title, message }) => `  ${title}: ${message}`);
  const more = skipped.length > 10 ? [`  and ${skipped.length - 10} more`] : [];
  const note = `note: ${skipped.length} pictures could not be read and were left out`;
  return textLines([note, ...named, ...more]);
}

function percent(share: number): string {
  return formatPercent(share, 2);
}
