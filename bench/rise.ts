/** @file RISE by its command on MobileNetV2: how long until its error is small enough, and how like it is to 8,000 masks of another seed. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeNpy } from "../src/formats/npy.ts";
import { toFloat32 } from "../src/graph/tensor.ts";
import { correlation } from "../src/statistics.ts";

const command = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const folder = fileURLToPath(new URL("../out/bench/", import.meta.url));
const usual = ["creative_commons_elephant.jpeg", "dalmatian.jpg", "keract_cat.jpg"];

/** `LIMPID_MIRROR=FOLDER npm run bench -- rise [PHOTO...]`: one line a photo; needs `npm run build`. */
export function run(): Promise<void> {
  const mirror = process.env["LIMPID_MIRROR"];
  if (!mirror) throw new Error("rise: LIMPID_MIRROR must name a folder with weights and photos.");
  mkdirSync(folder, { recursive: true });
  const given = process.argv.slice(3);
  for (const photo of given.length > 0 ? given : usual) {
    const near = map(mirror, photo, ["--seed", "0"]);
    const reference = map(mirror, photo, ["--seed", "1", "--samples", "8000"]);
    const likeness = correlation(near.data, reference.data).toFixed(4);
    const { evaluations, error } = near.figures;
    console.log(
      `${photo.padEnd(32)} ${near.seconds.toFixed(2)} s, ${evaluations} masks, stated error ${error.toFixed(3)}, correlation ${likeness} with 8,000 masks (${reference.seconds.toFixed(2)} s)`,
    );
  }
  return Promise.resolve();
}

interface Timed {
  readonly data: Float32Array;
  readonly figures: { readonly evaluations: number; readonly error: number };
  /** Of the whole command. */
  readonly seconds: number;
}

function map(mirror: string, photo: string, options: readonly string[]): Timed {
  const network = join(mirror, "weights/mobilenetv2/mobilenet_v2_1.0_224.onnx");
  const raw = join(folder, "rise.npy");
  const words = ["attribute", network, join(mirror, "photos", photo), "--method", "rise"];
  const start = performance.now();
  const printed = execFileSync(
    process.execPath,
    [command, ...words, ...options, "--out", join(folder, "rise.png"), "--raw", raw, "--json"],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  const seconds = (performance.now() - start) / 1000;
  const [result] = (JSON.parse(printed) as { results: Pick<Timed, "figures">[] }).results;
  return { data: toFloat32(decodeNpy(readFileSync(raw), raw)), ...result!, seconds };
}
