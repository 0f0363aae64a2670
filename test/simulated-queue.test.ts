/** @file A hundred simulated workers with stragglers, on the very loop that workers run. */
import { expect, test } from "vitest";
import { randomStream } from "../src/random.ts";
import { simulated, type DrawnWorker } from "./simulated-queue.ts";

/** Jobs of about a minute; one of fifty takes ten times as long. */
function drawnJobs(count: number) {
  const random = randomStream("stragglers");
  return Array.from({ length: count }, (_, i) => ({
    part: `parts/${i}`,
    needs: [],
    seconds: 60 * Math.exp(random.normal() * 0.3) * (random.below(50) === 0 ? 10 : 1),
  }));
}

const timing = { leaseMs: 60_000, questionMs: 1 };

test("a hundred workers, five slow and three that go away, scale until 80 % of the jobs are done", async () => {
  const jobs = drawnJobs(2000);
  const workers = Array.from({ length: 100 }, (_, i): DrawnWorker => {
    if (i < 5) return { speed: 0.2 };
    return i < 8 ? { speed: 1, goneAfter: 400 * (i - 4) } : { speed: 1 };
  });
  const one = await simulated({ ...timing, jobs, workers: [{ speed: 1 }] });
  const all = await simulated({ ...timing, jobs, workers });
  const done = Math.ceil(0.8 * jobs.length) - 1;
  expect(all.times).toHaveLength(jobs.length);
  expect(one.times[done]! / all.times[done]! / workers.length).toBeGreaterThan(0.9);
  // Three workers took a job with them, and nothing else was done twice.
  expect(all.begun).toBe(jobs.length + 3);
});

test("a worker whose lease runs out while it works does no harm", async () => {
  const jobs = drawnJobs(20);
  const asleep = { speed: 0.01 };
  const { times } = await simulated({
    ...timing,
    leaseMs: 1000,
    questionMs: 400,
    jobs,
    workers: [asleep, { speed: 1 }],
  });
  expect(times).toHaveLength(20);
});
