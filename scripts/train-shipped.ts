/** @file Trains the networks that ship, by the command line that anybody has, and puts them into assets/networks. */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What `limpid train` is given for each network; all weights are stored in half precision. */
const networks: Readonly<Record<string, string>> = {
  mnist: "mnist",
  "cats-dogs": "cats-dogs",
  pets: "pets",
  "shapes-segment": "shapes --task segment",
  "shapes-detect": "shapes --task detect",
};

const asked = process.argv.slice(2);
for (const [name, options] of Object.entries(networks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const out = join("out", "shipped", name);
  const argv = ["dist/cli/main.js", "train", ...options.split(" "), "--precision", "float16"];
  const { status } = spawnSync(process.execPath, [...argv, "--out", out], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(join(root, "assets", "networks"), { recursive: true });
  copyFileSync(join(root, out, "model.onnx"), join(root, "assets", "networks", `${name}.onnx`));
}
