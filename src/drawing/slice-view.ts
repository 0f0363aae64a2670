/** @file A slice of a volume as it is shown: its proportions, its sides, and the map over it. */
import { overlay, type ColorScale } from "../image/colormap.ts";
import { plane, toRgb, type Picture, type Plane } from "../image/picture.ts";
import { resizePicture, resizePlane } from "../image/resize.ts";
import { greyPicture, type Stretch } from "../image/stretch.ts";
import { placeIn, sliceAcross, slicedAxes, type Volume, type VolumeAxis } from "../image/volume.ts";
import type { Colour, Mark } from "./marks.ts";
import type { Box, CellDrawing } from "./sheet.ts";
import type { Typeface } from "./typeface.ts";

/** A volume as the network saw it, and how it lies. */
export interface ShownVolume {
  /** What is shown in grey: a channel. */
  readonly volume: Volume;
  readonly stretch: Stretch;
  /** Size of a voxel along depth, height and width. */
  readonly spacing: readonly [number, number, number];
  /** Where depth, height and width grow to, a letter each: R, L, A, P, S, I. */
  readonly towards?: readonly [string, string, string];
}

/** A map over it, at its own resolution. */
export interface VolumeHeat {
  readonly map: Volume;
  readonly scale: ColorScale;
}

const opposite: Readonly<Record<string, string>> = {
  R: "L",
  L: "R",
  A: "P",
  P: "A",
  S: "I",
  I: "S",
};

/** As slices of bodies are shown: superior up, else anterior up; the right side on the left, else anterior on the left. */
const upwards = ["S", "A"];
const leftwards = ["R", "A"];

/** Names of slices across an axis that grows to one of two sides. */
const planeNames: Readonly<Record<string, string>> = {
  S: "axial",
  I: "axial",
  A: "coronal",
  P: "coronal",
  R: "sagittal",
  L: "sagittal",
};

const axisNames = ["depth", "height", "width"] as const;

/** "axial" where the file says how the volume lies, else "across depth". */
export function sliceName({ towards }: ShownVolume, axis: VolumeAxis): string {
  const name = towards && planeNames[towards[axis]];
  return name ?? `across ${axisNames[axis]}`;
}

/** Sides that a slice is turned to: whether its rows and columns are shown backwards, and the letters at its edges. */
function turnOf({ towards }: ShownVolume, axis: VolumeAxis) {
  const [down, right] = slicedAxes[axis];
  const [toBottom, toRight] = [towards?.[down], towards?.[right]];
  const isUp = toBottom !== undefined && upwards.includes(toBottom);
  const isLeft = toRight !== undefined && leftwards.includes(toRight);
  const ends = (letter: string | undefined, isTurned: boolean) => {
    if (letter === undefined) return undefined;
    const other = opposite[letter] ?? "";
    return isTurned ? [letter, other] : [other, letter];
  };
  return { isUp, isLeft, vertical: ends(toBottom, isUp), horizontal: ends(toRight, isLeft) };
}

/** Width and height of a slice in the unit of the spacing. */
export function sliceExtent(
  { volume, spacing }: ShownVolume,
  axis: VolumeAxis,
): readonly [width: number, height: number] {
  const [down, right] = slicedAxes[axis];
  return [volume.dims[right] * spacing[right], volume.dims[down] * spacing[down]];
}

/** Pixels of a slice's picture a unit of the sheet. */
const density = 2;

/** Which slice is shown, and how large. */
export interface SliceView {
  readonly axis: VolumeAxis;
  /** From 0. */
  readonly at: number;
  /** Units of the sheet a unit of the spacing. */
  readonly scale: number;
  /** A voxel that a cross goes through. */
  readonly cross?: readonly [number, number, number] | undefined;
}

/** A slice in the middle of its cell, with the map over it and, if wanted, a cross through a voxel. */
export function sliceDrawing(
  shown: ShownVolume,
  heat: VolumeHeat | undefined,
  { axis, at, scale, cross }: SliceView,
): CellDrawing {
  return (box, { bold }) => {
    const [widthPx, heightPx] = sliceExtent(shown, axis).map((side) => Math.max(side * scale, 1));
    const inner = {
      x: box.x + (box.widthPx - widthPx!) / 2,
      y: box.y + (box.heightPx - heightPx!) / 2,
      widthPx: widthPx!,
      heightPx: heightPx!,
    };
    const picture = slicePicture(shown, heat, axis, at, {
      widthPx: Math.max(Math.round(inner.widthPx * density), 1),
      heightPx: Math.max(Math.round(inner.heightPx * density), 1),
    });
    return [
      { kind: "picture", ...inner, picture, enlarge: "squares" },
      ...(cross ? crossMarks(shown, axis, cross, inner) : []),
      ...letterMarks(shown, axis, inner, bold),
    ];
  };
}

/** The slice at a size, turned, in grey and, where there is a map, under heat. */
function slicePicture(
  shown: ShownVolume,
  heat: VolumeHeat | undefined,
  axis: VolumeAxis,
  at: number,
  { widthPx, heightPx }: Pick<Picture, "widthPx" | "heightPx">,
): Picture {
  const turn = turnOf(shown, axis);
  const slice = turned(sliceAcross(shown.volume, axis, at), turn);
  const isLarger = widthPx * heightPx > slice.widthPx * slice.heightPx;
  const grey = resizePicture(
    greyPicture(slice, shown.stretch),
    widthPx,
    heightPx,
    isLarger ? "bicubic" : "bilinear",
  );
  if (!heat) return toRgb(grey);
  const { map, scale } = heat;
  const isOfVoxels = map.dims.every((size, i) => size === shown.volume.dims[i]);
  const place = placeIn(at, shown.volume.dims[axis], map.dims[axis]);
  const part = turned(sliceAcross(map, axis, isOfVoxels ? at : place), turn);
  const spread = resizePlane(part, widthPx, heightPx, {
    filter: isOfVoxels && isLarger ? "nearest" : "bilinear",
  });
  return overlay(toRgb(grey), spread, scale);
}

function turned(
  source: Plane,
  { isUp, isLeft }: { readonly isUp: boolean; readonly isLeft: boolean },
): Plane {
  if (!isUp && !isLeft) return source;
  const { widthPx, heightPx, data } = source;
  const result = new Float32Array(data.length);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const [fromY, fromX] = [isUp ? heightPx - 1 - y : y, isLeft ? widthPx - 1 - x : x];
      result[y * widthPx + x] = data[fromY * widthPx + fromX]!;
    }
  }
  return plane(widthPx, heightPx, result);
}

const light: Colour = [255, 255, 255];
const dark: Colour = [0, 0, 0];

/** The cross leaves the voxel itself free. */
const gapPx = 7;

/** Two lines with a gap around a voxel, dark and light so that they are seen on both. */
function crossMarks(
  shown: ShownVolume,
  axis: VolumeAxis,
  cross: readonly [number, number, number],
  inner: Box,
): readonly Mark[] {
  const [down, right] = slicedAxes[axis];
  const { isUp, isLeft } = turnOf(shown, axis);
  const share = (along: VolumeAxis, isTurned: boolean) => {
    const at = (cross[along] + 0.5) / shown.volume.dims[along];
    return isTurned ? 1 - at : at;
  };
  const x = share(right, isLeft) * inner.widthPx;
  const y = share(down, isUp) * inner.heightPx;
  const pieces = [
    [
      [0, y],
      [x - gapPx, y],
    ],
    [
      [x + gapPx, y],
      [inner.widthPx, y],
    ],
    [
      [x, 0],
      [x, y - gapPx],
    ],
    [
      [x, y + gapPx],
      [x, inner.heightPx],
    ],
  ] as const;
  return pieces
    .filter(([from, to]) => to[0] > from[0] || to[1] > from[1])
    .flatMap((points): readonly Mark[] => {
      const line = { kind: "line", x: inner.x, y: inner.y, points } as const;
      return [
        { ...line, widthPx: 1.5, colour: dark },
        { ...line, widthPx: 0.75, colour: light },
      ];
    });
}

const letterPx = 9.5;

/** Which side of the body is where, at the slice's edges. */
function letterMarks(
  shown: ShownVolume,
  axis: VolumeAxis,
  inner: Box,
  face: Typeface,
): readonly Mark[] {
  const { vertical, horizontal } = turnOf(shown, axis);
  if (inner.widthPx < 120) return [];
  const letter = (text: string, x: number, y: number): readonly Mark[] => {
    const ground = { x: x - 2.5, y: y - letterPx, widthPx: 12, heightPx: letterPx + 3 };
    return [
      { kind: "rectangle", ...ground, colour: dark },
      { kind: "text", text, face, sizePx: letterPx, x, y, colour: light },
    ];
  };
  const middleX = inner.x + inner.widthPx / 2 - 3;
  const middleY = inner.y + inner.heightPx / 2 + 3;
  return [
    ...(vertical
      ? [
          ...letter(vertical[0]!, middleX, inner.y + letterPx + 2),
          ...letter(vertical[1]!, middleX, inner.y + inner.heightPx - 4),
        ]
      : []),
    ...(horizontal
      ? [
          ...letter(horizontal[0]!, inner.x + 4, middleY),
          ...letter(horizontal[1]!, inner.x + inner.widthPx - 11, middleY),
        ]
      : []),
  ];
}
