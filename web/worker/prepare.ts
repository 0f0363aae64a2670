/** @file Has pictures prepared as the visitor says, for a network that does not say it itself. */
import { decidePreprocessing } from "../../src/app/preparation.ts";
import type { Desk } from "./desk.ts";

/** Of pictures that are looked at from now on. Throws `bad-option` for a name that there is not. */
export async function prepare(
  desk: Desk,
  { preprocess }: { readonly preprocess: string | undefined },
): Promise<null> {
  decidePreprocessing(desk.open.model, preprocess);
  return null;
}
