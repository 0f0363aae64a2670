/**
 * @file The guard of a command: runs it in a child process, so that whatever native code does, Ctrl-C works, and an abort
 * is one line.
 */
import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { fileURLToPath } from "node:url";
import { guardReader, type Beyond } from "./channel.ts";
import { collectingSoon, givingBack } from "./given-back-memory.ts";
import { lastWords } from "./last-words.ts";
import { nativeNoise } from "./native-noise.ts";

export interface GuardedCommand {
  /** The module that the child runs; its first arguments are `watched` or `unwatched`, and the numbers of its pipe and its guard. */
  readonly module: URL;
  /** The command's name and what it is given. */
  readonly argv: readonly string[];
  /** Standard error, and whether a person watches it on a terminal. */
  readonly err: (text: string) => void;
  readonly isWatched: boolean;
  /** Ends it as Ctrl-C would. */
  readonly stop?: AbortSignal;
}

/** How long a command may take to stop by itself after Ctrl-C, with what it has made written. */
const graceMs = 2000;

/** Exit codes of a command that did not come to its own end. */
const codes = { failure: 1, interrupted: 130 } as const;

/** Runs a command in a child and returns its exit code; whatever ends it otherwise is told in one line. */
export async function runGuarded(command: GuardedCommand): Promise<number> {
  const { argv, err, isWatched } = command;
  const { child, channel } = started(command);
  const noise = nativeNoise(child.stderr!, err);
  const told = heard(child, channel, err);
  const stop = stopOnSignals(child, command.stop);
  const { code, signal, error } = await endOf(child);
  stop.forget();
  const said = noise.text();
  if (code !== null || argv.includes("--debug")) noise.show();
  if (code !== null) return code;
  if (stop.by !== undefined && stop.by !== "SIGINT") return endAs(stop.by);
  if (isWatched) err("\r\u001b[K");
  const isStopped = stop.by !== undefined;
  err(lastWords({ command: argv[0]!, ...told, isStopped, signal, error, noise: said }));
  return isStopped ? codes.interrupted : codes.failure;
}

function started({ module, argv, isWatched }: GuardedCommand): GuardedChild {
  const handedOn = descriptorsIn(argv);
  let channel = 3;
  while (handedOn.has(channel)) channel += 1;
  const stdio: StdioOptions = ["inherit", "inherit", "pipe"];
  const last = Array.from(handedOn).reduce((most, each) => Math.max(most, each), channel);
  for (let i = 3; i <= last; i += 1) {
    stdio[i] = handedOn.has(i) ? i : i === channel ? "pipe" : "ignore";
  }
  const flags = [...collectingSoon, ...process.execArgv, fileURLToPath(module)];
  const first = [isWatched ? "watched" : "unwatched", String(channel), String(process.pid)];
  const child = spawn(process.execPath, [...flags, ...first, ...argv], {
    stdio,
    env: givingBack(process.env),
  });
  return { child, channel };
}

interface GuardedChild {
  readonly child: ChildProcess;
  /** Which of its pipes it talks through. */
  readonly channel: number;
}

/** Files that a shell handed over by their numbers, which no child has unless it is given them. */
function descriptorsIn(argv: readonly string[]): ReadonlySet<number> {
  const numbers = argv.map((word) =>
    Number(/^\/(?:dev|proc\/self)\/fd\/(\d{1,2})$/.exec(word)?.[1]),
  );
  return new Set(numbers.filter((number) => number > 2));
}

/** What the child has told; text is shown at once. */
interface Told {
  model?: string;
  beyond?: Beyond;
}

function heard(child: ChildProcess, channel: number, err: (text: string) => void): Told {
  const told: Told = {};
  const read = guardReader((message) => {
    if (message.kind === "text") err(message.text);
    if (message.kind === "model") told.model = message.path;
    if (message.kind === "limit") told.beyond = message;
  });
  child.stdio.at(channel)!.on("data", (bytes: Buffer) => read(bytes));
  return told;
}

interface Stop {
  by: NodeJS.Signals | undefined;
  forget(): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Hands signals on; a child that does not stop in time, or is asked twice, is ended. */
function stopOnSignals(child: ChildProcess, asked: AbortSignal | undefined): Stop {
  let timer: NodeJS.Timeout | undefined;
  const end = () => child.kill("SIGKILL");
  const stop: Stop = {
    by: undefined,
    forget: () => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, onSignal);
      asked?.removeEventListener("abort", onAsked);
    },
  };
  function onSignal(signal: NodeJS.Signals): void {
    if (stop.by !== undefined) end();
    stop.by ??= signal;
    // A terminal hands Ctrl-C to all its processes, and on Windows nobody else can.
    if (process.platform !== "win32") child.kill(signal);
    timer ??= setTimeout(end, graceMs);
  }
  const onAsked = () => {
    // What a terminal has told it already, it need not be told again.
    if (stop.by === undefined) onSignal("SIGINT");
  };
  for (const signal of signals) process.on(signal, onSignal);
  if (asked?.aborted) onAsked();
  asked?.addEventListener("abort", onAsked);
  return stop;
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why no child could be started. */
  readonly error?: Error;
}

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, signal: null, error }));
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}

/** Ends this process as the signal would have. */
function endAs(signal: NodeJS.Signals): Promise<number> {
  process.kill(process.pid, signal);
  return new Promise(() => undefined);
}
