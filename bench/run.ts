/** @file `npm run bench -- NAME`: runs one benchmark and prints ratios. */

const benchmarks: Readonly<Record<string, () => Promise<{ run: () => Promise<void> }>>> = {
  activations: () => import("./activations.ts"),
  atlas: () => import("./atlas.ts"),
  attribution: () => import("./attribution.ts"),
  engine: () => import("./engine.ts"),
  "gradient-cost": () => import("./gradient-cost.ts"),
  "gradient-cost-web": () => import("./gradient-cost-web.ts"),
  faults: () => import("./faults.ts"),
  "keras-opening": () => import("./keras-opening.ts"),
  kills: () => import("./kills.ts"),
  maximize: () => import("./maximize.ts"),
  page: () => import("./page.ts"),
  "planted-truth": () => import("./planted-truth.ts"),
  rise: () => import("./rise.ts"),
  profile: () => import("./profile.ts"),
  scale: () => import("./scale.ts"),
  train: () => import("./train.ts"),
  "weight-gradients": () => import("./weight-gradients.ts"),
};

const name = process.argv[2] ?? "";
const load = benchmarks[name];
if (!load) {
  console.error(
    `bench: the name must be one of ${Object.keys(benchmarks).join(", ")}, got "${name}".`,
  );
  process.exitCode = 2;
} else {
  await (await load()).run();
}
