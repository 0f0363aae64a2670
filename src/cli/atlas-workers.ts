/** @file Further processes of `limpid atlas` on this machine, which do jobs of the same folder. */
import { extname } from "node:path";
import { cpus } from "node:os";
import { runGuarded } from "../guard/guard.ts";
import type { TerminalContext } from "./job-context.ts";

/** Options of the command that are not their workers' own. */
const ownOptions: ReadonlySet<string> = new Set(["--workers", "--threads", "--together"]);

/** Threads of each of so many processes, so that together they are as many as there are cores. */
export function threadsOfEach(processes: number): number {
  return Math.max(Math.floor(cpus().length / processes), 1);
}

/** How a worker is told what to do: as the command was, but for its share of the machine. */
export function workerArgv(argv: readonly string[], threads: number): readonly string[] {
  const kept = argv.filter((word, i) => {
    const isOwn = ownOptions.has(word.replace(/=.*$/s, ""));
    const isValue = ["--workers", "--threads"].includes(argv[i - 1] ?? "");
    return !isOwn && !isValue;
  });
  return [...kept, "--helps", "--threads", String(threads)];
}

interface Asked {
  /** Processes, this one among them. */
  readonly workers: number;
  /** Threads of each. */
  readonly threads: number;
  /** As this command was asked for. */
  readonly argv: readonly string[];
}

/** Does work beside workers, which are stopped when it is done, fails or is stopped. A worker that ends before is told of. */
export async function besideWorkers<T>(
  { workers, threads, argv }: Asked,
  context: TerminalContext,
  work: () => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const module = new URL(`guarded${extname(import.meta.url)}`, import.meta.url);
  const others = Array.from({ length: workers - 1 }, async () => {
    let said = "";
    const err = (text: string) => void (said = text);
    const own = { module, argv: workerArgv(argv, threads), isWatched: false };
    const code = await runGuarded({ ...own, err, stop: stop.signal });
    if (code === 0 || stop.signal.aborted || context.signal.aborted) return;
    const reason = said.trim().replace(/^limpid: /, "");
    context.onFailure?.(`a worker ended, and the others do its jobs: ${reason}`);
  });
  try {
    return await work();
  } finally {
    stop.abort();
    await Promise.all(others);
  }
}
