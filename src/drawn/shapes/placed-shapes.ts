/** @file Circles, squares and triangles in a scene: which ones, where, how large, and which lies above which. */
import type { RandomStream } from "../../random.ts";
import { ellipse, polygon, type Point, type Shape } from "../painting/shapes.ts";

/** Classes of drawn shapes, from 0. */
export const shapeKinds = ["circle", "square", "triangle"] as const;

export interface PlacedShape {
  /** Index of `shapeKinds`. */
  readonly kind: number;
  /** In shares of the picture's shorter side from its middle. */
  readonly centre: Point;
  /** The radius of the circle with as large an area. */
  readonly radius: number;
  readonly outline: Shape;
}

/** What shapes of a unit radius reach at most from their centre: a triangle's corners lie furthest. */
const reaches = [1, Math.sqrt(Math.PI / 2), Math.sqrt((4 * Math.PI) / (3 * Math.sqrt(3)))] as const;
const corners = [0, 4, 3] as const;

const mostTries = 200;
/** Share of the smaller of two shapes that the larger may reach over, by circles of their areas. */
const mostOverlap = 0.3;

/**
 * Two to five shapes, the first at the back. Kind, place, size and turn are drawn apart from each other; a
 * shape that would hide another, or be cut off by the border, is drawn anew.
 */
export function placeShapes(random: RandomStream): readonly PlacedShape[] {
  const wanted = 2 + random.below(4);
  const placed: PlacedShape[] = [];
  for (let tries = 0; placed.length < wanted && (tries < mostTries || placed.length < 2); tries++) {
    const shape = drawShape(random);
    if (placed.every((other) => overlapOf(shape, other) <= mostOverlap)) placed.push(shape);
  }
  return placed;
}

function drawShape(random: RandomStream): PlacedShape {
  const kind = random.below(shapeKinds.length);
  const radius = random.between(0.085, 0.19);
  const reach = radius * reaches[kind]!;
  const room = 0.49 - reach;
  const centre = [random.between(-room, room), random.between(-room, room)] as const;
  const turn = random.between(0, 2 * Math.PI);
  const points = Array.from({ length: corners[kind]! }, (_, i): Point => {
    const angle = turn + (2 * Math.PI * i) / corners[kind]!;
    return [centre[0] + reach * Math.cos(angle), centre[1] + reach * Math.sin(angle)];
  });
  const outline = points.length === 0 ? ellipse(centre, [radius, radius]) : polygon(points);
  return { kind, centre, radius, outline };
}

/** How far the circles of two areas reach into each other, as a share of the smaller one's width. */
function overlapOf(a: PlacedShape, b: PlacedShape): number {
  const apart = Math.hypot(a.centre[0] - b.centre[0], a.centre[1] - b.centre[1]);
  return (a.radius + b.radius - apart) / (2 * Math.min(a.radius, b.radius));
}
