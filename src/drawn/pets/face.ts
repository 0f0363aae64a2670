/** @file Faces of cats and dogs: the parts that tell their kind, and the head, which does not. */
import type { Box, Canvas, Frame } from "../painting/canvas.ts";
import {
  paintCatMuzzle,
  paintPointedEar,
  paintSlitEye,
  paintTongueTip,
  paintWhiskers,
} from "./cat.ts";
import { lit } from "../painting/colour.ts";
import { paintDogMuzzle, paintFloppyEar, paintRoundEye, paintTongue } from "./dog.ts";
import type { Easel, Side } from "./easel.ts";
import { furOf } from "./fur.ts";
import { curve, ellipse, frayed, line, melted } from "../painting/shapes.ts";
import type { PetTraits } from "./traits.ts";

/** Parts in which the kinds differ; left is left in the picture. */
export type PartName =
  "left ear" | "right ear" | "muzzle" | "tongue" | "whiskers" | "left eye" | "right eye";

/** A part and where it lies in the picture. */
export interface PetPart {
  readonly name: PartName;
  readonly box: Box;
}

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
