/** @file Which pictures show next to nothing of what they were made for. */

/** A picture that reaches less than so many times what it started with has hardly moved. */
const leastRise = 1.25;

/** Whether a picture excites what it was made for hardly more than what it was made from does, or less. */
export function isUnmoved(start: number, reached: number): boolean {
  return !(reached > leastRise * Math.max(start, 0));
}
