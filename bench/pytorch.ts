/** @file The PyTorch twin as a competitor: a child process that answers with its own timings. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Competitor } from "./measure.ts";

export interface PyTorchTwin {
  readonly competitor: (work: string, perTurn?: number) => Competitor;
  readonly close: () => void;
}

/**
 * Starts `script` (beside this file) with Debian's Python and waits until it prints "ready". Install
 * python3-torch, python3-torchvision and libopenblas0-pthread: the reference BLAS is many times slower.
 */
export async function startPyTorch(script: string, args: readonly string[]): Promise<PyTorchTwin> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn("/usr/bin/python3", [path, ...args], { stdio: ["pipe", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done) throw new Error(`${script} ${args.join(" ")} ended early`);
    return line.value;
  };
  while ((await next()) !== "ready");
  return {
    competitor: (work, perTurn) => ({
      name: "PyTorch",
      ...(perTurn === undefined ? {} : { perTurn }),
      run: async (count) => {
        child.stdin.write(`${work} ${count}\n`);
        return JSON.parse(await next()) as number[];
      },
    }),
    close: () => child.kill(),
  };
}
