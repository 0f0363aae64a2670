/** @file Penalties on pictures; each gives one number a picture, larger for worse pictures. */
import type { GraphBuilder, Value } from "../graph/builder.ts";

/** Adds a penalty on pictures [N, C, H, W] in 0..1; returns [N]. */
export interface Regularizer {
  readonly name: string;
  build(b: GraphBuilder, picture: Value): Value;
}

const inside = [1, 2, 3] as const;

function square(b: GraphBuilder, value: Value): Value {
  return b.mul(value, value);
}

function difference(b: GraphBuilder, picture: Value, axis: 2 | 3): Value {
  const size = picture.dims[axis]!;
  return b.sub(b.slice(picture, [1], [size], [axis]), b.slice(picture, [0], [size - 1], [axis]));
}

/** Total variation: mean over pixels of (dx^2 + dy^2)^(beta / 2) (Mahendran and Vedaldi 2015, equation 6). */
export function totalVariation(beta = 2): Regularizer {
  return {
    name: "total-variation",
    build: (b, picture) => {
      const [, , height, width] = picture.dims as [number, number, number, number];
      const down = square(b, b.slice(difference(b, picture, 2), [0], [width - 1], [3]));
      const right = square(b, b.slice(difference(b, picture, 3), [0], [height - 1], [2]));
      const both = b.add(down, right);
      const raised =
        beta === 2 ? both : b.op("Pow", [b.add(both, b.scalar(1e-8)), b.scalar(beta / 2)]);
      return b.reduceMean(raised, inside, false);
    },
  };
}

/** Mean of |picture - grey|^p: keeps values in the middle of the range. */
export function lpNorm(p = 6): Regularizer {
  return {
    name: "lp-norm",
    build: (b, picture) => {
      const distance = b.op("Abs", [b.sub(picture, b.scalar(0.5))]);
      return b.reduceMean(b.op("Pow", [distance, b.scalar(p)]), inside, false);
    },
  };
}

/** Mean square of what lies outside 0..1; nothing inside is punished. */
export function outOfRange(): Regularizer {
  return {
    name: "out-of-range",
    build: (b, picture) => {
      const clipped = b.op("Clip", [picture, b.scalar(0), b.scalar(1)]);
      return b.reduceMean(square(b, b.sub(picture, clipped)), inside, false);
    },
  };
}

/** Mean square difference to the picture's own 5 x 5 average: punishes what a blur would remove. */
export function blurDifference(): Regularizer {
  return {
    name: "blur",
    build: (b, picture) => {
      const blurred = b.op("AveragePool", [picture], {
        kernel_shape: [5, 5],
        pads: [2, 2, 2, 2],
        count_include_pad: 0,
      });
      return b.reduceMean(square(b, b.sub(picture, blurred)), inside, false);
    },
  };
}

/**
 * Boundary complexity: structure near the picture's edge, where transforms cut it off (after Lucid's
 * `penalize_boundary_complexity`). The edge is an eighth of each side.
 */
export function boundaryComplexity(): Regularizer {
  return {
    name: "boundary-complexity",
    build: (b, picture) => {
      const [, , height, width] = picture.dims as [number, number, number, number];
      const mask = new Float32Array(height * width);
      const edge = Math.max(1, Math.round(Math.min(height, width) / 8));
      for (let i = 0; i < mask.length; i++) {
        const y = Math.floor(i / width);
        const x = i % width;
        mask[i] = Math.min(y, x, height - 1 - y, width - 1 - x) < edge ? 1 : 0;
      }
      const fromGrey = square(b, b.sub(picture, b.scalar(0.5)));
      return b.reduceMean(b.mul(fromGrey, b.constant(mask, [1, 1, height, width])), inside, false);
    },
  };
}
