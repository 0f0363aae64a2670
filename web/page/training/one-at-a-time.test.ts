/** @file Questions that are asked one at a time, in any schedule. */
import { array, assert, asyncProperty, boolean, record } from "fast-check";
import { expect, test } from "vitest";
import { OneAtATime } from "./one-at-a-time.ts";

/** A question, whether it fails, and whether the one that is asked is answered before the next comes. */
const step = record({ fails: boolean(), isAnswered: boolean() });
const settled = () =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, 0);
  });

test("one is asked at a time, the last of them last, and all resolve or throw as it does", async () => {
  await assert(
    asyncProperty(array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const questions = new OneAtATime();
      const asked: number[] = [];
      const answers: (() => void)[] = [];
      const ask = (number: number) =>
        questions.ask(() => {
          expect(answers).toEqual([]);
          asked.push(number);
          return new Promise((resolve, reject) => {
            answers.push(() => {
              if (steps[number]!.fails) reject(new Error(`${number}`));
              else resolve();
            });
          });
        });
      /** What came of those that were asked for since all was at rest. */
      let came: string[] = [];
      const end = (number: number) =>
        void ask(number).then(
          () => came.push("answered"),
          (cause: Error) => came.push(cause.message),
        );
      let waiting = 0;
      for (const [number, { isAnswered }] of steps.entries()) {
        end(number);
        waiting += 1;
        if (!isAnswered && number < steps.length - 1) continue;
        for (let answer = answers.pop(); answer; answer = answers.pop()) {
          expect(came).toEqual([]);
          answer();
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          await settled();
        }
        const last = asked.at(-1)!;
        expect(last).toBe(number);
        expect(came).toEqual(Array(waiting).fill(steps[last]!.fails ? `${last}` : "answered"));
        [came, waiting] = [[], 0];
      }
      expect(asked).toEqual([...new Set(asked)].toSorted((a, b) => a - b));
    }),
  );
});
