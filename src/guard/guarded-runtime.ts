/** @file A runtime that computes in a process of its own, so that whatever native code does is an error and no end. */
import { Tensor, type InferenceSession, type Tensor as OrtTensor } from "onnxruntime-common";
import { LimpidError, throwIfAborted, type StopSignal } from "../errors.ts";
import { createRuntime, type OnnxRuntimeApi, type OrtSession } from "../runtime/onnxruntime.ts";
import { nodeSettings, type NodeRuntimeOptions } from "../runtime/onnxruntime-node.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { usualLimits } from "../wording/limits.ts";
import { SessionChild } from "./session-child.ts";
import type { PlainTensor } from "./session-messages.ts";

/** How long a run may take to notice by itself that it is to stop. */
const graceMs = 500;
const betweenLooksMs = 50;

/** Limits are of the process's memory, and of the time of each thing that it is asked. */
export interface GuardedRuntimeOptions extends NodeRuntimeOptions {
  /** Ends whatever is asked; that of a run comes before it. */
  readonly signal?: StopSignal;
}

/**
 * A runtime as `createNodeRuntime` gives it, in a child process to which tensors are passed. A native abort there throws
 * `runtime`, and whatever is asked next gets a new process; sessions that were open are lost. A signal ends what is asked
 * within a second, whatever it does. Throws as `createNodeRuntime`.
 */
export function createGuardedRuntime(options: GuardedRuntimeOptions = {}): Runtime {
  const { name, settings } = nodeSettings(options);
  const { limits = usualLimits, signal } = options;
  // Tensors are passed between processes, and what lies on a card cannot be.
  const passing = { ...settings, onCard: undefined };
  let current: { readonly child: SessionChild; readonly runtime: Runtime } | undefined;
  const now = () => {
    if (current) return current;
    const child = new SessionChild(name, limits, () => {
      if (current?.child === child) current = undefined;
    });
    current = { child, runtime: createRuntime(name, apiOf(child), passing) };
    return current;
  };
  return {
    name,
    limits,
    open: async (graph, opening) => {
      const { child, runtime } = now();
      const session = await untilStopped(name, child, signal, runtime.open(graph, opening));
      return stoppable(name, child, session, signal);
    },
    run: (graph, feeds, running = {}) => {
      const { child, runtime } = now();
      const stop = running.signal ?? signal;
      return untilStopped(name, child, stop, runtime.run(graph, feeds, running));
    },
    release: async () => {
      const ended = current;
      current = undefined;
      await ended?.runtime.release();
      ended?.child.kill(releasedError(name));
    },
  };
}

function releasedError(name: string): LimpidError {
  return new LimpidError("runtime", `${name}: the runtime must be open, got a released one.`);
}

function stoppable(
  name: string,
  child: SessionChild,
  session: Session,
  signal: StopSignal | undefined,
): Session {
  return {
    run: (feeds, running = {}) =>
      untilStopped(name, child, running.signal ?? signal, session.run(feeds, running)),
    release: () => session.release(),
  };
}

/** The work itself, or `aborted`: a child that does not notice is ended. */
async function untilStopped<T>(
  name: string,
  child: SessionChild,
  signal: StopSignal | undefined,
  work: Promise<T>,
): Promise<T> {
  if (!signal) return work;
  let sinceMs: number | undefined;
  const timer = setInterval(() => {
    if (!signal.aborted) return;
    sinceMs ??= performance.now();
    if (performance.now() - sinceMs < graceMs) return;
    child.kill(new LimpidError("aborted", `${name}: stopped before it was done.`));
  }, betweenLooksMs);
  try {
    return await work;
  } catch (error) {
    throwIfAborted(signal, name);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

function apiOf(child: SessionChild): OnnxRuntimeApi {
  const create = async (model: Uint8Array, options: InferenceSession.SessionOptions) => {
    const session = await child.ask<"create">({ kind: "create", model, options });
    return sessionOf(child, session);
  };
  return { InferenceSession: { create }, Tensor };
}

function sessionOf(child: SessionChild, session: number): OrtSession {
  return {
    run: async (feeds, fetches, options) => {
      const plain = Object.entries(feeds).map(([name, value]) => [name, toPlain(value)]);
      const call = {
        kind: "run",
        session,
        feeds: Object.fromEntries(plain),
        fetches,
        options,
      } as const;
      const results = Object.entries(await child.ask<"run">(call));
      return Object.fromEntries(results.map(([name, value]) => [name, toOrt(value)]));
    },
    release: () => child.ask<"release">({ kind: "release", session }),
  };
}

function toPlain({ type, dims, data }: OrtTensor): PlainTensor {
  return { type, dims, data };
}

/** What the adapter reads of a tensor; there is nothing to free. */
function toOrt(value: PlainTensor): OrtTensor {
  return { ...value, dispose: () => undefined } as unknown as OrtTensor;
}
