/** @file The check that comes with a map: once for each network, size and layer, the network against itself. */
import { OnceEach } from "../../once.ts";
import { LimpidError, isFailure } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { formatShare } from "../../wording/numbers.ts";
import { option, say } from "../../wording/face.ts";
import { runDims } from "../../network/batches.ts";
import type { Model } from "../../network/model.ts";
import { checkDerivative, type DerivativeCheck } from "./derivative-check.ts";
import { firstFault } from "./first-fault.ts";
import { distance, firstDifference, forwardTolerance } from "./first-difference.ts";
import type { ProbeRequest } from "./gradient-probe.ts";
import { staircaseBetween } from "./nodes-between.ts";
import { PlainNetwork } from "./plain-network.ts";
import { isRounding } from "./rounding.ts";

/** What was compared, and how far it was apart. */
export interface SelfCheck {
  /** The score of the network as it is traced against that of the network as it is, as a share. */
  readonly forward: number;
  /** The gradient that the map is made of against differences of the score; undefined for maps without one. */
  readonly derivative: DerivativeCheck | undefined;
}

export interface SelfCheckRequest extends Omit<ProbeRequest, "value"> {
  /** The value that the map's gradient is taken to; undefined for maps without gradients. */
  readonly value: string | undefined;
  /** The score of the picture, as the map tells it. */
  readonly score: number;
}

const made = new OnceEach<Model, SelfCheck>();

/**
 * Checks a model with a picture [1, C, H, W], once for each size and value. Throws `runtime` where something differs, with
 * the first node that does.
 */
export function selfCheck(
  model: Model,
  picture: Tensor,
  request: SelfCheckRequest,
): Promise<SelfCheck> {
  const key = JSON.stringify([picture.dims, request.value ?? null]);
  return made.get(model, key, () => compare(model, picture, request));
}

async function compare(
  model: Model,
  picture: Tensor,
  { value, score, ...request }: SelfCheckRequest,
): Promise<SelfCheck> {
  const { signal, target } = request;
  const layer = value !== undefined && isValueOf(model, value) ? { layer: value } : {};
  const plain = new PlainNetwork(model, { ...layer, ...(signal ? { signal } : {}) });
  const requireSame = async (forward: number) => {
    if (forward > forwardTolerance)
      await requireNoFault(plain, picture, { target, score, forward });
  };
  try {
    if (value === model.input.name) {
      const derivative = await derivativeOf(plain, picture, { ...request, value });
      const forward =
        derivative?.forward ?? distance([score], [await plain.score(picture, target)]);
      await requireSame(forward);
      return { forward, derivative };
    }
    const found = await plain.scoreAndLayer(picture, target, layer.layer ?? model.explained);
    const forward = Math.abs(score - found.score) / Math.max(found.largest, 1e-6);
    await requireSame(forward);
    if (value === undefined) return { forward, derivative: undefined };
    // The derivative opens parts of the network, which hold its weights too.
    await plain.close();
    const held = layer.layer === undefined ? {} : { held: found.layer };
    const derivative = await derivativeOf(plain, picture, { ...request, ...held, value });
    return { forward, derivative };
  } finally {
    await plain.close();
  }
}

/** Whether the network has a value before it is traced. */
function isValueOf({ graph }: Model, value: string): boolean {
  return graph.nodes.some(({ outputs }) => outputs.includes(value));
}

/** Undefined where the network has no gradient, which methods that need one say themselves. */
async function derivativeOf(
  plain: PlainNetwork,
  picture: Tensor,
  request: ProbeRequest,
): Promise<DerivativeCheck | undefined> {
  const { model } = plain;
  const traced = await model.at(runDims(model, picture.dims));
  let check: DerivativeCheck;
  try {
    check = await checkDerivative(plain, traced, picture, request);
  } catch (error) {
    if (isFailure(error) && error.code !== "runtime") return undefined;
    throw error;
  }
  if (check.verdict !== "differs") return check;
  const fault = await firstFault(plain, traced, picture, request);
  throw new LimpidError(
    "runtime",
    say`self-check: the gradient to "${request.value}" must be that of the network, got slopes that are ${formatShare(check.error)} apart${at(fault)} on ${model.runtime.name}. choose another runtime, and report it; ${option("check", "off")} shows the map all the same.`,
  );
}

/**
 * Throws `runtime` where the network computes something else: where a node does, or all of them together more than rounding
 * explains. A score that is nearly nothing may be rounding alone, and a network that rounds by itself jumps.
 */
async function requireNoFault(
  plain: PlainNetwork,
  picture: Tensor,
  { target, score, forward }: { target: number; score: number; forward: number },
): Promise<void> {
  const { model } = plain;
  const [one, other] = [await plain.score(picture, target), await plain.score(picture, target)];
  if (one !== other) {
    throw new LimpidError(
      "runtime",
      say`self-check: the network must give the same numbers in every run, got ${one} and ${other}: something in it is random. export it for inference; ${option("check", "off")} shows the map all the same.`,
    );
  }
  const traced = await model.at(runDims(model, picture.dims));
  const fault = await firstDifference(model, traced, picture);
  if (!fault) {
    if (staircaseBetween(traced, model.input.name, model.explained)) return;
    const difference = { target, score: one, apart: Math.abs(score - one) };
    if (await isRounding(plain, picture, difference)) return;
  }
  throw new LimpidError(
    "runtime",
    say`self-check: the network must compute what its file computes, got scores that are ${formatShare(forward)} apart${at(fault)} on ${model.runtime.name}. choose another runtime, and report it; ${option("check", "off")} shows the map all the same.`,
  );
}

function at(fault: { readonly operator: string; readonly name: string } | undefined): string {
  return fault ? `, first at ${fault.operator} ("${fault.name}")` : "";
}

/** The check in a few words, for figures and lines. */
export function checkedText({ forward, derivative }: SelfCheck): string {
  if (derivative?.verdict === "agrees")
    return `checked: derivative agrees to ${roundedUp(derivative.error)}`;
  if (derivative?.staircase) {
    const { operator, name } = derivative.staircase;
    return `checked: the score is a staircase (${operator} "${name}" rounds): differences cannot tell its derivative`;
  }
  if (derivative) return "checked: the score is too rough to tell its derivative by differences";
  return forward > forwardTolerance
    ? `checked: rounding alone moves this score by ${roundedUp(forward)} of itself`
    : `checked: forward pass agrees to ${roundedUp(forward)}`;
}

/** One digit, rounded up. */
export function roundedUp(error: number): string {
  if (error < 1e-7) return "1e-7";
  const exponent = Math.floor(Math.log10(error));
  return `${Math.ceil(error / 10 ** exponent)}e${exponent}`.replace(
    /^10e(-?\d+)$/,
    (_, e: string) => `1e${Number(e) + 1}`,
  );
}
