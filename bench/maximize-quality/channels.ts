/** @file Channels: does each picture excite its channel more than every photo does, also when it is moved? */
import { channel } from "../../src/optvis/objectives.ts";
import type { Preset } from "../../src/optvis/presets.ts";
import type { Runtime } from "../../src/runtime/runtime.ts";
import { drawAll, writeSheet } from "./draw.ts";
import { Judge } from "./judge.ts";
import { moved, plainMoves } from "./moves.ts";
import {
  openNetwork,
  pictureSize,
  readPhotos,
  sidePx,
  type NetworkName,
  type StudiedNetwork,
} from "./networks.ts";

/** What is made and how. */
export interface ChannelStudy {
  readonly label: string;
  readonly preset: Preset;
  readonly seed: number;
  /** The first channels of each layer. */
  readonly count: number;
  /** Some of the layers; all by default. */
  readonly layers?: readonly string[];
}

interface ChannelVerdict {
  readonly channel: number;
  readonly activation: number;
  readonly bestPhoto: number;
  /** Activation after each of `plainMoves`. */
  readonly afterMoves: readonly number[];
}

/** Prints one row a layer: shares of the pictures that beat all photos. */
export async function studyChannels(
  names: readonly NetworkName[],
  runtime: Runtime,
  study: ChannelStudy,
): Promise<void> {
  console.log(
    `| network, layer | pictures | beat every photo | ${plainMoves.map(({ name }) => name).join(" | ")} | median of picture / best photo | s a picture |`,
  );
  const all: ChannelVerdict[] = [];
  for (const name of names) {
    const studied = await openNetwork(name, runtime);
    const photos = await readPhotos(studied.how);
    for (const layer of study.layers ?? studied.layers) {
      const { verdicts, seconds } = await studyLayer(studied, layer, photos, study);
      all.push(...verdicts);
      printRow(`${name} ${layer}`, verdicts, seconds);
    }
  }
  printRow("all", all, Number.NaN);
}

async function studyLayer(
  studied: StudiedNetwork,
  layer: string,
  photos: readonly Float32Array[],
  study: ChannelStudy,
): Promise<{ verdicts: ChannelVerdict[]; seconds: number }> {
  const objectives = Array.from({ length: study.count }, (_, i) => channel(layer, i));
  const how = { preset: study.preset, size: pictureSize, seed: study.seed };
  const { units, seconds } = await drawAll(studied.network, objectives, how);
  const judge = await Judge.of(studied, layer);
  const ofPhotos: Float64Array[] = [];
  for (const photo of photos) ofPhotos.push(await judge.channels(photo));
  const { gain, offset } = studied.network.scaling;
  const grey = gain.map((factor, c) => 0.5 * factor + offset[c]!);
  const verdicts: ChannelVerdict[] = [];
  for (const [index, unit] of units.entries()) {
    const afterMoves: number[] = [];
    for (const move of plainMoves) {
      const input = moved(unit.input, sidePx, grey, move);
      afterMoves.push((await judge.channels(input))[index]!);
    }
    const bestPhoto = Math.max(...ofPhotos.map((values) => values[index]!));
    const activation = (await judge.channels(unit.input))[index]!;
    verdicts.push({ channel: index, activation, bestPhoto, afterMoves });
  }
  await judge.release();
  const cells = units.map((unit, i) => ({
    unit,
    title: String(i),
    captions: [
      `${short(verdicts[i]!.activation)}, moved ${short(Math.min(...verdicts[i]!.afterMoves))}`,
      `best photo ${short(verdicts[i]!.bestPhoto)}`,
    ],
  }));
  const title = `${study.label} ${studied.name} ${layer}`;
  await writeSheet(title, `${study.preset.steps} steps, seed ${study.seed}`, cells, how);
  return { verdicts, seconds: seconds / units.length };
}

function printRow(name: string, verdicts: readonly ChannelVerdict[], seconds: number): void {
  const share = (holds: (verdict: ChannelVerdict) => boolean) =>
    `${((100 * verdicts.filter(holds).length) / verdicts.length).toFixed(1)} %`;
  const ratios = verdicts
    .map(({ activation, bestPhoto }) => activation / bestPhoto)
    .sort((a, b) => a - b);
  const cells = [
    name,
    verdicts.length,
    share(({ activation, bestPhoto }) => activation > bestPhoto),
    ...plainMoves.map((_, i) => share((verdict) => verdict.afterMoves[i]! > verdict.bestPhoto)),
    short(ratios[Math.floor(ratios.length / 2)]!),
    Number.isNaN(seconds) ? "" : seconds.toFixed(1),
  ];
  console.log(`| ${cells.join(" | ")} |`);
  const lost = verdicts.filter(
    (verdict) => Math.min(verdict.activation, ...verdict.afterMoves) <= verdict.bestPhoto,
  );
  if (lost.length > 0 && !Number.isNaN(seconds)) {
    const told = lost.map(
      (verdict) =>
        `${verdict.channel} (${[verdict.activation, ...verdict.afterMoves].map(short).join(", ")}; photo ${short(verdict.bestPhoto)})`,
    );
    console.log(`  below a photo: ${told.join("; ")}`);
  }
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
