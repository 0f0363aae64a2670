/** @file What a dog has of its own. */
import { lit, mix } from "../painting/colour.ts";
import { dark, irisInk, paintGlint, tongueRed, turned, type Easel, type Side } from "./easel.ts";
import { curve, ellipse, frayed, line, melted, type Point } from "../painting/shapes.ts";

/** A flap that hangs down beside the face. */
export function paintFloppyEar(easel: Easel, side: Side): void {
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

/** Round eyes with round pupils. */
export function paintRoundEye(easel: Easel, side: Side): void {
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

/** A long snout with a broad nose; its lips hang at both sides. */
export function paintDogMuzzle(easel: Easel): void {
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
export function paintTongue(easel: Easel): void {
  const { canvas, frame, traits } = easel;
  const [x, y] = turned(easel, [0, 0.3], 1.6);
  const tip: Point = [x + 0.06 * traits.gaze[0], y + 0.66 + 0.08 * traits.smile];
  canvas.paint(line([[x, y + 0.4], tip], 0.13, 0.15), tongueRed, frame);
  canvas.paint(line([[x, y + 0.4], tip], 0.015), lit(tongueRed, 0.75), frame);
}
