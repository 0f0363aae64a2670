/** @file A graphics card compared with the processor: the open network's scores and its gradient, once for each network. */
import { runAttribution } from "../../src/app/attribute/explain.ts";
import { methodRuns } from "../../src/app/attribute/method-runs.ts";
import { distance } from "../../src/attribution/check/first-difference.ts";
import { isFailure, LimpidError } from "../../src/errors.ts";
import type { Model } from "../../src/network/model.ts";
import { wordsOf } from "../../src/wording/face.ts";
import type { CardCheck } from "../processor-protocol.ts";
import { classesOf } from "./answers.ts";
import type { CallContext } from "./calls.ts";
import { pageWords, type Desk } from "./desk.ts";
import { isBroken } from "./failures.ts";
import type { Side } from "./switched-runtime.ts";

/** The largest difference with which a map is the same. */
export const mostApart = 1e-3;

const made = new WeakMap<Model, CardCheck>();

/** Of the picture in hand. Leaves the network on the side that was compared last. Throws `aborted`. */
export async function cardCheck(desk: Desk, call: CallContext): Promise<CardCheck> {
  const { model } = desk.open;
  const known = made.get(model);
  if (known) return known;
  const check = await compared(desk, call);
  made.set(model, check);
  return check;
}

async function compared(desk: Desk, call: CallContext): Promise<CardCheck> {
  const nothing = { apart: Number.POSITIVE_INFINITY, cardMs: 0, processorMs: 0 };
  const { computing } = desk;
  try {
    const processor = await measured(desk, "processor", call);
    call.tell({ kind: "progress", share: 1 / 3, secondsLeft: undefined });
    computing.refusal = undefined;
    const card = await measured(desk, "card", call);
    // What the card refuses the processor computed in its stead, which compares nothing.
    if (computing.refusal) throw computing.refusal;
    const apart = Math.max(
      distance(card.scores, processor.scores),
      lengthApart(card.map, processor.map),
    );
    return { apart, cardMs: card.ms, processorMs: processor.ms, refusal: undefined };
  } catch (error) {
    if (!isFailure(error) || isBroken(error)) throw error;
    return { ...nothing, refusal: wordsOf(error.said, pageWords) };
  }
}

/** Length of the difference as a share of the length; at kinks single places differ by more. */
function lengthApart(one: Float32Array, wanted: Float32Array): number {
  let [apart, length] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    apart += (one[i]! - wanted[i]!) ** 2;
    length += wanted[i]! ** 2;
  }
  const share = Math.sqrt(apart / Math.max(length, Number.MIN_VALUE));
  return Number.isNaN(share) ? Number.POSITIVE_INFINITY : share;
}

interface Measured {
  readonly scores: readonly number[];
  readonly map: Float32Array;
  /** Of the map, once its session is open. */
  readonly ms: number;
}

async function measured(desk: Desk, side: Side, call: CallContext): Promise<Measured> {
  await desk.open.runtime.turnTo(side);
  await scoredGradient(desk, call);
  const start = performance.now();
  const found = await scoredGradient(desk, call);
  return { ...found, ms: performance.now() - start };
}

/** All scores of a network of classes, and the gradient of the best, which goes back through all layers. */
async function scoredGradient(desk: Desk, call: CallContext): Promise<Omit<Measured, "ms">> {
  const { context } = desk.job(call);
  const { model } = desk.open;
  const { source } = desk.looked;
  const isOfClasses = ["classes", "labels", "yes-no"].includes(model.head.kind);
  const classes = isOfClasses ? await classesOf(desk.open, source.input, call.signal) : [];
  const settings = { methods: ["gradient"], target: "top", check: "off" } as const;
  const runs = methodRuns(["gradient"], []);
  const { answers } = await runAttribution(model, source, runs, settings, context);
  const maps = answers.flatMap(({ results }) =>
    results.flatMap((each) => ("maps" in each ? each.maps : [])),
  );
  const [map] = maps;
  if (!map) {
    throw new LimpidError(
      "runtime",
      "card: a gradient must be there to compare, got none. compute on the processor.",
    );
  }
  return { scores: [...classes.map(({ logit }) => logit), map.score], map: map.data };
}
