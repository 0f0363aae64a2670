import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ExcitedMoment } from "../../training-protocol.ts";
import { nearestExcited, nextExcited } from "./excited-moments.ts";

const made = (numbers: readonly number[], moments: readonly number[]) =>
  new Map(
    numbers.map((number): [number, ExcitedMoment] => [
      number,
      { number, epoch: moments[number]!, steps: 24, answers: [] },
    ]),
  );
const moments = [0, 0.4, 1, 1.5, 2, 2.7, 3, 3.5];

test("while it trains the latest after 1, 2, 4 ... epochs gets pictures, and is not asked for twice", () => {
  const next = (upTo: number, numbers: readonly number[]) =>
    nextExcited({
      moments: moments.slice(0, upTo),
      excited: made(numbers, moments),
      shown: upTo - 1,
      isRunning: true,
      isShownOnly: false,
    });
  expect(next(2, [])).toBeUndefined();
  expect(next(3, [])).toBe(2);
  expect(next(4, [2])).toBeUndefined();
  expect(next(5, [])).toBe(4);
  expect(next(8, [4])).toBeUndefined();
});

test("when it rests what is looked at comes first, then all ends of epochs, until nothing is left", () => {
  const order: number[] = [];
  for (;;) {
    const excited = made(order, moments);
    const number = nextExcited({
      moments,
      excited,
      shown: 3,
      isRunning: false,
      isShownOnly: false,
    });
    if (number === undefined) break;
    order.push(number);
  }
  expect(order).toEqual([3, 6, 4, 2, 0]);
});

test("the nearest that is made is shown, whatever the order in which they came", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.nat(moments.length - 1)),
      fc.double({ min: 0, max: 4, noNaN: true }),
      (numbers, epoch) => {
        const nearest = nearestExcited(made(numbers, moments), epoch);
        const least = numbers.map((number) => Math.abs(moments[number]! - epoch));
        expect(nearest === undefined).toBe(numbers.length === 0);
        if (nearest)
          for (const apart of least)
            expect(Math.abs(nearest.epoch - epoch)).toBeLessThanOrEqual(apart);
      },
    ),
  );
});
