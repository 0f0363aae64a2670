/** @file Which layers can be computed: what their classes and their types of numbers say. */
import type { LimpidError } from "../../errors.ts";
import { shownJson } from "../../wording/read-json.ts";
import type { NhwcValue } from "../channels-last/nhwc-value.ts";
import { badLayer } from "./bad-model.ts";
import { isObject } from "./layer-config.ts";
import type { KerasLayer } from "./model-config.ts";

/** The name of the policy or type in which a layer computes. */
function policyOf({ config }: KerasLayer): { readonly kind: string; readonly name: string } {
  const { dtype } = config;
  if (typeof dtype === "string") return { kind: "", name: dtype };
  const className = isObject(dtype) ? dtype["class_name"] : "";
  const kind = typeof className === "string" ? className : "";
  const fields = isObject(dtype) && isObject(dtype["config"]) ? dtype["config"] : {};
  return { kind, name: typeof fields["name"] === "string" ? fields["name"] : "" };
}

/**
 * Throws `bad-file` for a layer with quantised weights; says in sentences what is computed otherwise than the layer's
 * own type of numbers has it.
 */
export function requireComputable(layer: KerasLayer): readonly string[] {
  const { kind, name } = policyOf(layer);
  const isQuantised = /quantized/i.test(kind) || /^(int|float)[48]_from_/.test(name);
  if (isQuantised || isObject(layer.config["quantization_config"])) {
    throw badLayer(
      layer,
      `its weights must be floats, got quantised ones (${name || kind})`,
      "save the model before it is quantised",
    );
  }
  if (/float16|float64/.test(name)) {
    return [`The model's layers compute in ${name}; here they compute in float32.`];
  }
  return [];
}

/** The error of a layer that has no row, and what can be done instead. */
export function unknownLayer(layer: KerasLayer, before: NhwcValue | undefined): LimpidError {
  const { className, registeredName, config } = layer;
  const open = before
    ? ` the network can be saved up to "${before.value.name}", the value before it`
    : "";
  if (className === "Lambda" || className === "__lambda__") {
    return badLayer(
      layer,
      "it holds code, which is not run",
      `use layers of Keras in its place, or${open || " leave it out"}`,
    );
  }
  const own =
    registeredName !== undefined && registeredName !== className ? ` ("${registeredName}")` : "";
  return badLayer(
    layer,
    `its class${own} must be one that is known, got the configuration ${shownJson(config)}`,
    open ? `use layers of Keras in its place, or${open}` : undefined,
  );
}
