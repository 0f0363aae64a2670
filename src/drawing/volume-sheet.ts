/** @file The figure of volumes: slices through the maximum of each map, and all along the depth. */
import { peakOf, placeIn, type Volume, type VolumeAxis } from "../image/volume.ts";
import { largest, smallest } from "../statistics.ts";
import { evenRows } from "./even-rows.ts";
import { heatmapScale } from "./heatmap-scale.ts";
import type { SheetCell, SheetLayout, SheetRow } from "./sheet.ts";
import {
  sliceDrawing,
  sliceExtent,
  sliceName,
  type ShownVolume,
  type VolumeHeat,
} from "./slice-view.ts";

/** A map of a volume. */
export interface VolumeMap {
  /** The method. */
  readonly title: string;
  /** What the map lies on: "of voxels", "on conv3, 4 × 8 × 8". */
  readonly where: string;
  /** At its own resolution; of several channels the number farthest from 0. */
  readonly map: Volume;
  readonly signed: boolean;
  readonly unit: string;
  /** The map in words. */
  readonly text: string;
  readonly warnings: readonly string[];
}

/** A map that there is not. */
interface FailedVolumeMap {
  readonly title: string;
  readonly failure: string;
}

/** Everything about one volume and one thing that is explained. */
interface VolumeSection {
  readonly shown: ShownVolume;
  readonly heading: string;
  readonly note: string;
  readonly maps: readonly (VolumeMap | FailedVolumeMap)[];
}

export interface VolumeFigure {
  readonly title: string;
  readonly subtitle: string;
  readonly sections: readonly VolumeSection[];
  /** What is said of the volume below the figure: which channel is shown, where its axes grow to. */
  readonly remark: string;
}

const axes = [0, 1, 2] as const satisfies readonly VolumeAxis[];
const gapPx = 22;
/** Three slices side by side; their cells are so wide and as high as the highest slice needs. */
const cellWidthPx = 264;
const highestPx = 300;
/** The montage has as many slices at most, in rows of so many, as wide as three slices together. */
const mostSlices = 24;
const perRow = 8;

/** The figure as a sheet: of each map three slices through its maximum and a montage along the depth. */
export function volumeSheet(figure: VolumeFigure): SheetLayout {
  const [first] = figure.sections;
  const rows = figure.sections.flatMap(sectionRows);
  return {
    title: figure.title,
    subtitle: figure.subtitle,
    rows,
    cellWidthPx,
    cellHeightPx: first ? cellHeightOf(first.shown) : cellWidthPx,
    gapPx,
    footer: `Slices count from 1 and go through the cross, where the map is largest, or smallest if nothing is positive. Grey goes from the 2nd to the 98th percentile of the volume, and colour fades towards 0. ${figure.remark}`,
  };
}

/** Units of the sheet a unit of the spacing, so that all three slices fit their cells in one scale. */
function scaleOf(shown: ShownVolume): number {
  return smallest(
    axes.flatMap((axis) => {
      const [width, height] = sliceExtent(shown, axis);
      return [cellWidthPx / width, highestPx / height];
    }),
  );
}

function cellHeightOf(shown: ShownVolume): number {
  const heights = axes.map((axis) => sliceExtent(shown, axis)[1] * scaleOf(shown));
  return Math.max(Math.round(largest(heights)), 24);
}

function sectionRows(section: VolumeSection): readonly SheetRow[] {
  const { shown, heading, note, maps } = section;
  return maps.flatMap((map, i): readonly SheetRow[] => {
    const head = i === 0 ? { heading, note, isApart: true } : {};
    if ("failure" in map) {
      const size = { cellWidthPx: 3 * cellWidthPx + 2 * gapPx, cellHeightPx: 40 };
      return [
        { ...head, size, cells: [{ title: map.title, empty: "no map" }], warnings: [map.failure] },
      ];
    }
    return mapRows(map, shown, head);
  });
}

function mapRows(map: VolumeMap, shown: ShownVolume, head: Partial<SheetRow>): readonly SheetRow[] {
  const scale = heatmapScale(map.map, map.signed);
  const heat: VolumeHeat = { map: map.map, scale };
  const { dims } = shown.volume;
  const found = peakOf(map.map);
  const voxel = ([0, 1, 2] as const).map((axis) => {
    if (!found) return Math.floor(dims[axis] / 2);
    const place = Math.round(placeIn(found.at[axis], map.map.dims[axis], dims[axis]));
    return Math.min(Math.max(place, 0), dims[axis] - 1);
  }) as unknown as readonly [number, number, number];
  const cross = found && voxel;
  const slices = (
    under: VolumeHeat | undefined,
    title: (axis: VolumeAxis) => string,
  ): readonly SheetCell[] =>
    axes.map((axis) => {
      const view = { axis, at: voxel[axis], scale: scaleOf(shown), cross };
      return { title: title(axis), drawing: sliceDrawing(shown, under, view) };
    });
  const place = (axis: VolumeAxis) =>
    `${sliceName(shown, axis)}, ${voxel[axis] + 1} of ${dims[axis]}`;
  const { title, where, unit, text, warnings } = map;
  const size = { cellWidthPx, cellHeightPx: cellHeightOf(shown) };
  return [
    { ...head, size, cells: slices(undefined, (axis) => `input, ${place(axis)}`) },
    {
      heading: title,
      note: where,
      size,
      cells: slices(heat, place),
      bar: { scale, unit, from: 0 },
      notes: scale.max > scale.min ? [text] : [],
      warnings,
    },
    ...montage(shown, heat, found && { at: voxel[0], kind: found.kind }),
  ];
}

/** Slices along the depth, evenly, with the one of the maximum among them; none of a volume of one slice. */
function montage(
  shown: ShownVolume,
  heat: VolumeHeat,
  peak: { readonly at: number; readonly kind: string } | undefined,
): readonly SheetRow[] {
  const [depth] = shown.volume.dims;
  if (depth < 2) return [];
  const wide = (3 * cellWidthPx + 2 * gapPx + gapPx) / perRow - gapPx;
  const [across, down] = sliceExtent(shown, 0);
  const scale = Math.min(wide / across, (1.6 * wide) / down);
  const size = { cellWidthPx: wide, cellHeightPx: Math.max(Math.round(down * scale), 1) };
  const places = spreadOver(depth, peak?.at ?? 0);
  const cells = places.map((at) => ({
    title: at === peak?.at ? `${at + 1} (${peak.kind})` : String(at + 1),
    drawing: sliceDrawing(shown, heat, { axis: 0, at, scale }),
  }));
  const name = sliceName(shown, 0);
  const heading =
    places.length === depth
      ? `all ${depth} slices, ${name}`
      : `${places.length} of ${depth} slices, ${name}`;
  return evenRows(cells, perRow).map((row, i) => ({
    size,
    cells: row,
    ...(i === 0 ? { note: heading } : {}),
  }));
}

function spreadOver(depth: number, peak: number): readonly number[] {
  if (depth <= mostSlices) return Array.from({ length: depth }, (_, i) => i);
  const even = Array.from({ length: mostSlices }, (_, i) =>
    Math.round((i * (depth - 1)) / (mostSlices - 1)),
  );
  const nearest = even.reduce(
    (best, at, i) => (Math.abs(at - peak) < Math.abs(even[best]! - peak) ? i : best),
    0,
  );
  return even.with(nearest, peak);
}
