/** @file What segmenters and detectors tell of held-out pictures, drawn over them. */
import { contactSheet } from "../../drawing/contact-sheet.ts";
import { meanOverlap } from "../../evaluate/places.ts";
import type { Dataset } from "../../image/dataset.ts";
import { overlapOf } from "../../network/detection/suppression.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import type { Picture } from "../../image/picture.ts";
import { resizePicture } from "../../image/resize.ts";
import { answerKinds, type PictureAnswer } from "../../train/evaluate-answers.ts";
import type { Evaluation, JudgedAnswer } from "../../train/evaluate.ts";
import { formatCount, formatPercent } from "../../wording/numbers.ts";
import type { Platform } from "../platform.ts";
import { renderSheet } from "../render-sheet.ts";

/** Pictures of each of the two halves of the sheet. */
const mostShown = 12;
/** How often a pixel of the picture is drawn, down and across. */
const enlarged = 4;
/** Score from which on a box is drawn. */
const leastScore = 0.5;

/** Colours of classes, red, green and blue, that hold on light and dark; classes beyond take them in turn. */
const classColours = [
  [0, 160, 255],
  [255, 106, 0],
  [0, 214, 130],
  [255, 92, 205],
] as const;
const colourNames = ["blue", "orange", "green", "pink"] as const;

/**
 * Held-out pictures with what the network finds in them, as a PNG sheet: the first ones, and those with the largest
 * loss. Undefined for a classifier's evaluation.
 */
export async function answersSheet(
  platform: Pick<Platform, "typefaces" | "encodePicture">,
  { answers, quality }: Evaluation,
  dataset: Dataset,
): Promise<Uint8Array | undefined> {
  if (!answers || !quality) return undefined;
  const worst = answers.toSorted((a, b) => b.loss - a.loss).slice(0, mostShown);
  const cellsOf = (some: readonly JudgedAnswer[], title: string) =>
    Promise.all(some.map((one) => cellOf(one, dataset, title)));
  const first = await cellsOf(answers.slice(0, mostShown), "as they come");
  const last = await cellsOf(worst, "largest loss");
  const named = dataset.classes.flatMap((name, c) =>
    isShown(dataset, c) ? [`${name} ${colourNames[colourIndex(dataset, c)]!}`] : [],
  );
  const sheet = contactSheet({
    title: `Found in held-out pictures: ${quality.measure} ${formatPercent(quality.value, 1)}`,
    subtitle: `${named.join(", ")}; the first ${first.length} of ${formatCount(answers.length)}, then those with the largest loss`,
    cells: [...first, ...last],
    columns: 6,
    cellWidthPx: 176,
  });
  return renderSheet(platform, sheet);
}

async function cellOf({ index, answer }: JudgedAnswer, dataset: Dataset, title: string) {
  const [channels, heightPx, widthPx] = dataset.dims;
  const { picture } = await dataset.read(index);
  const layout = { channels: channels === 1 ? 1 : 3, heightPx, widthPx } as const;
  const source = pictureOfFloats(picture, layout, "range");
  const drawn = resizePicture(source, enlarged * widthPx, enlarged * heightPx);
  if (answer.kind === "boxes") drawBoxes(drawn, answer, dataset);
  else drawOutlines(drawn, answer.found, dataset);
  return {
    picture: drawn,
    enlarge: "smooth" as const,
    title,
    captions: [captionOf(answer, dataset)],
  };
}

function captionOf(answer: PictureAnswer, { classes }: Dataset): string {
  if (answer.kind === "places") {
    const { confusion } = answerKinds.places.sum([answer], classes.length);
    return `mean IoU ${formatPercent(meanOverlap(confusion).value, 1)}`;
  }
  const sure = answer.found.filter(({ score }) => score >= leastScore);
  const found = answer.objects.filter((object) =>
    sure.some((box) => box.class === object.class && overlapOf(box, object) >= 0.5),
  );
  const more = sure.length - found.length;
  const surplus = more > 0 ? `, ${more} wrong` : "";
  return `${found.length} of ${answer.objects.length} found${surplus}`;
}

/** The class of places that are nothing is not drawn: the first of a segmenter. */
function isShown({ labelForm }: Dataset, c: number): boolean {
  return labelForm?.kind === "boxes" || c > 0;
}

function colourIndex({ labelForm }: Dataset, c: number): number {
  return (labelForm?.kind === "boxes" ? c : c - 1) % classColours.length;
}

function drawBoxes(
  drawn: Picture,
  { found }: Extract<PictureAnswer, { kind: "boxes" }>,
  dataset: Dataset,
): void {
  for (const { class: c, score, left, top, right, bottom } of found) {
    if (score < leastScore) continue;
    const colour = classColours[colourIndex(dataset, c)]!;
    const [x0, y0, x1, y1] = [left, top, right, bottom].map((at) => Math.round(enlarged * at)) as [
      number,
      number,
      number,
      number,
    ];
    for (let x = x0; x < x1; x++) for (const y of [y0, y1 - 1]) dab(drawn, x, y, colour);
    for (let y = y0; y < y1; y++) for (const x of [x0, x1 - 1]) dab(drawn, x, y, colour);
  }
}

/** Lines where the class changes, in the colour of the class that they go around. */
function drawOutlines(drawn: Picture, found: Int32Array, dataset: Dataset): void {
  const [, height, width] = dataset.dims;
  const at = (y: number, x: number) =>
    y < 0 || x < 0 || y >= height || x >= width ? 0 : found[y * width + x]!;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const c = at(y, x);
      if (!isShown(dataset, c)) continue;
      const colour = classColours[colourIndex(dataset, c)]!;
      for (let i = 0; i < enlarged; i++) {
        const [px, py] = [enlarged * x, enlarged * y];
        const end = enlarged - 1;
        if (at(y - 1, x) !== c) dab(drawn, px + i, py, colour);
        if (at(y + 1, x) !== c) dab(drawn, px + i, py + end, colour);
        if (at(y, x - 1) !== c) dab(drawn, px, py + i, colour);
        if (at(y, x + 1) !== c) dab(drawn, px + end, py + i, colour);
      }
    }
  }
}

/** A dot of 3 x 3 pixels. */
function dab(drawn: Picture, x: number, y: number, colour: readonly number[]): void {
  const { widthPx, heightPx, channels, data } = drawn;
  for (let i = 0; i < 9; i++) {
    const [dx, dy] = [(i % 3) - 1, Math.floor(i / 3) - 1];
    const [column, row] = [x + dx, y + dy];
    if (column < 0 || row < 0 || column >= widthPx || row >= heightPx) continue;
    for (let c = 0; c < channels; c++) data[(row * widthPx + column) * channels + c] = colour[c]!;
  }
}
