/** @file Resizing as TensorFlow 2 does it, in double precision. */
import type { Config } from "./maker-layer.ts";
import { at, every, type Numbers } from "./numbers.ts";

/** How a place of the result is made of places of an axis: their numbers and shares. */
type Shares = readonly (readonly [number, number])[];

const hat = (x: number) => Math.max(1 - Math.abs(x), 0);

/** The cubic kernel of Keys with -0.5. */
function keys(x: number): number {
  const far = Math.abs(x);
  if (far < 1) return 1.5 * far ** 3 - 2.5 * far ** 2 + 1;
  return far < 2 ? -0.5 * far ** 3 + 2.5 * far ** 2 - 4 * far + 2 : 0;
}

function sharesOf(from: number, to: number, method: string, antialias: boolean): readonly Shares[] {
  return Array.from({ length: to }, (_, place): Shares => {
    const centre = ((place + 0.5) * from) / to;
    if (method === "nearest") return [[Math.min(Math.floor(centre), from - 1), 1]];
    const stretch = antialias ? Math.max(from / to, 1) : 1;
    const isCubic = method === "bicubic";
    const kernel = isCubic ? keys : hat;
    // Two places are mixed at the borders as anywhere; cubic shares of places outside fall away.
    const isClamped = !antialias && !isCubic;
    const found = Array.from({ length: from + 8 }, (_, i) => i - 4).flatMap((index) => {
      const share = kernel((index + 0.5 - centre) / stretch);
      if (share === 0) return [];
      const inside = Math.min(Math.max(index, 0), from - 1);
      return isClamped || inside === index ? [[inside, share] as const] : [];
    });
    const all = found.reduce((total, [, share]) => total + share, 0);
    return found.map(([index, share]) => [index, share / all] as const);
  });
}

/** [N, H, W, C] at another size. */
function sized(x: Numbers, size: readonly number[], method: string, antialias = false): Numbers {
  const [n = 0, h = 0, w = 0, c = 0] = x.dims;
  const rows = sharesOf(h, size[0]!, method, antialias);
  const columns = sharesOf(w, size[1]!, method, antialias);
  return every([n, size[0]!, size[1]!, c], ([image = 0, y = 0, z = 0, channel = 0]) => {
    let all = 0;
    for (const [row, byRow] of rows[y]!) {
      for (const [column, byColumn] of columns[z]!) {
        all += byRow * byColumn * at(x, [image, row, column, channel]);
      }
    }
    return all;
  });
}

/** Places repeated, or interpolated. */
export function upsampled(x: Numbers, factors: readonly number[], method: string): Numbers {
  if (method !== "nearest") {
    return sized(
      x,
      factors.map((factor, axis) => x.dims[axis + 1]! * factor),
      method,
    );
  }
  const all = [1, ...factors, 1];
  return every(
    x.dims.map((dim, axis) => dim * all[axis]!),
    (place) =>
      at(
        x,
        place.map((index, axis) => Math.floor(index / all[axis]!)),
      ),
  );
}

/** The layer `Resizing`. */
export function resized(x: Numbers, config: Config): Numbers {
  const size = [config["height"] as number, config["width"] as number];
  const method = (config["interpolation"] as string) ?? "bilinear";
  const [n = 0, h = 0, w = 0, c = 0] = x.dims;
  const proportions = [
    Math.floor((w * size[0]!) / size[1]!),
    Math.floor((h * size[1]!) / size[0]!),
  ];
  let fitted = x;
  if (config["crop_to_aspect_ratio"] === true) {
    const kept = [Math.min(h, proportions[0]!), Math.min(w, proportions[1]!)];
    const [top, left] = [Math.floor((h - kept[0]!) / 2), Math.floor((w - kept[1]!) / 2)];
    fitted = every([n, ...kept, c], ([i = 0, y = 0, z = 0, f = 0]) =>
      at(x, [i, y + top, z + left, f]),
    );
  }
  if (config["pad_to_aspect_ratio"] === true) {
    const whole = [Math.max(h, proportions[0]!), Math.max(w, proportions[1]!)];
    const [top, left] = [Math.floor((whole[0]! - h) / 2), Math.floor((whole[1]! - w) / 2)];
    fitted = every([n, ...whole, c], ([i = 0, y = 0, z = 0, f = 0]) => {
      const [row, column] = [y - top, z - left];
      const isInside = row >= 0 && row < h && column >= 0 && column < w;
      return isInside ? at(x, [i, row, column, f]) : ((config["fill_value"] as number) ?? 0);
    });
  }
  return sized(fitted, size, method, config["antialias"] === true);
}
