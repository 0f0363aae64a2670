/** @file Thumbs on a page: taps, drags and pinches as a touch screen tells them. */
import type { Page } from "playwright-core";

type Point = readonly [x: number, y: number];

export interface Thumbs {
  tap(at: Point): Promise<void>;
  drag(from: Point, to: Point): Promise<void>;
  /** Two fingers beside a point, so far from it in the beginning and in the end. */
  pinch(around: Point, from: number, to: number): Promise<void>;
}

/** Steps of a movement. */
const steps = 12;

export async function touches(page: Page): Promise<Thumbs> {
  const session = await page.context().newCDPSession(page);
  const send = (type: "touchStart" | "touchMove" | "touchEnd", points: readonly Point[]) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: points.map(([x, y], id) => ({ x, y, id })),
    });
  const move = async (at: (share: number) => readonly Point[]) => {
    await send("touchStart", at(0));
    for (let i = 1; i <= steps; i++) await send("touchMove", at(i / steps));
    await send("touchEnd", []);
  };
  return {
    tap: async (at) => {
      await send("touchStart", [at]);
      await send("touchEnd", []);
    },
    drag: ([x, y], [toX, toY]) => move((share) => [[x + share * (toX - x), y + share * (toY - y)]]),
    pinch: ([x, y], from, to) =>
      move((share) => {
        const far = from + share * (to - from);
        return [
          [x - far, y],
          [x + far, y],
        ];
      }),
  };
}
