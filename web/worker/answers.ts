/** @file What the network answers to an input, as classes with their probabilities. */
import type { StopSignal } from "../../src/errors.ts";
import { usualCamLayer } from "../../src/attribution/cam/cam-layer.ts";
import { scoreRows } from "../../src/attribution/perturbation/scored-rows.ts";
import type { Tensor } from "../../src/graph/tensor.ts";
import { runDims } from "../../src/network/batches.ts";
import { areValues } from "../../src/network/head.ts";
import { classCount, logitOf, probabilityOf } from "../../src/scores/class-targets.ts";
import { formatNumber } from "../../src/wording/numbers.ts";
import type { ClassAnswer, SeenPicture } from "../protocol.ts";
import type { OpenNetwork } from "./desk.ts";

/** As many as are looked at. */
const shownAnswers = 10;

/** The best classes, best first; of networks whose output is one value or several, these in words. */
export async function answersOf(
  network: OpenNetwork,
  input: Tensor,
  signal: StopSignal,
): Promise<Pick<SeenPicture, "answers" | "value" | "listed">> {
  const { kind } = network.model.head;
  if (kind === "classes" || kind === "labels" || kind === "yes-no") {
    const all = await classesOf(network, input, signal, true);
    return listedOf(all.toSorted((a, b) => b.logit - a.logit));
  }
  if (kind === "boxes") {
    return listedOf(await boxesOf(network, input, signal));
  }
  if (!areValues(kind)) return listedOf([]);
  const logits = await logitsOf(network, input, signal, true);
  const shown = logits.slice(0, shownAnswers).map((number) => formatNumber(number));
  return { answers: [], value: shown.join(", "), listed: [shown.length, logits.length] };
}

/** The first of all answers. */
function listedOf(all: readonly ClassAnswer[]) {
  const answers = all.slice(0, shownAnswers);
  return { answers, value: undefined, listed: [answers.length, all.length] } as const;
}

/** The first numbers of a network whose output is values. */
export async function numbersOf(
  network: OpenNetwork,
  input: Tensor,
  signal: StopSignal,
): Promise<readonly ClassAnswer[]> {
  const logits = await logitsOf(network, input, signal, false);
  return logits.slice(0, shownAnswers).map((logit, i) => ({
    class: i,
    label: String(i),
    target: String(i),
    logit,
    probability: undefined,
  }));
}

/** All boxes that a detector finds, best first. */
export async function boxesOf(
  { model, labels }: OpenNetwork,
  input: Tensor,
  signal: StopSignal,
): Promise<readonly ClassAnswer[]> {
  const { boxesIn } = await import("../../src/network/detection/detections.ts");
  const { boxes } = await boxesIn(model, input, { signal });
  const [, , height, width] = input.dims as readonly [number, number, number, number];
  return boxes.map((box, k) => ({
    class: box.class,
    label: labels?.[box.class] ?? `class ${box.class}`,
    target: `box:${k}`,
    box: {
      left: box.left / width,
      top: box.top / height,
      right: box.right / width,
      bottom: box.bottom / height,
    },
    logit: box.score,
    probability: box.score,
  }));
}

/** All classes, in their order. `isInHand`: a map of the same picture is asked for next, and shares what it can. */
export async function classesOf(
  network: OpenNetwork,
  input: Tensor,
  signal: StopSignal,
  isInHand = false,
): Promise<readonly ClassAnswer[]> {
  const { model, labels } = network;
  const { kind } = model.head;
  const logits = await logitsOf(network, input, signal, isInHand);
  return Array.from({ length: classCount(kind, logits.length) }, (_, i) => ({
    class: i,
    label: labels?.[i] ?? `class ${i}`,
    target: String(i),
    logit: logitOf(logits, i, kind),
    probability: probabilityOf(logits, i, model.head) ?? undefined,
  }));
}

async function logitsOf(
  { model }: OpenNetwork,
  input: Tensor,
  signal: StopSignal,
  isInHand: boolean,
): Promise<readonly number[]> {
  const layer = usualCamLayer(await model.at(runDims(model, input.dims)), model);
  const asked = { targets: "top", values: [model.logits], layer, keeps: isInHand, signal } as const;
  const [row] = await scoreRows(model, input, asked);
  return Array.from(row!.values[0]!);
}
