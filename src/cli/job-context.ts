/** @file What a command hands to a job: this machine, the terminal to tell, and Ctrl-C. */
import { commandWords, wordsOf, type Message } from "../wording/face.ts";
import type { JobContext } from "../app/context.ts";
import { jobPlatform } from "../app/job-platform.ts";
import type { Platform } from "../app/platform.ts";
import { nodePlatform } from "../node/platform.ts";
import { openRuntime } from "../node/runtimes.ts";
import type { CommandIo } from "./io.ts";
import { progressLine } from "./progress.ts";
import { oneLine, shownLines } from "../wording/shown-text.ts";

/** A job's context that can also print results between lines of progress. */
export interface TerminalContext extends JobContext {
  print(text: string): void;
  /** Says what is no result: how far a job is. */
  tell(text: string): void;
}

/** Options of commands that open a network. */
export interface ContextOptions {
  readonly offline?: boolean;
  readonly weights?: string;
  /** Threads of a runtime; without it one for each core. */
  readonly threads?: number;
}

/** Those, and what is printed. */
export interface JobOptions extends ContextOptions {
  readonly json?: boolean;
}

/** The context of a command's job: notes and failures are lines of `io.err`, progress is drawn below them. */
export function contextOf(
  io: CommandIo,
  { offline = false, weights, threads }: ContextOptions = {},
): TerminalContext {
  const line = progressLine(io);
  const say = (prefix: string, message: string | Message) => {
    line.clear();
    io.err(`${prefix}: ${oneLine(wordsOf(message, commandWords))}\n`);
  };
  return {
    platform: jobPlatform(limitedPlatform(io, threads)),
    signal: io.signal,
    words: commandWords,
    offline,
    ...(weights === undefined ? {} : { weights }),
    ...(io.isWatched ? { onProgress: (event) => line.show(event) } : {}),
    onNote: (text) => say("note", text),
    onFailure: (text) => say("limpid", text),
    print: (text) => {
      line.clear();
      io.out(shownLines(text));
    },
    tell: (text) => {
      line.clear();
      if (text !== "") io.err(shownLines(text));
    },
  };
}

/** This machine within the limits; the guard, if there is one, is told which network is opened. */
function limitedPlatform({ onModel, limits }: CommandIo, threads: number | undefined): Platform {
  return {
    ...nodePlatform,
    source: (path) => {
      onModel?.(path);
      return nodePlatform.source(path);
    },
    fetchBytes: (address, request) => {
      onModel?.(address);
      return nodePlatform.fetchBytes(address, request);
    },
    openRuntime: (name) => openRuntime(name, limits, threads),
  };
}
