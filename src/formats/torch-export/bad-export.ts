/** @file Refusals of exported programs. */
import { LimpidError } from "../../errors.ts";

/** A refusal of an exported program: what must hold and what it has instead, and what to do. */
export function badExport(what: string, advice = "export the network again"): LimpidError {
  return new LimpidError("bad-file", `torch.export: ${what}. ${advice}.`);
}
