/** @file Where the open network is computed: on the processor, or on a graphics card that was compared with it. */
import { wordsOf } from "../../src/wording/face.ts";
import type { CardFacts, ProcessorChoice, ProcessorFacts } from "../processor-protocol.ts";
import type { CallContext } from "./calls.ts";
import { pageWords, type Desk } from "./desk.ts";

/** Makes the choice good, as far as what is open lets it; before a picture is there the processor computes. */
export async function processorFacts(
  desk: Desk,
  { choice }: { readonly choice: ProcessorChoice },
  call: CallContext,
): Promise<ProcessorFacts> {
  const { computing } = desk;
  const card = await computing.card();
  const loaded = await computing.build();
  const kept = (because: ProcessorFacts["because"]): ProcessorFacts => ({
    on: "processor",
    build: loaded,
    card,
    check: undefined,
    because,
  });
  const { network, picture } = desk;
  await network?.runtime.turnTo("processor");
  if (choice === "processor") return kept("chosen");
  if (!canCompute(card, loaded)) return kept(undefined);
  if (choice === "automatic" && card.isSoftware) return kept("software");
  if (!network || !picture) return kept("unchecked");
  const { cardCheck, mostApart } = await import("./card-check.ts");
  const check = await cardCheck(desk, call);
  const because =
    check.refusal !== undefined
      ? "refused"
      : check.apart > mostApart
        ? "wrong"
        : choice === "automatic" && check.cardMs >= check.processorMs
          ? "slower"
          : undefined;
  await network.runtime.turnTo(because ? "processor" : "card");
  await network.runtime.releaseOther();
  const { refusal } = computing;
  computing.refusal = undefined;
  const said = refusal && wordsOf(refusal.said, pageWords);
  return {
    on: network.runtime.side,
    build: loaded,
    card,
    because,
    check: { ...check, refusal: check.refusal ?? said },
  };
}

/** A card that came, or a build without it that was loaded, changes nothing in a visit. */
function canCompute(card: CardFacts, build: ProcessorFacts["build"]): boolean {
  return card.isThere && build === "webgpu";
}
