/** @file THE table of attribution methods. */
import { LimpidError } from "../errors.ts";
import { gradCam, gradCamInfo } from "./grad-cam.ts";
import { gradient, gradientInfo } from "./gradient.ts";
import type { AttributionMethod } from "./method.ts";

/** Methods by the name that the command line takes; help and documents are made from this table. */
export const attributionMethods = {
  gradient: { info: gradientInfo, run: gradient },
  "grad-cam": { info: gradCamInfo, run: gradCam },
} as const satisfies Readonly<Record<string, AttributionMethod>>;

/** The method of a name. Throws `bad-option` for an unknown one. */
export function attributionMethod(name: string): AttributionMethod {
  if (Object.hasOwn(attributionMethods, name)) {
    return attributionMethods[name as keyof typeof attributionMethods];
  }
  throw new LimpidError(
    "bad-option",
    `method: the name must be one of ${Object.keys(attributionMethods).join(", ")}, got "${name}". choose one of these.`,
  );
}
