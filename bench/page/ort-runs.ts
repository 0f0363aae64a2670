/** @file What of a figure is ONNX Runtime's own: its runs are timed, and the network's forward pass is run by it alone. */
import type { BrowserContext, Page } from "playwright-core";
import { median } from "../measure.ts";

const script = /\/assets\/ort\.(wasm|jspi)[^/]*\.js$/;
const workerScript = /\/assets\/worker-[^/]*\.js$/;

/** The one place of ONNX Runtime's script that runs a session. */
const call = /(\w+)=await (\w+\._OrtRun\([^)]*\))/;
const timed =
  "globalThis.runStart=performance.now(),$1=await $2,(globalThis.ortRuns??=[]).push(performance.now()-globalThis.runStart)";

interface Timed {
  ortRuns?: number[];
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

/** Milliseconds of every run since it was asked last. */
export async function takeRuns(page: Page): Promise<readonly number[]> {
  return workerOf(page).evaluate(() => {
    const own = globalThis as unknown as Timed;
    const runs = own.ortRuns ?? [];
    own.ortRuns = [];
    return runs;
  });
}

/** Milliseconds of the forward pass of the network in the page's hand, with ONNX Runtime and nothing else; the median. */
export async function bareForward(
  page: Page,
  input: string,
  dims: readonly number[],
): Promise<number> {
  const address = new URL("./handed/0", page.url()).href;
  const times = await workerOf(page).evaluate(forwardTimes, { address, input, dims: [...dims] });
  await takeRuns(page);
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
