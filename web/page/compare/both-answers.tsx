/** @file What two networks answer, class by class where their names agree. */
import { formatNumber, formatProbability } from "../../../src/wording/numbers.ts";
import type { SeenPicture } from "../../protocol.ts";
import { usePageTexts } from "../frame/settings.tsx";
import { SomeOf } from "../picture/answers.tsx";
import { namesOf, type BothProps } from "./both.ts";
import { pairedAnswers } from "./paired-answers.ts";

const shownClasses = 8;

export function BothAnswers({ state, second }: BothProps) {
  const texts = usePageTexts();
  const { picture, model } = state;
  if (!picture || !second.picture) return null;
  const titles = namesOf(state, second);
  const names = [model?.classes, second.model.classes] as const;
  const pairs = second.all && pairedAnswers(second.all[0], second.all[1], names);
  if (!pairs) {
    return (
      <>
        {second.all && <p class="hint">{texts.otherClasses}</p>}
        <div class="cells">
          <PlainAnswers title={titles[0]} picture={picture} />
          <PlainAnswers title={titles[1]} picture={second.picture} />
        </div>
      </>
    );
  }
  const shownPairs = pairs.slice(0, shownClasses);
  const told = (probability: number | undefined, logit: number) =>
    probability === undefined ? formatNumber(logit) : formatProbability(probability);
  return (
    <table class="both-answers">
      <caption>
        {texts.answer}
        <SomeOf listed={[shownPairs.length, pairs.length]} />
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{titles[0]}</th>
          <th scope="col">{titles[1]}</th>
          <th scope="col">{texts.difference}</th>
        </tr>
      </thead>
      <tbody>
        {shownPairs.map(({ label, first, second: other, difference }) => (
          <tr key={first.class}>
            <th scope="row">{label}</th>
            <td>{told(first.probability, first.logit)}</td>
            <td>{told(other.probability, other.logit)}</td>
            <td>{signed(difference)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function signed(difference: number): string {
  if (difference === 0) return "0";
  return `${difference > 0 ? "+" : "−"}${formatNumber(Math.abs(difference))}`;
}

interface PlainAnswersProps {
  readonly title: string;
  readonly picture: SeenPicture;
}

/** Boxes, values and classes that have no partner in the other network. */
function PlainAnswers({ title, picture }: PlainAnswersProps) {
  const answers = picture.answers.slice(0, shownClasses);
  const [shown, all] = picture.listed;
  return (
    <div>
      <strong>{title}</strong>
      <SomeOf listed={[picture.value === undefined ? answers.length : shown, all]} />
      {picture.value !== undefined && <p>{picture.value}</p>}
      <ol class="plain-answers">
        {answers.map(({ target, label, logit, probability }) => (
          <li key={target}>
            <span>{label}</span>
            <span>
              {probability === undefined ? formatNumber(logit) : formatProbability(probability)}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
