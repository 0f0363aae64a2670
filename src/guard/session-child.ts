/** @file A process that computes, as a guarded runtime sees it: calls, their answers, and its end. */
import { fork, type ChildProcess } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { LimpidError } from "../errors.ts";
import { option, say } from "../wording/face.ts";
import { timeText, type Limits } from "../wording/limits.ts";
import { guardReader } from "./channel.ts";
import { beyondText, causeOf } from "./last-words.ts";
import { givingBack } from "./given-back-memory.ts";
import type { SessionAnswer, SessionCall, SessionResults } from "./session-messages.ts";

interface Waiting {
  resolve(result: never): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

/** What a timer can wait. */
const mostSeconds = 2e6;

/** The process; it is kept from ending the program only while it is asked something. */
export class SessionChild {
  readonly #name: string;
  readonly #timeSeconds: number;
  readonly #onEnd: () => void;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #end: LimpidError | undefined;

  /** `onEnd` is told when no more can be asked. */
  constructor(name: string, limits: Limits, onEnd: () => void) {
    this.#name = name;
    this.#timeSeconds = limits.timeSeconds;
    this.#onEnd = onEnd;
    const module = new URL(`session-process${extname(import.meta.url)}`, import.meta.url);
    this.#child = fork(fileURLToPath(module), [limits.memoryBytes, process.pid].map(String), {
      // Flags of the program, such as those of a debugger or of code on the command line, are not for this process.
      execArgv: [],
      env: givingBack(process.env),
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "pipe", "ipc"],
    });
    this.#child.on("message", (answer: SessionAnswer) => this.#take(answer));
    const causeBy = this.#listen();
    this.#child.once("error", (error) => this.#ended(error.message));
    this.#child.once("close", (_, signal) => this.#ended(causeBy(signal)));
    this.#rest();
  }

  /** Throws what the process says, and `runtime` when it ends. */
  ask<Kind extends SessionCall["kind"]>(
    call: Extract<SessionCall, { kind: Kind }>,
  ): Promise<SessionResults[Kind]> {
    if (this.#end) return Promise.reject(this.#end);
    this.#asked += 1;
    const id = this.#asked;
    this.#child.ref();
    this.#child.channel?.ref();
    return new Promise<SessionResults[Kind]>((resolve, reject) => {
      const timer = setTimeout(
        () => this.kill(this.#lateError()),
        1000 * Math.min(this.#timeSeconds, mostSeconds),
      );
      this.#waiting.set(id, { resolve, reject, timer });
      this.#child.send({ id, call }, (error) => {
        if (!error) return;
        // A process that takes no more is at its end, of which "close" says why.
        if (isLost(error)) this.#child.kill("SIGKILL");
        else this.#take({ id, error: error.message });
      });
    });
  }

  /** Ends the process at once; what is asked fails with `reason`. */
  kill(reason: LimpidError): void {
    this.#fail(reason);
    this.#onEnd();
    this.#child.kill("SIGKILL");
  }

  /** What ended the process, as far as it said so. */
  #listen(): (signal: NodeJS.Signals | null) => string {
    const [, , errors, words] = this.#child.stdio;
    let noise = "";
    let beyond: string | undefined;
    errors!.on("data", (text: Buffer) => (noise = `${noise}${text.toString()}`.slice(-4096)));
    const read = guardReader((message) => {
      if (message.kind !== "limit") return;
      const { is, got } = beyondText(message);
      beyond = `${got} where ${is} is allowed`;
    });
    words!.on("data", (bytes: Buffer) => read(bytes));
    return (signal) => beyond ?? causeOf({ signal, noise });
  }

  #ended(cause: string): void {
    this.#fail(
      new LimpidError(
        "runtime",
        `${this.#name}: the process that computes must stay, got its end by ${cause}. what is asked next gets another.`,
      ),
    );
    this.#onEnd();
  }

  #take(answer: SessionAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    clearTimeout(waiting?.timer);
    if (this.#waiting.size === 0) this.#rest();
    if ("error" in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.result as never);
  }

  #fail(reason: LimpidError): void {
    this.#end ??= reason;
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(this.#end);
    }
    this.#waiting.clear();
    this.#rest();
  }

  #lateError(): LimpidError {
    return new LimpidError(
      "runtime",
      say`${this.#name}: a run must be done within ${timeText(this.#timeSeconds)}, got none that ended. ${option("time-limit")} allows more.`,
    );
  }

  #rest(): void {
    this.#child.unref();
    this.#child.channel?.unref();
    for (const stream of this.#child.stdio.slice(2, 4)) {
      if (stream && "unref" in stream && typeof stream.unref === "function") stream.unref();
    }
  }
}

/** Whether what was sent found nobody who takes it. */
function isLost(error: NodeJS.ErrnoException): boolean {
  return ["EPIPE", "ECONNRESET", "ERR_IPC_CHANNEL_CLOSED"].includes(error.code ?? "");
}
