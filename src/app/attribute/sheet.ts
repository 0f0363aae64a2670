/** @file The sheet of what attribution methods found, as a picture file. */
import { attributionMethod } from "../../attribution/registry.ts";
import { describeMap, describeMapBy } from "../../attribution/diagnosis/describe-map.ts";
import { placesOf } from "../../attribution/diagnosis/place-map.ts";
import type { Heatmap } from "../../attribution/heatmap.ts";
import type { Tensor } from "../../graph/tensor.ts";
import {
  comparisonSheet,
  type ComparedMap,
  type FailedMap,
} from "../../drawing/comparison-sheet.ts";
import { heatmapSheet, type HeatmapEntry } from "../../drawing/heatmap-sheet.ts";
import { pictureOfFloats } from "../../image/float-picture.ts";
import { bandsOfRow, hasBands, withBandSums } from "./band-sheet.ts";
import { inputsSheet } from "./inputs-sheet.ts";
import type { PictureAxes } from "./shown-options.ts";
import type { AxisRange } from "../../drawing/axis.ts";
import { spectrogramSheet } from "../../drawing/spectrogram-sheet.ts";
import type { Mask } from "../../image/mask.ts";
import { plane, type Picture, type Plane } from "../../image/picture.ts";
import { formatNumber, withUnit } from "../../wording/numbers.ts";
import { wordsOf } from "../../wording/face.ts";
import type { SheetLayout } from "../../drawing/sheet.ts";
import type { PictureFormat, Platform } from "../platform.ts";
import { renderSheet } from "../render-sheet.ts";
import {
  isOfPixels,
  type AttributionFigure,
  type AttributionSection,
  type ComparedResult,
} from "./figure.ts";

/** The figure as a picture file, PNG by default. Throws as `renderSheet`. */
export function drawAttribution(
  platform: Pick<Platform, "typefaces" | "encodePicture">,
  figure: AttributionFigure,
  format?: PictureFormat,
): Promise<Uint8Array> {
  return renderSheet(platform, attributionSheet(figure), format);
}

/** The figure as a sheet: pictures by themselves, inputs of other kinds and several of them as theirs show them. */
export function attributionSheet(figure: AttributionFigure): SheetLayout {
  const { parts = [] } = figure;
  const isPicture = parts.length < 2 && parts.every(({ kind }) => kind === "picture");
  return isPicture ? pictureSheet(figure) : inputsSheet(figure, parts, pictureSheet);
}

function pictureSheet(figure: AttributionFigure): SheetLayout {
  const { axes } = figure.shown ?? {};
  if (axes && figure.seen === undefined) return axedSheet(figure, axes);
  const layout = mapSheet(figure);
  return hasBands(figure) ? withBandSums(layout, figure) : layout;
}

/** A row a section if there is one map in each, else all maps side by side. */
function mapSheet(figure: AttributionFigure): SheetLayout {
  const entries = figure.sections.map((section) => entryOf(section, figure));
  const isSingle = entries.every((entry) => entry !== undefined);
  return isSingle ? singleSheet(entries, figure) : comparedSheet(figure);
}

function singleSheet(entries: readonly HeatmapEntry[], figure: AttributionFigure): SheetLayout {
  const [first] = figure.sections[0]!.results;
  const { map } = first as { map: Heatmap };
  const ofLayer = fusedText(map) ?? `layer ${map.layer}`;
  const ofPixels = map.dims.length === 2 ? "" : ", of its channels the number farthest from 0";
  const where = isOfPixels(map, figure) ? `input "${map.layer}"${ofPixels}` : ofLayer;
  const { title, description } = attributionMethod(first!.method).info;
  return heatmapSheet({ title, subtitle: `${description}  ·  ${where}`, entries });
}

function entryOf(section: AttributionSection, figure: AttributionFigure): HeatmapEntry | undefined {
  const [result, ...others] = section.results;
  if (!result || others.length > 0 || !("map" in result)) return undefined;
  const { map } = result;
  return {
    photo: photoOf(figure, section.row),
    ...(figure.cut ? { cut: figure.cut } : {}),
    ...(section.boxes ? { boxes: section.boxes } : {}),
    ...(section.meant ? { meant: section.meant } : {}),
    ...referenceOf(section),
    map: planeOf(map),
    ...(map.centres ? { centres: map.centres } : {}),
    title: attributionMethod(result.method).info.title,
    signed: signedMethods(figure).has(result.method),
    unit: map.unit,
    heading: section.heading,
    note: section.note,
    warnings: map.warnings.map(({ message }) => wordsOf(message, figure.words)),
  };
}

function comparedSheet(figure: AttributionFigure): SheetLayout {
  const results = figure.sections[0]?.results ?? [];
  const methods = new Set(results.map(({ method }) => method)).size;
  const signed = signedMethods(figure);
  const sections = figure.sections.map(
    ({ row, heading, note, meant, results: compared, boxes, ...section }) => ({
      photo: photoOf(figure, row),
      ...(figure.cut ? { cut: figure.cut } : {}),
      ...(boxes ? { boxes } : {}),
      ...(meant ? { meant } : {}),
      ...referenceOf(section),
      heading,
      note,
      maps: compared.map((result) => comparedMap(result, figure, signed, meant)),
    }),
  );
  const subtitle = `${figure.modelName}  ·  ${methods === 1 ? "one method" : `${methods} methods`}`;
  return comparisonSheet({ title: figure.title, subtitle, sections });
}

/** The reference of a section; tensors are shown as pictures of their numbers. */
function referenceOf({
  compared,
}: Pick<AttributionSection, "compared">): Pick<HeatmapEntry, "reference"> {
  if (!compared) return {};
  const { seen, pictures, ...told } = compared;
  const shown = seen.length > 0 ? seen : pictures.map((picture) => inputPicture(picture, 0));
  return { reference: { ...told, pictures: shown } };
}

/** Methods with a negative number in any map: all their maps have one kind of scale. */
function signedMethods({ sections }: AttributionFigure): ReadonlySet<string> {
  const results = sections.flatMap((section) => section.results);
  const isSigned = (result: ComparedResult) =>
    "map" in result && result.map.data.some((value) => value < 0);
  return new Set(results.filter(isSigned).map(({ method }) => method));
}

function comparedMap(
  result: ComparedResult,
  figure: AttributionFigure,
  signed: ReadonlySet<string>,
  meant: Mask | undefined,
): ComparedMap | FailedMap {
  const { title } = attributionMethod(result.method).info;
  if ("failure" in result)
    return { title, layer: result.layer, failure: wordsOf(result.failure, figure.words) };
  const { map } = result;
  return {
    title,
    layer: map.layers
      ? `${map.layers.length} layers, fused`
      : isOfPixels(map, figure)
        ? undefined
        : map.layer,
    ...(result.role === undefined ? {} : { role: result.role }),
    map: planeOf(map),
    ...(map.centres ? { centres: map.centres } : {}),
    isOver: map.dims.length === 2,
    signed: signed.has(result.method),
    unit: map.unit,
    text: [describeMap(map, meant).text, fusedText(map)]
      .filter((text) => text !== undefined)
      .join("; "),
    warnings: map.warnings.map(({ message }) => wordsOf(message, figure.words)),
  };
}

/** The layers that a map is fused of. */
function fusedText({ layers }: Heatmap): string | undefined {
  return layers && `fused of layers ${layers.join(", ")}`;
}

function photoOf(figure: AttributionFigure, row: number): Picture {
  const { seen, input, shown } = figure;
  if (seen) return seen;
  return hasBands(figure) || shown?.bands ? bandsOfRow(figure, row) : inputPicture(input, row);
}

/** A spectrogram, whose rows and columns count something. */
function axedSheet(figure: AttributionFigure, axes: PictureAxes): SheetLayout {
  const signed = signedMethods(figure);
  return spectrogramSheet({
    title: figure.title,
    subtitle: figure.modelName,
    ...axes,
    sections: figure.sections.map(({ row, heading, note, results }) => ({
      photo: photoOf(figure, row),
      heading,
      note,
      maps: results.map((result) => {
        const compared = comparedMap(result, figure, signed, undefined);
        if ("failure" in compared) return compared;
        const { layer, map } = compared;
        const where = `${layer === undefined ? "of pixels" : `on ${layer}`}, ${map.widthPx} × ${map.heightPx}`;
        const { text } = describeMapBy((result as { map: Heatmap }).map, ({ x, y }) => {
          return `${countedAt(axes.rows, y)} and ${countedAt(axes.columns, x)}`;
        });
        return { ...compared, where, text };
      }),
    })),
  });
}

function countedAt({ name, from, to }: AxisRange, share: number): string {
  return withUnit(formatNumber(from + share * (to - from)), name);
}

/** A map as one plane; of the channels of pixel maps the number that is farthest from 0. */
function planeOf(map: Heatmap): Plane {
  const { height, width, data } = placesOf(map);
  return plane(width, height, data);
}

/** A fed tensor as a picture, stretched from its smallest to its largest number; grey unless it has three channels. */
function inputPicture(input: Tensor, row: number): Picture {
  const [, channels, heightPx, widthPx] = input.dims as [number, number, number, number];
  const places = heightPx * widthPx;
  const start = row * channels * places;
  const shown = channels === 3 ? 3 : 1;
  const values = (input.data as Float32Array).subarray(start, start + shown * places);
  return pictureOfFloats(values, { channels: shown, heightPx, widthPx }, "stretched");
}
