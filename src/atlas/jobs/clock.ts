/** @file The time by which runs wait and claims are renewed; tests have one of their own. */

export interface Clock {
  pause(ms: number): Promise<void>;
  /** Calls `work` again and again until the function that it returns is called. */
  every(ms: number, work: () => void): () => void;
}

/** The machine's. */
export const machineClock: Clock = {
  pause: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms);
    }),
  every: (ms, work) => {
    const timer = setInterval(work, ms);
    return () => clearInterval(timer);
  },
};
