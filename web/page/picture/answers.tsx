/** @file What the network answers, best first: a click explains a class; while parts are hidden, how each class moves. */
import { formatNumber, formatProbability } from "../../../src/wording/numbers.ts";
import type { ClassAnswer, HiddenAnswers, SeenPicture, ShownMap } from "../../protocol.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { usePageTexts, useSaid } from "../frame/settings.tsx";
import "./answers.css";

export function Answers({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const say = useSaid();
  const { picture, map, view, hidden } = state;
  if (!picture) return <AnswersToCome />;
  if (picture.answers.length === 0 && picture.value === undefined) return null;
  // Of a part of the picture the best box may be another.
  const top = view.region === undefined ? picture.answers[0]?.target : undefined;
  return (
    <section class="answers">
      <h2>
        {texts.answer}
        <SomeOf listed={picture.listed} />
      </h2>
      {picture.value !== undefined && (
        <p>
          {picture.value}
          {hidden && ` → ${numbersIn(hidden.slice(0, picture.listed[0]))}`}
        </p>
      )}
      <ol>
        {picture.answers.map((answer, i) => {
          const { class: number, label, target, box } = answer;
          const now = hidden?.[box ? i : number];
          const isChosen = target === (view.target === "top" ? top : view.target);
          return (
            <li key={target}>
              <button
                type="button"
                aria-pressed={isChosen}
                onClick={() => void explorer.chooseTarget(target)}
              >
                <span class="share" style={{ width: `${100 * shareOf(hidden ? now : answer)}%` }} />
                <span class="label">
                  <bdi>{label}</bdi>
                </span>
                <span class="number">
                  {numberOf(answer)}
                  {hidden && ` → ${now ? numberOf(now) : texts.notFound}`}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      {map && !isListed(picture, map) && (
        <p>
          {texts.whatIsExplained}: <strong {...say(map.heading)} /> <span {...say(map.score)} />
        </p>
      )}
    </section>
  );
}

/** Whether what a map explains is among what is listed; what is no class, nor a number, never is missed. */
function isListed({ answers, listed }: SeenPicture, { class: explained }: ShownMap): boolean {
  if (explained === undefined) return true;
  return answers.length === 0
    ? explained < listed[0]
    : answers.some((answer) => answer.class === explained);
}

/** That only some of all are listed. */
export function SomeOf({ listed: [shown, all] }: Pick<SeenPicture, "listed">) {
  const texts = usePageTexts();
  if (shown >= all) return null;
  return (
    <small>
      {" "}
      {shown} {texts.of} {all}
    </small>
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

function shareOf(answer: ClassAnswer | undefined): number {
  return answer?.probability ?? 0;
}

function numbersIn(answers: HiddenAnswers): string {
  return answers.flatMap((answer) => (answer ? [formatNumber(answer.logit)] : [])).join(", ");
}

function numberOf({ probability, logit }: ClassAnswer): string {
  return probability === undefined ? logit.toFixed(2) : formatProbability(probability);
}
