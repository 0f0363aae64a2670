/** @file What a channel does with the picture, in words. */
import { formatPercent } from "../../../src/wording/numbers.ts";
import type { ChannelFacts } from "../../protocol.ts";
import type { Texts } from "../texts/texts.ts";

/** "Channel 12, 31.0 % active, peak upper left". */
export function channelText(
  number: number,
  { isDead, activeShare, x, y }: ChannelFacts,
  texts: Pick<Texts, "unit" | "dead" | "active" | "peak" | "places">,
): string {
  if (isDead) return `${texts.unit} ${number}, ${texts.dead}`;
  const place = texts.places[third(y)]![third(x)]!;
  return `${texts.unit} ${number}, ${formatPercent(activeShare)} ${texts.active}, ${texts.peak} ${place}`;
}

/** 0, 1 or 2, of a share of a side. */
function third(share: number): number {
  return Math.min(2, Math.max(0, Math.floor(3 * share)));
}
