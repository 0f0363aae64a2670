/** @file Where the page computes: the choice, and in a sentence what came of it. */
import { formatShare } from "../../../src/wording/numbers.ts";
import type { ProcessorChoice, ProcessorFacts } from "../../processor-protocol.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import "./processor-choice.css";

export function ProcessorChoicePane({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { processor } = explorer;
  const facts = state.processor;
  if (!facts) return null;
  return (
    <span class="processor" data-on={facts.on} data-because={facts.because}>
      {facts.card.isThere && (
        <label>
          {texts.computesOn}
          <select
            id="processor"
            value={processor.isLost ? "processor" : processor.choice}
            onChange={(event) =>
              void processor.choose(event.currentTarget.value as ProcessorChoice)
            }
          >
            <option value="automatic">{texts.automatic}</option>
            <option value="processor">{texts.processor}</option>
            <option value="card">{texts.card}</option>
          </select>
        </label>
      )}
      <span>{sentenceOf(facts, processor.isLost, texts)}</span>
    </span>
  );
}

function sentenceOf(
  { on, card, check, because }: ProcessorFacts,
  isLost: boolean,
  texts: ReturnType<typeof usePageTexts>,
): string {
  if (card.lacks)
    return { webgpu: texts.noWebGpu, card: texts.noCard, waiting: texts.noWaiting }[card.lacks];
  if (isLost) return texts.cardIsLost;
  if (on === "card") {
    const refused = check?.refusal === undefined ? "" : ` ${texts.cardRefusedPart}`;
    return `${texts.onCard} (${card.name}). ${texts.cardApart} ${formatShare(check?.apart ?? 0)}.${refused}`;
  }
  if (because === "refused") return `${texts.cardRefused} ${check?.refusal ?? ""}`;
  if (because === "wrong") return `${texts.cardWrong} ${formatShare(check?.apart ?? 0)}.`;
  if (because === "slower") return texts.cardSlower;
  return because === "software" ? texts.cardSoftware : texts.onProcessor;
}
