/** @file Shapes by their signed distance: negative inside, in the units of the frame they are drawn in. */

export type Point = readonly [x: number, y: number];

/** An area of the plane. */
export interface Shape {
  /** Distance of a point from the edge; negative inside. Near the edge it must be right. */
  distance(x: number, y: number): number;
  /** Left, top, right and bottom of a rectangle that the shape lies in. */
  readonly bounds: readonly [number, number, number, number];
}

/** An ellipse, turned clockwise; its distance is that of a first-order expansion. */
export function ellipse(centre: Point, radii: Point, degrees = 0): Shape {
  const [sin, cos] = sinCos(degrees);
  const reach = Math.max(...radii);
  const [x0, y0] = centre;
  return {
    bounds: [x0 - reach, y0 - reach, x0 + reach, y0 + reach],
    distance: (x, y) => {
      const across = (cos * (x - x0) + sin * (y - y0)) / radii[0];
      const down = (cos * (y - y0) - sin * (x - x0)) / radii[1];
      const value = Math.sqrt(across * across + down * down);
      const slope = Math.sqrt((across / radii[0]) ** 2 + (down / radii[1]) ** 2);
      return slope === 0 ? -Math.min(...radii) : (value * (value - 1)) / slope;
    },
  };
}

function sinCos(degrees: number): readonly [number, number] {
  return [Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180)];
}

/** A line through points, its half width changing evenly from the first to the last. */
export function line(points: readonly Point[], from: number, to: number = from): Shape {
  const pieces = points.slice(1).map(([x1, y1], i) => {
    const [x0, y0] = points[i]!;
    const [alongX, alongY] = [x1 - x0, y1 - y0];
    return { x0, y0, alongX, alongY, perSquare: 1 / (alongX * alongX + alongY * alongY) };
  });
  const growth = (to - from) / pieces.length;
  return {
    bounds: boundsOf(points, Math.max(from, to)),
    distance: (x, y) => {
      let nearest = Infinity;
      for (let i = 0; i < pieces.length; i++) {
        const { x0, y0, alongX, alongY, perSquare } = pieces[i]!;
        const share = ((x - x0) * alongX + (y - y0) * alongY) * perSquare;
        const t = share < 0 ? 0 : share > 1 ? 1 : share;
        const offX = x - x0 - t * alongX;
        const offY = y - y0 - t * alongY;
        const distance = Math.sqrt(offX * offX + offY * offY) - (from + growth * (i + t));
        if (distance < nearest) nearest = distance;
      }
      return nearest;
    },
  };
}

/** Points of a quadratic Bezier curve. */
export function curve(from: Point, towards: Point, to: Point, steps = 6): readonly Point[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const t = i / steps;
    const at = (axis: 0 | 1) =>
      (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * towards[axis] + t ** 2 * to[axis];
    return [at(0), at(1)];
  });
}

/** A polygon, grown by `rounding` with round corners. */
export function polygon(points: readonly Point[], rounding = 0): Shape {
  return {
    bounds: boundsOf(points, rounding),
    distance: (x, y) => {
      let squared = Infinity;
      let isInside = false;
      for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
        const [[x0, y0], [x1, y1]] = [points[i]!, points[j]!];
        const [alongX, alongY] = [x1 - x0, y1 - y0];
        const share = ((x - x0) * alongX + (y - y0) * alongY) / (alongX ** 2 + alongY ** 2);
        const t = Math.min(Math.max(share, 0), 1);
        squared = Math.min(squared, (x - x0 - t * alongX) ** 2 + (y - y0 - t * alongY) ** 2);
        const crosses = y0 > y !== y1 > y;
        if (crosses && x < x0 + (alongX * (y - y0)) / alongY) isInside = !isInside;
      }
      return (isInside ? -1 : 1) * Math.sqrt(squared) - rounding;
    },
  };
}

function boundsOf(points: readonly Point[], reach: number): Shape["bounds"] {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [
    Math.min(...xs) - reach,
    Math.min(...ys) - reach,
    Math.max(...xs) + reach,
    Math.max(...ys) + reach,
  ];
}

/** The union of shapes that melt into each other over `softness`. */
export function melted(shapes: readonly Shape[], softness: number): Shape {
  return {
    bounds: shapes
      .map((shape) => shape.bounds)
      .reduce((a, b) => [
        Math.min(a[0], b[0]) - softness,
        Math.min(a[1], b[1]) - softness,
        Math.max(a[2], b[2]) + softness,
        Math.max(a[3], b[3]) + softness,
      ]),
    distance: (x, y) => {
      let nearest = Infinity;
      for (const shape of shapes) {
        const distance = shape.distance(x, y);
        const share = Math.max(softness - Math.abs(nearest - distance), 0) / softness;
        nearest = Math.min(nearest, distance) - (share * share * softness) / 4;
      }
      return nearest;
    },
  };
}

/** What lies in both shapes. */
export function overlap(a: Shape, b: Shape): Shape {
  return { bounds: a.bounds, distance: (x, y) => Math.max(a.distance(x, y), b.distance(x, y)) };
}

/** The shape with an edge that `height` (in -1..1) moves in and out by up to `amount`. */
export function frayed(
  shape: Shape,
  amount: number,
  height: (x: number, y: number) => number,
): Shape {
  const [left, top, right, bottom] = shape.bounds;
  return {
    bounds: [left - amount, top - amount, right + amount, bottom + amount],
    distance: (x, y) => {
      const distance = shape.distance(x, y);
      return Math.abs(distance) > 2 * amount ? distance : distance + amount * height(x, y);
    },
  };
}
