/** @file What of a figure is ONNX Runtime's own: its runs are timed, and the network's forward pass is run by it alone; when the worker hears and says something. */
import type { BrowserContext, Page } from "playwright-core";
import { median } from "../measure.ts";

const script = /\/assets\/ort\.(wasm|jspi)[^/]*\.js$/;
const workerScript = /\/assets\/worker-[^/]*\.js$/;

/** The one place of ONNX Runtime's script that runs a session. */
const call = /(\w+)=await (\w+\._OrtRun\([^)]*\))/;
const timed =
  "globalThis.runStart=performance.now(),$1=await $2,(globalThis.ortRuns??=[]).push({atMs:performance.timeOrigin+globalThis.runStart,ms:performance.now()-globalThis.runStart})";

/** For the beginning of the worker, where a call is heard ahead of whoever answers it. */
export const listening = `{
  const line = (globalThis.onTheLine ??= []);
  const note = (what) => line.push({ what, atMs: performance.timeOrigin + performance.now() });
  const post = globalThis.postMessage;
  globalThis.postMessage = (message, ...others) => {
    if (globalThis.isFrameless && message?.told?.kind === "frame") return;
    if (message?.answer !== undefined) note("said");
    post.call(globalThis, message, ...others);
  };
  globalThis.addEventListener("message", ({ data }) => {
    if (data?.call !== undefined) note("heard");
  }, { capture: true });
}
`;

/** Milliseconds since 1970, as the other clocks of a page and its workers do not agree. */
interface Run {
  readonly atMs: number;
  readonly ms: number;
}

interface WorkerMoment {
  readonly what: "heard" | "said";
  readonly atMs: number;
}

interface Timed {
  ortRuns?: Run[];
  onTheLine?: WorkerMoment[];
}

/** For pages that are loaded from now on. Throws where ONNX Runtime's script is another than is known here. */
export async function rememberRuns(context: BrowserContext): Promise<void> {
  await context.route(script, async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    if (!call.test(body)) throw new Error(`no run of a session in ${route.request().url()}`);
    await route.fulfill({ response, body: body.replace(call, timed) });
  });
}

/** What the worker did since it was asked last. */
export async function takeWork(
  page: Page,
): Promise<{ readonly runs: readonly Run[]; readonly line: readonly WorkerMoment[] }> {
  return workerOf(page).evaluate(() => {
    const own = globalThis as unknown as Timed;
    const [runs, line] = [own.ortRuns ?? [], own.onTheLine ?? []];
    own.ortRuns = [];
    // What notes moments keeps its list.
    return { runs, line: line.splice(0) };
  });
}

/** From now on frames of a picture that is made are kept from the page, or not any more. */
export async function keepFrames(page: Page, isFrameless: boolean): Promise<void> {
  await workerOf(page).evaluate(
    (is) => Object.assign(globalThis, { isFrameless: is }),
    isFrameless,
  );
}

/** Milliseconds of the forward pass of the network in the page's hand, with ONNX Runtime and nothing else; the median. */
export async function bareForward(
  page: Page,
  input: string,
  dims: readonly number[],
): Promise<number> {
  const address = new URL("./handed/0", page.url()).href;
  const times = await workerOf(page).evaluate(forwardTimes, { address, input, dims: [...dims] });
  await takeWork(page);
  return median(times);
}

/** Runs in the worker, whose ONNX Runtime it takes. */
async function forwardTimes(asked: {
  readonly address: string;
  readonly input: string;
  readonly dims: number[];
}): Promise<number[]> {
  const loaded = performance
    .getEntriesByType("resource")
    .find(({ name }) => /\/assets\/ort\.(wasm|jspi)[^/]*\.js$/.test(name));
  const ort = (await import(loaded!.name)) as typeof import("onnxruntime-web");
  const file = await (await fetch(asked.address)).arrayBuffer();
  const session = await ort.InferenceSession.create(new Uint8Array(file), { logSeverityLevel: 4 });
  const size = asked.dims.reduce((all, side) => all * side, 1);
  const data = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
  const times: number[] = [];
  for (let i = 0; i < 24; i++) {
    const start = performance.now();
    // eslint-disable-next-line no-await-in-loop -- one after the other, as they are timed
    await session.run({ [asked.input]: new ort.Tensor("float32", data, asked.dims) });
    if (i >= 4) times.push(performance.now() - start);
  }
  await session.release();
  return times;
}

function workerOf(page: Page) {
  const worker = page.workers().find((one) => workerScript.test(one.url()));
  if (!worker) throw new Error("the page has no worker");
  return worker;
}
