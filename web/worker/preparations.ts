/** @file What the network answers in each of the usual preparations of the picture in hand, where nothing says which is right. */
import { preparationsCompared } from "../../src/app/preparation.ts";
import { wordsOf } from "../../src/wording/face.ts";
import { pageWords, type Desk } from "./desk.ts";

/** In words; undefined where the network says how its pictures are prepared. As many runs as there are preparations. */
export async function preparations(desk: Desk): Promise<string | undefined> {
  const { name, source } = desk.looked;
  const { chosen, seen } = source;
  if (!chosen?.compared || !seen) return undefined;
  // Of what the network sees all preparations cut the same, so that the whole picture is not needed again.
  const compared = await preparationsCompared(desk.open.model, { name, picture: seen });
  if (!compared) return undefined;
  desk.picture = { name, source: { ...source, chosen: { ...chosen, compared } } };
  return wordsOf(compared, pageWords);
}
