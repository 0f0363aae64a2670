/** @file What the network answers, best first: a click explains a class; while parts are hidden, how each class moves. */
import { formatProbability } from "../../../src/wording/numbers.ts";
import type { ClassAnswer } from "../../protocol.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import "./answers.css";

export function Answers({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { picture, view, hidden } = state;
  if (!picture) return <AnswersToCome />;
  if (picture.answers.length === 0 && picture.value === undefined) return null;
  // Of a part of the picture the best box may be another.
  const top = view.region === undefined ? picture.answers[0]?.target : undefined;
  return (
    <section class="answers">
      <h2>{texts.answer}</h2>
      {picture.value !== undefined && <p>{picture.value}</p>}
      <ol>
        {picture.answers.map((answer) => {
          const { class: number, label, target, box } = answer;
          const now = box ? undefined : hidden?.[number];
          const isChosen = target === (view.target === "top" ? top : view.target);
          return (
            <li key={target}>
              <button
                type="button"
                aria-pressed={isChosen}
                onClick={() => void explorer.chooseTarget(target)}
              >
                <span class="share" style={{ width: `${100 * shareOf(now ?? answer)}%` }} />
                <span class="label">
                  <bdi>{label}</bdi>
                </span>
                <span class="number">
                  {numberOf(answer)}
                  {now && ` → ${numberOf(now)}`}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** As much room as two answers take, so that nothing jumps. */
function AnswersToCome() {
  const texts = usePageTexts();
  return (
    <section class="answers-to-come">
      <h2>{texts.answer}</h2>
      <ol>
        <li />
        <li />
      </ol>
    </section>
  );
}

function shareOf({ probability }: ClassAnswer): number {
  return probability ?? 0;
}

function numberOf({ probability, logit }: ClassAnswer): string {
  return probability === undefined ? logit.toFixed(2) : formatProbability(probability);
}
