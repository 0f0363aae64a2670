/**
 * @file Functions that the first map does not call: the build puts them into a file of their own and others in their place,
 * which call them by their numbers here.
 */

type LaterFunction = (...given: never[]) => unknown;

let functions: readonly LaterFunction[] | undefined;
/** Of functions that were called before they were there. */
let misses = 0;

/** Called by their file when it is there. */
export function keepLater(given: readonly LaterFunction[]): void {
  functions = given;
}

/** Throws where their file is not there yet; `withLaterCode` hears of it. */
export function laterFunction(number: number): LaterFunction {
  if (functions) return functions[number]!;
  misses += 1;
  throw new Error("page: code must be there, got none yet.");
}

/** What is in the place of the function of a number, and throws as `laterFunction`. */
export function standIn(number: number): LaterFunction {
  return (...given) => laterFunction(number)(...given);
}

/** The same of one that is asynchronous, which waits. Throws as `untilLater`. */
export function waitingStandIn(number: number): LaterFunction {
  return async (...given) => {
    await untilLater();
    return laterFunction(number)(...given);
  };
}

/** Resolves when they are there. Throws where their file cannot be fetched. */
export async function untilLater(): Promise<void> {
  if (!functions) await import("./later-functions.ts");
}

/** An answer; one for which they were missed is made anew with them, whatever became of it without. */
export async function withLaterCode<T>(answer: () => Promise<T>): Promise<T> {
  if (functions) return answer();
  const before = misses;
  try {
    const given = await answer();
    if (misses === before) return given;
  } catch (error) {
    if (misses === before) throw error;
  }
  await untilLater();
  return answer();
}
