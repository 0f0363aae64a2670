/** @file Classes: is each picture taken for its class, also when it is moved, and by another network? */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MaximizedUnit } from "../../src/optvis/maximize.ts";
import type { Preset } from "../../src/optvis/presets.ts";
import { scalePictures } from "../../src/image/affine.ts";
import { activationOf, objectiveOf } from "../../src/optvis/unit-objective.ts";
import type { Runtime } from "../../src/runtime/runtime.ts";
import { drawAll, writeSheet } from "./draw.ts";
import { Judge, probability, rank } from "./judge.ts";
import { drawnMoves, moved } from "./moves.ts";
import { mirrorFolder, openNetwork, pictureSize, sidePx, type StudiedNetwork } from "./networks.ts";

/** Twenty classes of ImageNet from all over: animals, vehicles, things, food, places. */
export const twentyClasses: readonly number[] = [
  1, 20, 76, 94, 130, 207, 277, 292, 340, 388, 404, 417, 430, 531, 555, 605, 817, 933, 949, 980,
];

export interface ClassStudy {
  readonly label: string;
  readonly preset: Preset;
  readonly seed: number;
  readonly classes: readonly number[];
}

interface ClassVerdict {
  readonly class: number;
  readonly probability: number;
  /** Mean probability over the drawn moves. */
  readonly movedProbability: number;
  /** Place of the class in the other network's logits, 0 is best. */
  readonly rankElsewhere: number;
}

/** Draws class logits of GoogLeNet, asks it and MobileNetV2, and prints a row of the table. */
export async function studyClasses(runtime: Runtime, study: ClassStudy): Promise<void> {
  const googlenet = await openNetwork("googlenet", runtime);
  const mobilenet = await openNetwork("mobilenetv2", runtime);
  const chosen = study.classes;
  const layer = googlenet.model.logits;
  const goal = {
    negative: false,
    oneUnit: false,
    classScore: study.preset.classScore ?? "logit",
  } as const;
  const wanted = chosen.map((index) => ({ layer, channel: index, class: index }));
  const objectives = wanted.map((unit) => objectiveOf(unit, goal));
  const logits = wanted.map((unit) => activationOf(unit, false));
  const how = { preset: study.preset, size: pictureSize, seed: study.seed };
  const { units, seconds } = await drawAll(googlenet.network, objectives, how, logits);
  const verdicts = await judgeAll(googlenet, mobilenet, chosen, units);
  const names = classNames();
  const cells = units.map((unit, i) => {
    const verdict = verdicts[i]!;
    return {
      unit,
      title: `${verdict.class} ${names[verdict.class]!}`,
      captions: [
        `p ${verdict.probability.toFixed(4)}, moved ${verdict.movedProbability.toFixed(3)}`,
        `MobileNetV2: place ${verdict.rankElsewhere + 1}`,
      ],
    };
  });
  await writeSheet(
    `${study.label} classes`,
    `${study.preset.steps} steps, seed ${study.seed}`,
    cells,
    how,
  );
  printRow(study.label, verdicts, seconds / units.length);
}

async function judgeAll(
  googlenet: StudiedNetwork,
  mobilenet: StudiedNetwork,
  chosen: readonly number[],
  units: readonly MaximizedUnit[],
): Promise<ClassVerdict[]> {
  const own = await Judge.of(googlenet, googlenet.model.logits);
  const other = await Judge.of(mobilenet, mobilenet.model.logits);
  const { gain, offset } = googlenet.network.scaling;
  const grey = gain.map((factor, c) => 0.5 * factor + offset[c]!);
  const verdicts: ClassVerdict[] = [];
  for (const [i, unit] of units.entries()) {
    const index = chosen[i]!;
    const moves = drawnMoves(20);
    let total = 0;
    for (const move of moves) {
      total += probability(await own.channels(moved(unit.input, sidePx, grey, move)), index);
    }
    // What a person would hand on: a picture in 0..1.
    const shown = unit.picture.map((x) => Math.min(Math.max(x, 0), 1));
    const elsewhere = scalePictures(shown, sidePx * sidePx, mobilenet.network.scaling);
    verdicts.push({
      class: index,
      probability: probability(await own.channels(unit.input), index),
      movedProbability: total / moves.length,
      rankElsewhere: rank(await other.channels(elsewhere), index),
    });
  }
  await own.release();
  await other.release();
  return verdicts;
}

function printRow(label: string, verdicts: readonly ClassVerdict[], seconds: number): void {
  const count = (holds: (verdict: ClassVerdict) => boolean) =>
    `${verdicts.filter(holds).length} of ${verdicts.length}`;
  const mean =
    verdicts.reduce((total, { movedProbability }) => total + movedProbability, 0) / verdicts.length;
  console.log(
    "| preset | p > 0.99 | lowest p | mean p, moved | p > 0.9 moved | MobileNetV2 top 1 | top 5 | s a picture |",
  );
  const cells = [
    label,
    count(({ probability: p }) => p > 0.99),
    Math.min(...verdicts.map(({ probability: p }) => p)).toFixed(4),
    mean.toFixed(3),
    count(({ movedProbability }) => movedProbability > 0.9),
    count(({ rankElsewhere }) => rankElsewhere === 0),
    count(({ rankElsewhere }) => rankElsewhere < 5),
    seconds.toFixed(1),
  ];
  console.log(`| ${cells.join(" | ")} |`);
  const weak = verdicts.filter(
    (verdict) => verdict.probability <= 0.99 || verdict.movedProbability <= 0.9,
  );
  if (weak.length === 0) return;
  const told = weak.map(
    (verdict) =>
      `${verdict.class} (${verdict.probability.toFixed(4)}, ${verdict.movedProbability.toFixed(3)})`,
  );
  console.log(`  weak: ${told.join("; ")}`);
}

function classNames(): readonly string[] {
  const text = readFileSync(join(mirrorFolder(), "weights/imagenet_class_index.json"), "utf8");
  const index = JSON.parse(text) as Readonly<Record<string, readonly [string, string]>>;
  return Object.values(index).map(([, name]) => name.replaceAll("_", " "));
}
