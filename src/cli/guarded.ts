/** @file The limpid command under guard: what a person is to read goes to the guard, and a watch keeps the limits. */
import { tellGuard } from "../guard/channel.ts";
import { setWatch } from "../guard/guarded-process.ts";
import { runProcess } from "./process-run.ts";
import { limitsIn } from "./limits.ts";

const [watched, pipeText, guardText, ...argv] = process.argv.slice(2);
const limits = limitsIn(argv);
const pipe = Number(pipeText);
setWatch(limits, { pipe, guard: Number(guardText) });
await runProcess(argv, {
  err: (text) => tellGuard(pipe, { kind: "text", text }),
  isWatched: watched === "watched",
  limits,
  onModel: (path) => tellGuard(pipe, { kind: "model", path }),
});
