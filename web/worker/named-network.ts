/** @file A network of the catalog by its name: kept by the browser, else fetched by the page's own server. */
import * as v from "valibot";
import { catalogMetadata } from "../../src/fetch/catalog-networks.ts";
import { LimpidError, throwIfAborted } from "../../src/errors.ts";
import type { NamedNetwork, NamedRequest } from "../named-protocol.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";
import { fileOf, keepNetwork, keptNetwork } from "./kept-networks.ts";

/** As `limpid explore` says it, a line each. */
const lineSchema = v.variant("kind", [
  v.object({ kind: v.literal("progress"), done: v.number(), total: v.nullable(v.number()) }),
  v.object({ kind: v.literal("note"), note: v.string() }),
  v.object({ kind: v.literal("found"), number: v.number() }),
  v.object({ kind: v.literal("failed"), reason: v.string() }),
]);
type Line = v.InferOutput<typeof lineSchema>;

/** How often the signal is looked at. */
const lookMs = 50;

/** Throws `bad-file` where it cannot be had, and `aborted`, which stops the server's work, too. */
export async function namedNetwork(
  _desk: Desk,
  asked: NamedRequest,
  call: CallContext,
): Promise<NamedNetwork> {
  const stop = new AbortController();
  const watch = setInterval(() => call.signal.aborted && stop.abort(), lookMs);
  try {
    const kept = await keptNetwork(asked.files);
    throwIfAborted(call.signal, asked.name);
    if (kept) return networkOf(asked, kept[1], kept[0].sha256, []);
    const { data, notes } = await fetched(asked, call, stop.signal);
    const { sha256 } = await fileOf(asked.name, asked.files, data);
    throwIfAborted(call.signal, asked.name);
    const note = await keepNetwork(sha256, data);
    return networkOf(asked, data, sha256, note === undefined ? notes : [...notes, note]);
  } catch (cause) {
    throwIfAborted(call.signal, asked.name);
    if (cause instanceof LimpidError) throw cause;
    throw unreachable(asked.name, cause instanceof Error ? cause.message : String(cause), cause);
  } finally {
    clearInterval(watch);
    stop.abort();
  }
}

function networkOf(
  { name, files }: NamedRequest,
  data: Blob,
  digest: string,
  notes: readonly string[],
): NamedNetwork {
  const file = files.find(({ sha256 }) => sha256 === digest)!;
  const path = `${name}.onnx`;
  return {
    file: { name: path, data: new File([data], path) },
    known: { name, metadata: [...catalogMetadata(file)], notes },
  };
}

async function fetched(
  { name, token, base }: NamedRequest,
  { tell }: CallContext,
  signal: AbortSignal,
): Promise<{ readonly data: Blob; readonly notes: readonly string[] }> {
  const headers = { "X-Limpid-Token": token };
  const address = new URL(`networks/${name}`, base);
  const answer = await fetch(address, { method: "POST", headers, signal });
  if (answer.status === 409) {
    const busy = `${name}: one network is fetched at a time, got another under way. wait until it is there.`;
    throw new LimpidError("bad-file", busy);
  }
  if (!answer.ok || !answer.body) throw unreachable(name, `its answer ${answer.status}`);
  const startMs = performance.now();
  const notes: string[] = [];
  let from: number | undefined;
  for await (const line of linesOf(answer.body)) {
    if (line.kind === "failed") throw new LimpidError("bad-file", line.reason);
    if (line.kind === "note") notes.push(line.note);
    if (line.kind === "progress" && line.total !== null) {
      const { done, total } = line;
      from ??= done;
      const seconds = (performance.now() - startMs) / 1000;
      const secondsLeft = done > from ? (seconds * (total - done)) / (done - from) : undefined;
      tell({ kind: "progress", share: total > 0 ? done / total : 0, secondsLeft });
    }
    if (line.kind === "found") {
      const file = await fetch(new URL(`handed/${line.number}`, base), { signal });
      if (!file.ok) throw unreachable(name, `its answer ${file.status}`);
      return { data: await file.blob(), notes };
    }
  }
  throw unreachable(name, "an end before the network was there");
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Line> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = `${rest}${part.value}`.split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield v.parse(lineSchema, JSON.parse(line));
  }
}

function unreachable(name: string, got: string, cause?: unknown): LimpidError {
  return new LimpidError(
    "bad-file",
    `${name}: “limpid explore” must be running to fetch it, got ${got}. start it again, or open a file of yours.`,
    { cause },
  );
}
