/** @file The worker: hears calls, answers them one after the other, and hears of a stop between runs. */
import { LimpidError } from "../../src/errors.ts";
import { firstCalls } from "../first-map.ts";
import type { CallName, Calls, FromWorker, Side, ToldError, ToWorker } from "../protocol.ts";
import { builds } from "../processor-protocol.ts";
import { atOnce, calls, type CallContext } from "./calls.ts";
import { shownLines } from "../../src/wording/shown-text.ts";
import { wordsOf } from "../../src/wording/face.ts";
import { Computing } from "./computing.ts";
import { Desk, pageWords } from "./desk.ts";
import { untilLater, withLaterCode } from "./later-code.ts";
import { MissingParts } from "./missing-parts.ts";
import { isBroken, isMissingCode, isOutOfMemory, isWithoutWasm } from "./failures.ts";

/** Of a worker that takes the place of another it ends with the build that the visit has loaded. */
const { name } = globalThis as unknown as { readonly name: string };
const build = builds.find((each) => name.endsWith(` ${each}`));
const computing = new Computing(build, () => say({ lost: "card" }));

/** A network that is compared with the first has its own picture, its own names and its own sessions. */
const desks: Readonly<Record<Side, Desk>> = {
  first: new Desk(computing),
  second: new Desk(computing),
};
const signals = new Map<number, { aborted: boolean }>();
let last: Promise<unknown> = sayReady();

/** All that the first map needs is fetched at once, while the network is. What fails here is told by the call that needs it. */
void Promise.allSettled([desks.first.startRuntime(), ...firstCalls.map((name) => calls[name]())]);

function say(message: FromWorker): void {
  globalThis.postMessage(message, { transfer: buffersIn(message) });
}

/** A lock of this worker's name is held as long as it lives, so that the page hears of its end however it ends. */
async function sayReady(): Promise<void> {
  const { locks } = navigator as { readonly locks?: LockManager };
  if (!locks) return say({ ready: true });
  return new Promise((resolve) => {
    void locks.request(name, () => {
      say({ ready: true });
      resolve();
      return new Promise(() => undefined);
    });
  });
}

/** Pixels are handed over, not copied. */
function buffersIn(message: object): ArrayBuffer[] {
  return Object.values(message).flatMap((value: unknown): ArrayBuffer[] => {
    if (value instanceof Uint8ClampedArray || value instanceof Float32Array) {
      return [value.buffer as ArrayBuffer];
    }
    return typeof value === "object" && value !== null && !ArrayBuffer.isView(value)
      ? buffersIn(value)
      : [];
  });
}

async function answer<Name extends CallName>(
  id: number,
  name: Name,
  asked: Calls[Name]["asked"],
  side: Side,
): Promise<void> {
  const signal = signals.get(id)!;
  const context: CallContext = { signal, tell: (told) => say({ id, told }) };
  try {
    if (signal.aborted) {
      say({ id, error: { code: "aborted", message: `${name}: stopped before it began.` } });
      return;
    }
    const call = await calls[name]();
    say({ id, answer: await withLaterCode(() => call(desks[side], asked, context)) });
  } catch (error) {
    say({ id, error: await toldError(error) });
  } finally {
    signals.delete(id);
  }
}

/** Codes of what is no matter of the network or the picture; the page words them. */
function codeOfFall(error: unknown): string | undefined {
  if (isOutOfMemory(error)) return "memory";
  if (isBroken(error)) return "broken";
  if (isMissingCode(error)) return "code";
  return isWithoutWasm(error) ? "wasm" : undefined;
}

async function toldError(error: unknown): Promise<ToldError> {
  const fall = codeOfFall(error);
  if (fall !== undefined) return { code: fall, message: String(error) };
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof LimpidError)) return { code: "internal", message };
  return error.code === "aborted" ? { code: error.code, message } : inWords(error);
}

/** In the page's words, which come with later code; where that does not come, that is what is told. */
async function inWords(error: LimpidError): Promise<ToldError> {
  try {
    await untilLater();
  } catch (cause) {
    return { code: codeOfFall(cause) ?? "internal", message: String(cause) };
  }
  const message = shownLines(wordsOf(error.said, pageWords));
  const missing = error instanceof MissingParts ? { missing: error.missing } : {};
  return { code: error.code, message, ...missing };
}

globalThis.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if ("stop" in data) {
    const signal = signals.get(data.id);
    if (signal) signal.aborted = true;
    return;
  }
  const { id, call, asked, side } = data;
  signals.set(id, { aborted: false });
  if (atOnce.has(call)) void answer(id, call, asked as never, side);
  else last = last.then(() => answer(id, call, asked as never, side));
});
