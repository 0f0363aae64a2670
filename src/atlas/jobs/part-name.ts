/** @file What a part is called. */
import { digestText } from "../../graph/digest.ts";

/** All that decides the bytes is in the name. */
export async function partName(stem: string, decides: object): Promise<string> {
  const digest = await digestText(JSON.stringify(decides));
  return `parts/${stem}-${digest.slice(0, 16)}.safetensors`;
}
