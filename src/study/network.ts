/** @file A network of the study, with how its input is prepared and what its classes are called. */
import { probabilityOf, targetOf } from "../scores/targets.ts";
import { tensor, toNumbers, type Tensor } from "../graph/tensor.ts";
import { pictureOfFloats, type FloatDisplay } from "../image/float-picture.ts";
import type { Picture } from "../image/picture.ts";
import type { Preprocessing } from "../image/preprocess.ts";
import type { Model } from "../network/model.ts";
import type { PictureSize } from "../optvis/parameterizations.ts";
import type { Source } from "../report/record.ts";

export interface StudyNetwork {
  readonly model: Model;
  readonly how: Preprocessing;
  readonly labels: readonly string[];
  readonly source: Source;
}

/** What a network makes of one picture. */
export interface Reading {
  readonly target: number;
  readonly probability: number;
  readonly logits: readonly number[];
}

/** Pictures that go through a network together. */
const batch = 32;

/**
 * What the network makes of inputs [C, H, W] in its own range; of a network of one unit, class 1 is the side of
 * logits from 0 up.
 */
export async function readInputs(
  model: Model,
  inputs: readonly Float32Array[],
): Promise<readonly Reading[]> {
  const [, ...inner] = model.inputDims();
  const rows = model.fixedBatch ?? Math.min(batch, inputs.length);
  const graph = await model.at([rows, ...inner]);
  const session = await model.runtime.open(graph);
  const readings: Reading[] = [];
  try {
    for (let first = 0; first < inputs.length; first += rows) {
      const chosen = inputs.slice(first, first + rows);
      const fed = stacked(chosen, [rows, ...inner]);
      const values = toNumbers((await session.run({ [model.input.name]: fed }))[model.explained]!);
      const units = values.length / rows;
      for (const row of chosen.keys()) {
        const logits = Array.from(values.slice(row * units, (row + 1) * units));
        readings.push(readingOf(model, logits));
      }
    }
  } finally {
    await session.release();
  }
  return readings;
}

function readingOf(model: Model, logits: readonly number[]): Reading {
  const target = targetOf(-1, logits);
  return { target, probability: probabilityOf(logits, target, model.head.activation), logits };
}

/** Inputs of one shape as one tensor; rows that are missing are 0. */
export function stacked(inputs: readonly Float32Array[], dims: readonly number[]): Tensor {
  const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
  for (const [i, input] of inputs.entries()) data.set(input, i * input.length);
  return tensor("float32", dims, data);
}

/** Space between the pictures of a grid, which is left transparent. */
const gapPx = 3;

/** Pictures of one size side by side, row by row, on a transparent ground. */
export function gridOf(pictures: readonly Picture[], columns: number): Picture {
  const { widthPx: cellWidth, heightPx: cellHeight } = pictures[0]!;
  const rows = Math.ceil(pictures.length / columns);
  const widthPx = columns * (cellWidth + gapPx) - gapPx;
  const heightPx = rows * (cellHeight + gapPx) - gapPx;
  const data = new Uint8Array(4 * widthPx * heightPx);
  for (const [i, cell] of pictures.entries()) {
    const left = (i % columns) * (cellWidth + gapPx);
    const top = Math.floor(i / columns) * (cellHeight + gapPx);
    for (let y = 0; y < cellHeight; y++) {
      for (let x = 0; x < cellWidth; x++) {
        const to = 4 * ((top + y) * widthPx + left + x);
        const from = cell.channels * (y * cellWidth + x);
        for (let c = 0; c < 3; c++) data[to + c] = cell.data[from + (cell.channels === 1 ? 0 : c)]!;
        data[to + 3] = 255;
      }
    }
  }
  return { widthPx, heightPx, channels: 4, data };
}

/** Float pictures [C, H, W] as people see them. */
export function shown(
  floats: readonly Float32Array[],
  size: PictureSize,
  display: FloatDisplay,
): readonly Picture[] {
  return floats.map((data) => pictureOfFloats(data, size, display));
}

/** Pictures as one tensor [N, C, H, W]. */
export function floatsOf(pictures: readonly Float32Array[], size: PictureSize): Tensor {
  const dims = [pictures.length, size.channels, size.heightPx, size.widthPx];
  const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1));
  for (const [i, picture] of pictures.entries()) data.set(picture, i * picture.length);
  return tensor("float32", dims, data);
}
