/** @file Value noise: smooth random heights over the plane, the same for the same seed everywhere. */

/** Smooth heights in -1..1, about one hill a unit. */
export type Noise = (x: number, y: number) => number;

/** Heights at whole places, drawn by a hash and joined by smoothstep (Perlin 1985, with values for slopes). */
export function valueNoise(seed: number): Noise {
  const at = (x: number, y: number) => {
    let bits = Math.imul(x, 0x27d4eb2f) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
    bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 31 - 1;
  };
  return (x, y) => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [shareX, shareY] = [smooth(x - left), smooth(y - top)];
    const above = at(left, top) * (1 - shareX) + at(left + 1, top) * shareX;
    const below = at(left, top + 1) * (1 - shareX) + at(left + 1, top + 1) * shareX;
    return above * (1 - shareY) + below * shareY;
  };
}

/** From 0 to 1 without a corner. */
function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}

/** Noise of three sizes, each half as large and high as the one before. */
export function roughNoise(noise: Noise): Noise {
  return (x, y) =>
    (noise(x, y) + noise(2 * x + 17, 2 * y) / 2 + noise(4 * x, 4 * y + 31) / 4) / 1.75;
}
