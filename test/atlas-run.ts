/** @file A run of an atlas in a process of its own: `atlas-run.ts MODEL PHOTOS OUT`, with other runs in the same folder. */
import { fileURLToPath } from "node:url";
import { atlas } from "../src/atlas/atlas.ts";
import { jobPlatform } from "../src/app/job-platform.ts";
import { nodePlatform } from "../src/node/platform.ts";
import { commandWords } from "../src/wording/face.ts";

const [model, photos, out] = process.argv.slice(2) as [string, string, string];
const platform = jobPlatform({
  ...nodePlatform,
  // The page is built apart; here it is whatever file.
  shipped: async (name) => (name.startsWith("atlas/") ? fileURLToPath(import.meta.url) : undefined),
});
const request = { model, photos, out, preset: "icons", seed: 0, runtime: "cpu" } as const;
await atlas(
  { ...request, together: true },
  { platform, signal: { aborted: false }, offline: true, words: commandWords },
);
