/** @file Whether two scores of a picture differ by rounding alone, as where a score is nearly nothing. */
import { tensor, toFloat32, type Tensor } from "../../graph/tensor.ts";
import { randomStream } from "../../random.ts";
import type { PlainNetwork } from "./plain-network.ts";

/** A thousand times what rounding does to a pixel: layers behind add their own. */
const moved = 1e-4;

const draws = 4;

/**
 * True if a class's `score` of the network as it is moves as far as two are `apart` where the pixels of the picture [1, C, H, W] move by
 * some ten-thousandth of the largest, to and fro.
 */
export async function isRounding(
  plain: PlainNetwork,
  picture: Tensor,
  { target, score, apart }: { target: number; score: number; apart: number },
): Promise<boolean> {
  const pixels = toFloat32(picture);
  const reach = moved * pixels.reduce((most, pixel) => Math.max(most, Math.abs(pixel)), 1);
  for (let draw = 0; draw < draws; draw++) {
    const random = randomStream("rounding", draw);
    const near = pixels.map((pixel) => pixel + reach * (2 * random.uniform() - 1));
    const other = await plain.score(tensor("float32", picture.dims, near), target);
    if (Math.abs(other - score) >= apart) return true;
  }
  return false;
}
