/** @file What a cat has of its own. */
import { lightness, lit, mix, type Rgb } from "../painting/colour.ts";
import { dark, irisInk, paintGlint, tongueRed, turned, type Easel, type Side } from "./easel.ts";
import {
  curve,
  ellipse,
  frayed,
  line,
  melted,
  overlap,
  polygon,
  type Point,
} from "../painting/shapes.ts";

const pink: Rgb = [0.91, 0.6, 0.6];

/** A triangle that stands up, with a pink inside and a tuft. */
export function paintPointedEar(easel: Easel, side: Side): void {
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

/** Almond eyes with upright pupils. */
export function paintSlitEye(easel: Easel, side: Side): void {
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

/** Two puffs, a chin, a small triangle of a nose and a mouth like a w. */
export function paintCatMuzzle(easel: Easel): void {
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
export function paintWhiskers(easel: Easel): void {
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
export function paintTongueTip(easel: Easel): void {
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
