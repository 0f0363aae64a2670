/** @file How many frames a second there are, over the last second. */
const overMs = 1000;

export class FrameRate {
  #times: number[] = [];

  /** The rate after a frame at a time in milliseconds; 0 after the first. */
  after(time: number): number {
    this.#times = [...this.#times.filter((each) => time - each < overMs), time];
    const first = this.#times[0]!;
    return time > first ? ((this.#times.length - 1) * 1000) / (time - first) : 0;
  }
}
