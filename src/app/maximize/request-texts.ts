/** @file What a face asks of a maximisation in texts, as a request. */
import { LimpidError } from "../../errors.ts";
import { parseWhole } from "../../scores/selection.ts";
import type { NumberRange } from "../../wording/option.ts";
import { numberOptions } from "./number-options.ts";
import type { MaximizePlaces, MaximizeRequest, UnitsRequest } from "./request.ts";

/** What is asked for, numbers and lists as texts. */
export interface MaximizeTexts extends Omit<
  UnitsRequest & MaximizePlaces,
  "model" | "seed" | "layers" | "neuron" | "channels" | "classes" | "sizePx" | "steps" | "diversity"
> {
  readonly layer?: readonly string[];
  readonly layers?: string;
  readonly channel?: string;
  readonly neuron?: string;
  readonly class?: string;
  readonly size?: string;
  readonly steps?: string;
  readonly seed: string;
  readonly diversity?: string;
  readonly recipe?: string;
}

/** Throws `bad-option` for texts that are no such values, and where neither a model nor a recipe is named. */
export function maximizeRequest(
  model: string | undefined,
  { recipe, class: classes, ...others }: MaximizeTexts,
): MaximizeRequest {
  const {
    channel: channels,
    layer,
    layers,
    neuron,
    size,
    steps,
    seed,
    diversity,
    ...request
  } = others;
  const { runtime, labels, out } = request;
  if (recipe !== undefined) return { runtime, ...given({ labels, out, model }), recipe };
  if (model === undefined) {
    throw new LimpidError(
      "bad-option",
      "maximize: a model or a recipe must be given, got neither. try: limpid maximize model.onnx --layer NAME.",
    );
  }
  return {
    ...request,
    model,
    seed: wholeOf(seed, "--seed", numberOptions.seed.range),
    everyConvolution: isEveryConvolution(layers),
    ...given({
      channels,
      classes,
      layers: layer,
      neuron: neuron?.split(",").map((part) => parseWhole(part, "--neuron", 0)),
      sizePx: wholeIfGiven(size, "--size", numberOptions.sizePx.range),
      steps: wholeIfGiven(steps, "--steps", numberOptions.steps.range),
      diversity: wholeIfGiven(diversity, "--diversity", numberOptions.diversity.range),
    }),
  };
}

function wholeIfGiven(
  text: string | undefined,
  option: string,
  range: NumberRange & { readonly from: number },
): number | undefined {
  return text === undefined ? undefined : wholeOf(text, option, range);
}

function wholeOf(
  text: string,
  option: string,
  { from, to }: NumberRange & { readonly from: number },
): number {
  return parseWhole(text, option, from, to);
}

function isEveryConvolution(layers: string | undefined): boolean {
  if (layers === undefined || layers === "every-conv") return layers !== undefined;
  throw new LimpidError(
    "bad-option",
    `--layers: must be every-conv, got "${layers}". name single layers with --layer.`,
  );
}

/** Without the values that are undefined. */
function given<T extends object>(
  values: T,
): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
