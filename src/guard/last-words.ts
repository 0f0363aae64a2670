/** @file One line for a command whose process did not come to its own end. */
import { shownText } from "../wording/shown-text.ts";
import { sizeText, timeText } from "../wording/limits.ts";
import type { Beyond } from "./channel.ts";

/** What is known of how it ended. */
export interface Ending {
  /** The command's name. */
  readonly command: string;
  /** The network that was at work. */
  readonly model?: string | undefined;
  /** The limit that it went beyond. */
  readonly beyond?: Beyond | undefined;
  /** Whether somebody asked it to stop. */
  readonly isStopped: boolean;
  readonly signal: NodeJS.Signals | null;
  /** Why no process could be started. */
  readonly error?: Error | undefined;
  /** What native code said, which may tell that JavaScript's heap was full. */
  readonly noise: string;
}

const kept = "what was finished stays.";

/** The line, with its end. */
export function lastWords(ending: Ending): string {
  const { command, model, beyond, isStopped, error } = ending;
  const what = model === undefined ? `limpid ${command}` : `"${shownText(model)}"`;
  if (error) {
    return `limpid: guard: a process of its own must start for the work, got "${error.message}". free memory or processes.\n`;
  }
  if (isStopped) return `limpid: ${command}: stopped before it was done; ${kept}\n`;
  if (beyond) {
    const { is, got } = beyondText(beyond);
    return `limpid: guard: ${what} must be done within ${is}, got ${got}. ${kept} --${beyond.limit}-limit allows more.\n`;
  }
  return `limpid: guard: ${what} must be computed without an abort, got ${causeOf(ending)}. ${kept} ${adviceOf(ending)}\n`;
}

/** What is allowed and what was taken, in words. */
export function beyondText({ limit, is, got }: Beyond): Readonly<Record<"is" | "got", string>> {
  return limit === "memory"
    ? { is: `${sizeText(is)} of memory`, got: sizeText(got) }
    : { is: timeText(is), got: timeText(got) };
}

/** What ended a process by a signal. */
export function causeOf({ signal, noise }: Pick<Ending, "signal" | "noise">): string {
  if (/heap out of memory/i.test(noise)) return "a full heap of JavaScript";
  if (signal === "SIGKILL") return "SIGKILL, as the system does where memory runs out";
  return `${signal ?? "no exit code"} in native code`;
}

function adviceOf({ signal, noise }: Ending): string {
  if (signal === "SIGKILL" || /heap out of memory/i.test(noise)) {
    return "ask for less at once, or use a machine with more memory.";
  }
  return "the network asks for something that the runtime does not check; --debug shows what it said.";
}
