/** @file Faces of cats and dogs: all of a pet that tells its kind, and the head, which does not. */
import type { Box, Canvas, Frame } from "./canvas.ts";
import { lightness, lit, mix, type Rgb } from "./colour.ts";
import { furOf, type Fur } from "./fur.ts";
import { curve, ellipse, frayed, line, melted, overlap, polygon, type Point } from "./shapes.ts";
import type { PetTraits } from "./traits.ts";

/** Parts in which the kinds differ, left is left in the picture. */
export type PartName =
  "left ear" | "right ear" | "muzzle" | "tongue" | "whiskers" | "left eye" | "right eye";

/** A part and where it lies in the picture. */
export interface PetPart {
  readonly name: PartName;
  readonly box: Box;
}

/** What all that paint a face share. The origin is the middle of the head, the unit its radius. */
interface Easel {
  readonly canvas: Canvas;
  readonly frame: Frame;
  readonly traits: PetTraits;
  readonly fur: Fur;
}

type Side = -1 | 1;

const dark: Rgb = [0.09, 0.07, 0.08];
const pink: Rgb = [0.91, 0.6, 0.6];
const tongueRed: Rgb = [0.9, 0.42, 0.47];

/**
 * Paints a pet and gives the boxes of its parts. All outside of them is the same for both kinds. Parts
 * outside of the picture have no box; those in `omit` are not painted.
 */
export function paintPet(
  canvas: Canvas,
  traits: PetTraits,
  kind: "cat" | "dog",
  omit: ReadonlySet<PartName>,
): readonly PetPart[] {
  const { widthPx, heightPx } = canvas;
  const frame: Frame = {
    origin: [traits.place[0] * widthPx, traits.place[1] * heightPx],
    pixelsPerUnit: traits.radius * Math.min(widthPx, heightPx),
    degrees: traits.degrees,
  };
  const easel: Easel = { canvas, frame, traits, fur: furOf(traits) };
  const parts: PetPart[] = [];
  const part = (name: PartName, paintPart: () => void) => {
    if (omit.has(name)) return;
    const box = canvas.track(paintPart);
    if (box) parts.push({ name, box });
  };
  const isCat = kind === "cat";
  paintShoulders(easel);
  if (isCat) {
    part("left ear", () => paintPointedEar(easel, -1));
    part("right ear", () => paintPointedEar(easel, 1));
  }
  paintHead(easel);
  if (!isCat) {
    part("left ear", () => paintFloppyEar(easel, -1));
    part("right ear", () => paintFloppyEar(easel, 1));
  }
  if (isCat) {
    part("muzzle", () => paintCatMuzzle(easel));
    if (traits.showsTongue) part("tongue", () => paintTongueTip(easel));
    part("whiskers", () => paintWhiskers(easel));
  } else {
    if (traits.showsTongue) part("tongue", () => paintTongue(easel));
    part("muzzle", () => paintDogMuzzle(easel));
  }
  const paintEye = isCat ? paintSlitEye : paintRoundEye;
  part("left eye", () => paintEye(easel, -1));
  part("right eye", () => paintEye(easel, 1));
  return parts;
}

function paintShoulders({ canvas, frame, traits, fur }: Easel): void {
  const body = frayed(ellipse([0, 2.05], [1.15, 1.3]), traits.shaggy, fur.hairs);
  canvas.paint(body, fur.plain(lit(traits.fur, 0.86)), frame);
  const chest = frayed(ellipse([0, 1.95], [0.55, 0.9]), 2 * traits.shaggy, fur.hairs);
  canvas.paint(chest, fur.plain(lit(traits.pale, 0.88)), frame);
  if (!traits.collar) return;
  const band = line(curve([-0.75, 0.82], [0, 1.32], [0.75, 0.82]), 0.075);
  canvas.paint(band, traits.collar, frame);
  canvas.paint(ellipse([0, 1.18], [0.1, 0.1]), [0.95, 0.8, 0.35], frame);
}

function paintHead({ canvas, frame, traits, fur }: Easel): void {
  const { headWidth, headHeight, cheeks, shaggy } = traits;
  const skull = ellipse([0, -0.04], [headWidth, headHeight]);
  const cheek = (side: Side) => ellipse([0.56 * side, 0.36], [cheeks + 0.06, cheeks]);
  const head = melted([skull, cheek(-1), cheek(1)], 0.25);
  canvas.paint(frayed(head, shaggy, fur.hairs), fur.head, frame);
}

/** A point of the face as the head's turn moves it; what stands out more moves further. */
function turned({ traits }: Easel, [x, y]: Point, depth = 1): Point {
  return [x + depth * traits.turn[0], y + depth * traits.turn[1]];
}

/** A triangle that stands up, with a pink inside and a tuft. */
function paintPointedEar(easel: Easel, side: Side): void {
  const { canvas, frame, traits, fur } = easel;
  const tilt = traits.earTilt[side === -1 ? 0 : 1] / 100;
  const spread = 0.1 * traits.earSpread;
  const tip: Point = [side * (0.72 + spread) + tilt, -0.62 - 0.78 * traits.earSize];
  const [inner, outer]: readonly [Point, Point] = [
    [side * (0.16 + spread / 2), -0.72],
    [side * 0.96, -0.3],
  ];
  const outline = polygon([inner, tip, outer], 0.07);
  canvas.paint(frayed(outline, traits.shaggy / 2, fur.hairs), fur.plain(traits.fur), frame);
  const inside = ([x, y]: Point, share: number): Point => [
    x + (side * 0.62 - x) * share,
    y + (-0.62 - y) * share,
  ];
  const hollow = polygon([inside(inner, 0.36), inside(tip, 0.26), inside(outer, 0.36)], 0.03);
  const skin = mix(pink, traits.fur, 0.3);
  canvas.paint(hollow, (_, y) => lit(skin, 0.78 + 0.3 * Math.min(-y - 0.5, 0.8)), frame);
  for (const reach of [0, 0.14, 0.28]) {
    const hair = curve(
      [side * (0.26 + reach), -0.66],
      [side * (0.4 + reach), -0.9],
      [side * (0.46 + reach), -1.06],
    );
    canvas.paint(line(hair, 0.05, 0.008), traits.pale, frame, { opacity: 0.8 });
  }
}

/** A flap that hangs down beside the face. */
function paintFloppyEar(easel: Easel, side: Side): void {
  const { canvas, frame, traits, fur } = easel;
  const tilt = traits.earTilt[side === -1 ? 0 : 1] / 60;
  const long = 0.98 * traits.earSize + 0.1 * traits.earSpread;
  const root: Point = [side * 0.5, -0.76];
  const knee: Point = [side * (1.12 + 0.1 * traits.earSpread), -0.8];
  const end: Point = [side * (1.06 + 0.08 * traits.earSpread) + tilt, -0.62 + long];
  const flap = melted([line(curve(root, knee, end), 0.13, 0.25), ellipse(root, [0.2, 0.12])], 0.1);
  const colour = mix(lit(traits.fur, 0.78), traits.marks, traits.coat === "plain" ? 0.25 : 0.6);
  const soft = frayed(flap, traits.shaggy, fur.hairs);
  // The flap's shadow sets it off from a head of its own colour.
  canvas.paint(
    soft,
    lit(traits.fur, 0.45),
    {
      ...frame,
      origin: [
        frame.origin[0] - side * 0.05 * frame.pixelsPerUnit,
        frame.origin[1] + 0.04 * frame.pixelsPerUnit,
      ],
    },
    { opacity: 0.6 },
  );
  canvas.paint(soft, fur.plain(colour), frame);
}

/** Almond eyes with upright pupils. */
function paintSlitEye(easel: Easel, side: Side): void {
  const { canvas, frame, traits } = easel;
  const { apart, height, size } = traits.eyes;
  const centre = turned(easel, [side * apart, height]);
  const almond = ellipse(centre, [size * 1.12, size * 0.86], side * -16);
  const rim = ellipse(centre, [size * 1.12 + 0.05, size * 0.86 + 0.05], side * -16);
  canvas.paint(rim, dark, frame);
  canvas.paint(almond, irisInk(traits.iris, centre, size), frame);
  const pupil = ellipse(
    [centre[0] + 0.02 * traits.gaze[0], centre[1]],
    [size * (0.16 + 0.16 * traits.pupil), size * 0.8],
  );
  canvas.paint(overlap(pupil, almond), dark, frame);
  paintGlint(easel, centre, size);
}

/** Round eyes with round pupils. */
function paintRoundEye(easel: Easel, side: Side): void {
  const { canvas, frame, traits } = easel;
  const { apart, height, size } = traits.eyes;
  const centre = turned(easel, [side * apart, height]);
  const radius = size * 0.9;
  canvas.paint(ellipse(centre, [radius + 0.05, radius + 0.05]), dark, frame);
  canvas.paint(ellipse(centre, [radius, radius]), irisInk(traits.iris, centre, size), frame);
  const open = radius * (0.5 + 0.2 * traits.pupil);
  const place: Point = [centre[0] + 0.02 * traits.gaze[0], centre[1] + 0.02 * traits.gaze[1]];
  canvas.paint(ellipse(place, [open, open]), dark, frame);
  paintGlint(easel, centre, size);
  const brow = curve(
    [centre[0] - 0.13, centre[1] - 0.3],
    [centre[0] + side * 0.02, centre[1] - 0.4],
    [centre[0] + 0.13, centre[1] - 0.3],
  );
  canvas.paint(line(brow, 0.045), mix(traits.fur, traits.pale, 0.7), frame, { opacity: 0.75 });
}

/** Darker above, where the lid throws its shadow. */
function irisInk(iris: Rgb, centre: Point, size: number): (x: number, y: number) => Rgb {
  return (_, y) => lit(iris, 0.95 + (0.45 * (y - centre[1])) / size);
}

function paintGlint({ canvas, frame, traits }: Easel, [x, y]: Point, size: number): void {
  const side = traits.light[0] > 0 ? -1 : 1;
  const place: Point = [x - side * 0.34 * size, y - 0.36 * size];
  canvas.paint(ellipse(place, [0.22 * size, 0.22 * size]), [1, 1, 1], frame, { opacity: 0.95 });
}

/** Two puffs, a chin, a small triangle of a nose and a mouth like a w. */
function paintCatMuzzle(easel: Easel): void {
  const { canvas, frame, traits, fur } = easel;
  const size = traits.muzzleSize;
  const [x, y] = turned(easel, [0, 0.32], 1.3);
  const puff = (side: Side) =>
    ellipse([x + side * 0.17 * size, y + 0.1], [0.25 * size, 0.19 * size]);
  const soft = melted([puff(-1), puff(1), ellipse([x, y + 0.27], [0.17, 0.12])], 0.06);
  canvas.paint(soft, fur.plain(traits.pale), frame);
  const ink = mix(dark, traits.pale, 0.18);
  const mouth = (side: Side) =>
    line(
      curve(
        [x, y + 0.1],
        [x + side * 0.06, y + 0.16 + 0.12 * traits.smile],
        [x + side * 0.26 * size, y + 0.17],
      ),
      0.02,
    );
  canvas.paint(
    line(
      [
        [x, y - 0.02],
        [x, y + 0.11],
      ],
      0.02,
    ),
    ink,
    frame,
  );
  canvas.paint(mouth(-1), ink, frame);
  canvas.paint(mouth(1), ink, frame);
  const nose = polygon(
    [
      [x - 0.1 * size, y - 0.1],
      [x + 0.1 * size, y - 0.1],
      [x, y - 0.01],
    ],
    0.04,
  );
  canvas.paint(nose, traits.nose, frame);
  canvas.paint(ellipse([x - 0.04, y - 0.1], [0.035, 0.02]), [1, 1, 1], frame, { opacity: 0.5 });
}

/** Thin bent hairs, light on dark fur and dark on light. */
function paintWhiskers(easel: Easel): void {
  const { canvas, frame, traits } = easel;
  const [x, y] = turned(easel, [0, 0.42], 1.3);
  const ink: Rgb = lightness(traits.fur) > 0.6 ? [0.25, 0.2, 0.2] : [0.98, 0.97, 0.95];
  for (const side of [-1, 1] as const) {
    for (const row of [-1, 0, 1]) {
      const from: Point = [x + side * 0.26, y + 0.06 * row];
      const to: Point = [x + side * 1.08, y + 0.2 * row + traits.whiskerDroop];
      const towards: Point = [x + side * 0.7, y + 0.1 * row - 0.06];
      canvas.paint(line(curve(from, towards, to), 0.026, 0.012), ink, frame, { opacity: 0.9 });
    }
  }
}

/** It peeps out of the mouth. */
function paintTongueTip(easel: Easel): void {
  const [x, y] = turned(easel, [0, 0.32], 1.3);
  const lip = y + 0.13 + 0.05 * easel.traits.smile;
  easel.canvas.paint(
    line(
      [
        [x, lip],
        [x, lip + 0.08],
      ],
      0.065,
    ),
    tongueRed,
    easel.frame,
  );
}

/** A long snout with a broad nose; its lips hang at both sides. */
function paintDogMuzzle(easel: Easel): void {
  const { canvas, frame, traits, fur } = easel;
  const size = traits.muzzleSize;
  const [x, y] = turned(easel, [0, 0.3], 1.6);
  const lip = (side: Side) =>
    ellipse([x + side * 0.2 * size, y + 0.26], [0.3 * size, 0.27 * size], side * -14);
  const bridge = ellipse([x - 0.3 * traits.turn[0], y - 0.02], [0.27 * size, 0.38 * size]);
  const snout = melted([bridge, lip(-1), lip(1)], 0.12);
  canvas.paint(snout, fur.plain(traits.pale), frame);
  const ink = mix(dark, traits.pale, 0.15);
  const mouth = (side: Side) =>
    line(
      curve(
        [x, y + 0.3],
        [x + side * 0.16, y + 0.42 + 0.1 * traits.smile],
        [x + side * 0.4 * size, y + 0.32 - 0.08 * traits.smile],
      ),
      0.024,
    );
  canvas.paint(
    line(
      [
        [x, y + 0.04],
        [x, y + 0.31],
      ],
      0.022,
    ),
    ink,
    frame,
  );
  canvas.paint(mouth(-1), ink, frame);
  canvas.paint(mouth(1), ink, frame);
  for (const side of [-1, 1] as const) {
    for (const [dx, dy] of [
      [0.2, 0.2],
      [0.3, 0.24],
      [0.24, 0.3],
    ] as const) {
      canvas.paint(ellipse([x + side * dx * size, y + dy], [0.018, 0.018]), ink, frame, {
        opacity: 0.6,
      });
    }
  }
  const nose = melted(
    [ellipse([x, y - 0.05], [0.21 * size, 0.13]), ellipse([x, y + 0.02], [0.11, 0.1])],
    0.05,
  );
  canvas.paint(nose, (_, ny) => lit(traits.nose, 1.15 - 1.4 * (ny - y + 0.05)), frame);
  canvas.paint(ellipse([x - 0.06, y - 0.11], [0.07, 0.03]), [1, 1, 1], frame, { opacity: 0.55 });
}

/** It hangs out below the snout. */
function paintTongue(easel: Easel): void {
  const { canvas, frame, traits } = easel;
  const [x, y] = turned(easel, [0, 0.3], 1.6);
  const tip: Point = [x + 0.06 * traits.gaze[0], y + 0.66 + 0.08 * traits.smile];
  canvas.paint(line([[x, y + 0.4], tip], 0.13, 0.15), tongueRed, frame);
  canvas.paint(line([[x, y + 0.4], tip], 0.015), lit(tongueRed, 0.75), frame);
}
