/** @file The figure that compares maps: one picture, every method, every layer, each with its own scale. */
import { heatmapScale } from "./heatmap-scale.ts";
import { colorize } from "../image/colormap.ts";
import { inputCell, placedIn, type ShownInput } from "./cut-photo.ts";
import { footerOf, heatOver, inputCellSize, sizeOf, withMeant } from "./heatmap-sheet.ts";
import { evenRows } from "./even-rows.ts";
import type { Plane } from "../image/picture.ts";
import type { PlaceCentres } from "../image/placed-plane.ts";
import { referenceCell } from "./reference-cell.ts";
import type { SheetCell, SheetLayout, SheetRow } from "./sheet.ts";
import { largest } from "../statistics.ts";

/** A map of the figure. */
export interface ComparedMap {
  /** The method. */
  readonly title: string;
  /** The layer that the map lies on; undefined for maps of pixels. */
  readonly layer: string | undefined;
  readonly map: Plane;
  /** What the layer is among those of the network: "bottleneck". */
  readonly role?: string;
  /** Where its places lie on the picture; the plain grid by default. */
  readonly centres?: PlaceCentres;
  /** Whether it is shown over the photo; a map of fine lines is clearer alone. */
  readonly isOver: boolean;
  /** True gives a scale symmetric around 0. */
  readonly signed: boolean;
  readonly unit: string;
  /** The map in words. */
  readonly text: string;
  readonly warnings: readonly string[];
}

/** A map that there is not. */
export interface FailedMap {
  readonly title: string;
  readonly layer: string | undefined;
  /** Why. */
  readonly failure: string;
}

/** Everything about one picture and one thing that is explained. */
interface ComparedSection extends ShownInput {
  /** What is explained: a class's name. */
  readonly heading: string;
  /** Its numbers: class, probability, logit. */
  readonly note: string;
  readonly maps: readonly (ComparedMap | FailedMap)[];
}

export interface ComparisonFigure {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly ComparedSection[];
}

/** More cells side by side make letters too small on a page. */
const usualColumns = 6;
/** So do wide cells: all of a row's together, in units of the sheet. */
const widestPx = 2100;

/** The figure as a sheet: the photo, then its maps; methods that lie on several layers have a row of their own. */
export function comparisonSheet(figure: ComparisonFigure): SheetLayout {
  const [first] = figure.sections;
  const cell = inputCellSize(first);
  const mostColumns = Math.max(Math.floor(widestPx / cell.cellWidthPx), 2);
  const columns = Math.min(columnsFor(figure.sections), mostColumns);
  const rows = figure.sections.flatMap((section) => sectionRows(section, columns));
  const goesBeyond = rows.some((row) => row.cells.some((cell) => cell.bar?.scale.beyond));
  return {
    title: figure.title,
    subtitle: figure.subtitle,
    rows,
    ...cell,
    gapPx: 22,
    footer: footerOf(goesBeyond, first),
  };
}

/** The photo and the maps that share its rows, and the methods with a row each. */
function partsOf({ maps }: ComparedSection) {
  const counts = new Map<string, number>();
  for (const { title } of maps) counts.set(title, (counts.get(title) ?? 0) + 1);
  const together = maps.filter(({ title }) => counts.get(title) === 1);
  const titles = [...counts].flatMap(([title, count]) => (count > 1 ? [title] : []));
  const apart = titles.map((title) => maps.filter((map) => map.title === title));
  return { together, apart };
}

/** A picture alone may fill a page; of several, each has a row of its own if it can. */
const mostInOneRow = 5;

/** As many as the layers, or as make the shape of a page, in both cases with the photo. */
function columnsFor(sections: readonly ComparedSection[]): number {
  const wanted = sections.map((section) => {
    const { together, apart } = partsOf(section);
    const inputs = section.reference ? 2 : 1;
    const cells = together.length + inputs;
    const page = Math.ceil(Math.sqrt(1.6 * cells));
    const layers = largest([0, ...apart.map((maps) => maps.length)]);
    const beside = together.length === 0 ? inputs : 0;
    const isOneRow = cells <= mostInOneRow || sections.length > 1;
    return Math.max(isOneRow ? cells : page, layers + beside);
  });
  return Math.min(largest([1, ...wanted]), usualColumns);
}

function sectionRows(section: ComparedSection, columns: number): readonly SheetRow[] {
  const { heading, note, reference } = section;
  const { together, apart } = partsOf(section);
  const placed = placedIn(section);
  const input = { ...inputCell(section), picture: withMeant(section, section.photo, "smooth") };
  const inputs = [placed(input), ...(reference ? [referenceCell(reference)] : [])];
  const shared = together.map((map) => placed(cellOf(map, section, map.title, placeOf(map))));
  if (shared.length > 0) {
    const [first, ...others] = evenRows([...inputs, ...shared], columns).map((cells) => ({
      cells,
    }));
    const layered = apart.flatMap((maps) => methodRows(maps, section, [], columns));
    return [{ isApart: true, heading, note, ...first! }, ...others, ...layered];
  }
  // The photo stands once, before the first method, and layers stay below each other.
  const layered = apart.flatMap((maps, i) =>
    methodRows(maps, section, i === 0 ? inputs : inputs.map(() => ({})), columns),
  );
  return [{ isApart: true, heading, note, cells: [] }, ...layered];
}

/** A method on its layers, headed by its name; `before` is put before its maps. */
function methodRows(
  maps: readonly (ComparedMap | FailedMap)[],
  input: ShownInput,
  before: readonly SheetCell[],
  columns: number,
): readonly SheetRow[] {
  const placed = placedIn(input);
  const cells = maps.map((map) => placed(cellOf(map, input, layerTitle(map), [])));
  const rows = evenRows(cells, Math.max(columns - before.length, 1)).map((row, i) => ({
    cells: [...(i === 0 ? before : before.map(() => ({}))), ...row],
  }));
  return rows.map((row, i) => (i === 0 ? { heading: maps[0]!.title, ...row } : row));
}

/** What a map lies on, where its title does not say it. */
function placeOf({ layer }: ComparedMap | FailedMap): readonly string[] {
  return [layer === undefined ? "of pixels" : `on ${shortenedLayer(layer)}`];
}

function cellOf(
  map: ComparedMap | FailedMap,
  input: ShownInput,
  title: string,
  place: readonly string[],
): SheetCell {
  if ("failure" in map) return { title, empty: "no map", warnings: [map.failure] };
  const scale = heatmapScale(map.map, map.signed);
  return {
    title,
    picture: map.isOver
      ? withMeant(input, heatOver(input.photo, map.map, scale, map.centres), "smooth")
      : withMeant(input, colorize(map.map, scale), "squares"),
    isStretched: true,
    bar: { scale, unit: map.unit },
    captions: [[...place, sizeOf(map.map)].join(", ")],
    // The bar of a blank map says the same.
    notes: scale.max > scale.min ? [map.text] : [],
    warnings: map.warnings,
  };
}

/** A layer, headed by what it is where that is why it is shown. */
function layerTitle(map: ComparedMap | FailedMap): string {
  const name = shortenedLayer(map.layer);
  return "role" in map && map.role !== undefined ? `${map.role}: ${name}` : name;
}

/** Layers differ at the ends of their names. */
const longestName = 30;

function shortenedLayer(name: string | undefined): string {
  if (name === undefined) return "of pixels";
  return name.length <= longestName ? name : `…${name.slice(1 - longestName)}`;
}
