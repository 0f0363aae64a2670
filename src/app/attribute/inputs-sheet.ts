/** @file The sheet of inputs that are no photos: each by its kind, several below each other. */
import { attributionMethod } from "../../attribution/registry.ts";
import { describeMap } from "../../attribution/diagnosis/describe-map.ts";
import type { Heatmap } from "../../attribution/heatmap.ts";
import { barList, barListHeight } from "../../drawing/bar-list.ts";
import type { SheetLayout, SheetRow } from "../../drawing/sheet.ts";
import { signalSheet, type SignalMap } from "../../drawing/signal-sheet.ts";
import { volumeSheet, type VolumeMap } from "../../drawing/volume-sheet.ts";
import type { InputPart } from "../../graph/input-parts.ts";
import { plane, type Plane } from "../../image/picture.ts";
import { placedPlane, placedVolume } from "../../image/placed-plane.ts";
import { stretchOf } from "../../image/stretch.ts";
import { farthestOfChannels, type Volume } from "../../image/volume.ts";
import { wordsOf } from "../../wording/face.ts";
import { formatNumber } from "../../wording/numbers.ts";
import {
  isOfPixels,
  type AttributionFigure,
  type AttributionSection,
  type ComparedResult,
} from "./figure.ts";
import { partNumbers, type PartNumbers } from "./part-numbers.ts";

/** A figure whose sections have results of one input alone. */
interface PartFigure {
  readonly figure: AttributionFigure;
  readonly part: InputPart;
  /** Methods whose maps have one kind of scale, since one of them has negative numbers. */
  readonly signed: ReadonlySet<string>;
  readonly title: string;
  readonly subtitle: string;
}

type DrawPart = (figure: PartFigure) => SheetLayout;

/** THE table of sheets by the kind of input; pictures have their own. */
const sheets: Readonly<Record<Exclude<InputPart["kind"], "picture">, DrawPart>> = {
  signal: signalLayout,
  volume: volumeLayout,
  flat: numbersLayout,
  numbers: numbersLayout,
};

/** The sheet of a figure of one input of another kind, or of several: a part below the other, each by its name. */
export function inputsSheet(
  figure: AttributionFigure,
  parts: readonly InputPart[],
  pictureSheet: (figure: AttributionFigure) => SheetLayout,
): SheetLayout {
  const layouts = parts.flatMap((part) => {
    const own = parts.length > 1 ? ofPart(figure, part) : figure;
    if (own.sections.every(({ results }) => results.length === 0)) return [];
    return [part.kind === "picture" ? pictureSheet(own) : sheets[part.kind](partFigure(own, part))];
  });
  const [first] = layouts;
  if (first && layouts.length === 1) return first;
  const names = parts.map(({ name }) => `"${name}"`).join(", ");
  const footers = layouts.map(({ footer }) => footer).filter((footer) => footer !== undefined);
  return {
    title: figure.title,
    subtitle: `${figure.modelName}  ·  inputs ${names}`,
    rows: layouts.flatMap((layout, i) => withHeading(layout, parts[i]!)),
    cellWidthPx: first?.cellWidthPx ?? 1,
    cellHeightPx: first?.cellHeightPx ?? 1,
    gapPx: 22,
    footer: [...new Set(footers)].join(" "),
  };
}

/** The rows of a sheet below the name of its input, in cells of their own size. */
function withHeading(
  { rows, cellWidthPx, cellHeightPx }: SheetLayout,
  part: InputPart,
): readonly SheetRow[] {
  const size = { cellWidthPx, cellHeightPx };
  const shape = part.dims.map(String).join(" × ");
  const title: SheetRow = {
    isApart: true,
    heading: `input "${part.name}"`,
    note: shape,
    cells: [],
    size,
  };
  return [title, ...rows.map((row) => ({ ...row, isApart: false, size: row.size ?? size }))];
}

/** What of a figure is of one input; failures are told with the first of them. */
function ofPart(figure: AttributionFigure, part: InputPart): AttributionFigure {
  const isFirst = figure.parts?.[0] === part;
  const isOwn = (result: ComparedResult) =>
    "map" in result ? result.map.part === part.name : isFirst;
  const numbers = partNumbers(part, figure.input, 0);
  const isPicture = part.kind === "picture";
  const { seen: _, cut: _1, ...rest } = figure;
  return {
    ...rest,
    seen: undefined,
    parts: [part],
    input: isPicture ? pictureTensor(figure, part, numbers) : figure.input,
    sections: figure.sections.map((section) => ({
      ...section,
      results: section.results.filter(isOwn),
    })),
  };
}

/** All rows of a picture's own channels. */
function pictureTensor(
  { input }: AttributionFigure,
  part: InputPart,
  { channels, sides }: PartNumbers,
) {
  const rows = input.dims[0]!;
  const size = channels * sides.reduce((product, side) => product * side, 1);
  const data = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) data.set(partNumbers(part, input, row).data, row * size);
  return { type: "float32", dims: [rows, channels, ...sides], data } as const;
}

function partFigure(figure: AttributionFigure, part: InputPart): PartFigure {
  const results = figure.sections.flatMap((section) => section.results);
  const isSigned = (result: ComparedResult) =>
    "map" in result && result.map.data.some((value) => value < 0);
  const methods = new Set(results.map(({ method }) => method)).size;
  const input = `${part.kind === "signal" || part.kind === "volume" ? part.kind : "input"} "${part.name}"`;
  return {
    figure,
    part,
    signed: new Set(results.filter(isSigned).map(({ method }) => method)),
    title: figure.title,
    subtitle: `${figure.modelName}  ·  ${input}  ·  ${methods === 1 ? "one method" : `${methods} methods`}`,
  };
}

/** What figures of all kinds say of a map. */
function saidOf(
  { method, map }: { readonly method: string; readonly map: Heatmap },
  { figure, signed }: PartFigure,
) {
  return {
    title: attributionMethod(method).info.title,
    signed: signed.has(method),
    unit: map.unit,
    text: describeMap(map).text,
    warnings: map.warnings.map(({ message }) => wordsOf(message, figure.words)),
  };
}

function failedOf(result: ComparedResult, { figure }: PartFigure) {
  const { title } = attributionMethod(result.method).info;
  const failure = "failure" in result ? wordsOf(result.failure, figure.words) : "";
  return { title, failure };
}

/** What a map lies on: the input's own places, or a layer and how many places it has. */
function whereOf(map: Heatmap, { figure }: PartFigure, own: string): string {
  if (isOfPixels(map, figure)) return own;
  return `on ${map.layer}, ${map.dims.join(" × ")} ${map.dims.length === 1 && map.dims[0] === 1 ? "place" : "places"}`;
}

function signalLayout(all: PartFigure): SheetLayout {
  const { figure, part, title, subtitle } = all;
  const { channels, sides } = partNumbers(part, figure.input, 0);
  const [samples = 1] = sides;
  const { rateHz } = figure.shown ?? {};
  return signalSheet({
    title,
    subtitle,
    axis:
      rateHz === undefined
        ? { name: "sample", from: 0, to: samples, isCounted: true }
        : { name: "seconds", from: 0, to: samples / rateHz },
    names: Array.from({ length: channels }, (_, i) => (channels === 1 ? "signal" : `channel ${i}`)),
    sections: figure.sections.map((section) => ({
      signal: plane(samples, channels, partNumbers(part, figure.input, section.row).data),
      heading: section.heading,
      note: section.note,
      maps: section.results.map((result) => {
        if (!("map" in result)) return failedOf(result, all);
        const { map } = result;
        return {
          ...saidOf(result, all),
          where: whereOf(map, all, "of samples"),
          map: rowsOf(map, samples),
        } satisfies SignalMap;
      }),
    })),
  });
}

/** A map of samples as one row a channel; one of places as one row, in its places on the signal. */
function rowsOf({ dims, data, centres }: Heatmap, samples: number): Plane {
  const [channels, length] = dims.length === 2 ? [dims[0]!, dims[1]!] : [1, dims[0]!];
  const rows = plane(length, channels, data);
  return centres && channels === 1
    ? placedPlane(rows, { x: centres.x, y: [0.5] }, samples, 1)
    : rows;
}

function volumeLayout(all: PartFigure): SheetLayout {
  const { figure, part, title, subtitle } = all;
  const { place } = figure;
  const sections = figure.sections.map((section: AttributionSection) => {
    const { sides, data } = partNumbers(part, figure.input, section.row);
    const dims = sides as Volume["dims"];
    const first = data.subarray(0, dims[0] * dims[1] * dims[2]);
    return {
      shown: {
        volume: { dims, data: first },
        stretch: stretchOf(first),
        spacing: place?.spacing ?? ([1, 1, 1] as const),
        ...(place?.towards ? { towards: place.towards } : {}),
      },
      heading: section.heading,
      note: section.note,
      maps: section.results.map((result) => {
        if (!("map" in result)) return failedOf(result, all);
        const { map } = result;
        return {
          ...saidOf(result, all),
          where: whereOf(map, all, "of voxels"),
          map: volumeOf(map, dims),
        } satisfies VolumeMap;
      }),
    };
  });
  return volumeSheet({ title, subtitle, sections, remark: remarkOf(all) });
}

function volumeOf({ dims, data, centres }: Heatmap, whole: Volume["dims"]): Volume {
  const own = dims.slice(-3) as unknown as Volume["dims"];
  const merged = farthestOfChannels(data, own);
  return centres ? placedVolume(merged, centres, whole) : merged;
}

/** Which channel is shown, and how the volume lies. */
function remarkOf({ figure, part }: PartFigure): string {
  const { channels } = partNumbers(part, figure.input, 0);
  const { place } = figure;
  const parts = [
    ...(channels > 1
      ? [`Of ${channels} channels the first is shown, and of maps the number farthest from 0.`]
      : []),
    place?.towards
      ? "Letters at the edges say to which side of the body they lie: right, left, anterior, posterior, superior, inferior."
      : "The file does not say how the volume lies; slices are shown as they are stored, the first row at the top.",
    ...(place && new Set(place.spacing).size > 1
      ? [
          `Voxels are ${place.spacing.map((size) => formatNumber(size)).join(" × ")} ${place.unit} (depth, height, width).`,
        ]
      : []),
  ];
  return parts.join(" ");
}

/** Numbers with names of their own are read one by one; of more, a line is seen. */
const mostNamed = 32;

function numbersLayout(all: PartFigure): SheetLayout {
  const { figure, part, title, subtitle } = all;
  const [count = 1] = partNumbers(part, figure.input, 0).sides;
  if (count > mostNamed) return rowLayout(all, count);
  const cellHeightPx = barListHeight(count);
  const rows = figure.sections.flatMap((section) => {
    const { data } = partNumbers(part, figure.input, section.row);
    return section.results.map((result, i): SheetRow => {
      const heading =
        i === 0 ? { heading: section.heading, note: section.note, isApart: true } : {};
      if (!("map" in result)) {
        const { title: method, failure } = failedOf(result, all);
        return { ...heading, cells: [{ title: method, empty: "no map" }], warnings: [failure] };
      }
      const { title: method, unit, warnings } = saidOf(result, all);
      const bars = Array.from(result.map.data, (value, at) => {
        return {
          name: `${part.name}${count > 1 ? `[${at}]` : ""} = ${formatNumber(data[at]!)}`,
          value,
        };
      });
      const cell = { title: `${method}, ${unit}`, drawing: barList(bars) };
      return { ...heading, cells: [cell], warnings };
    });
  });
  return {
    title,
    subtitle,
    rows,
    cellWidthPx: 560,
    cellHeightPx,
    footer: "Names say what the network was fed; bars and numbers are the map's.",
  };
}

/** Many numbers in one row, in the order of the input. */
function rowLayout(all: PartFigure, count: number): SheetLayout {
  const { figure, part, title, subtitle } = all;
  return signalSheet({
    title,
    subtitle,
    axis: {
      name: "number of the input, from 0; which are neighbours is not known",
      from: 0,
      to: count,
      isCounted: true,
    },
    names: ["value"],
    sections: figure.sections.map((section) => ({
      signal: plane(count, 1, partNumbers(part, figure.input, section.row).data),
      heading: section.heading,
      note: section.note,
      maps: section.results.map((result) =>
        "map" in result
          ? { ...saidOf(result, all), where: "of numbers", map: plane(count, 1, result.map.data) }
          : failedOf(result, all),
      ),
    })),
  });
}
