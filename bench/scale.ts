/** @file What an atlas takes on many machines: measured rates multiplied out, with what the simulated queue loses. */
import { randomStream } from "../src/random.ts";
import { simulated } from "../test/simulated-queue.ts";

/** Multiply-adds of one picture of 224 x 224 in thousands of millions, as the networks' authors count them. */
const networks = [
  { name: "ResNet50", multiplyAdds: 4.1, units: 26_560, sidePx: 96 },
  // Its embedding of positions has one size alone.
  { name: "ViT-B/16", multiplyAdds: 17.6, units: 9216, sidePx: 224 },
] as const;

/** Core seconds for each thousand million multiply-adds: those of GoogLeNet's deepest layer, as docs/scale.md has them. */
const rates = { icon: 0.46, photo: 0.073 } as const;

const photos = 10_000_000;
const coresOfWorker = 2;
/** An assumption of November 2026. */
const dollarsOfCoreHour = 0.04;
const [unitsOfJob, photosOfJob] = [32, 64];

export async function run(): Promise<void> {
  console.log(
    "| network | work | cores | workers | lost | hours | USD |\n| - | - | - | - | - | - | - |",
  );
  for (const { name, multiplyAdds, units, sidePx } of networks) {
    const icon = rates.icon * multiplyAdds * (sidePx / 96) ** 2;
    await rows(`${name} | ${units} icons`, units, icon, unitsOfJob);
    await rows(`${name} | ${photos} photos`, photos, rates.photo * multiplyAdds, photosOfJob);
  }
}

async function rows(
  what: string,
  count: number,
  coreSeconds: number,
  ofJob: number,
): Promise<void> {
  for (const cores of [1, 32, 1000]) {
    const workers = Math.max(1, cores / coresOfWorker);
    const seconds = (ofJob * coreSeconds) / Math.min(cores, coresOfWorker);
    const kept = cores === 1 ? 1 : await share(workers, seconds, Math.ceil(count / ofJob));
    const hours = (count * coreSeconds) / 3600 / cores / kept;
    const cells = [what, cores, workers, `${((1 - kept) * 100).toFixed(1)} %`];
    console.log(
      `| ${[...cells, hours.toPrecision(3), (hours * cores * dollarsOfCoreHour).toPrecision(3)].join(" | ")} |`,
    );
  }
}

/** What is kept of `workers` times one's speed until all is done; of many jobs, the last few for each worker are simulated. */
async function share(workers: number, seconds: number, jobs: number): Promise<number> {
  const random = randomStream("scale", workers, seconds);
  const most = Math.min(jobs, 40 * workers);
  const drawn = Array.from({ length: most }, (_, i) => ({
    part: `parts/${i}`,
    needs: [],
    seconds: seconds * Math.exp(random.normal() * 0.2),
  }));
  const work = drawn.reduce((sum, job) => sum + job.seconds, 0);
  const all = Array.from({ length: workers }, () => ({ speed: 1 }));
  const { times } = await simulated({ jobs: drawn, workers: all, leaseMs: 60_000, questionMs: 1 });
  const lost = times.at(-1)! * workers - work;
  return (work * (jobs / most)) / (work * (jobs / most) + lost);
}
