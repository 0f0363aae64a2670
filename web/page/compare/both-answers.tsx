/** @file What two networks answer, class by class where they are the same. */
import { formatNumber, formatProbability } from "../../../src/wording/numbers.ts";
import type { ClassAnswer, SeenPicture } from "../../protocol.ts";
import { usePageTexts } from "../frame/settings.tsx";
import { SomeOf } from "../picture/answers.tsx";
import { filled } from "../texts/filled-text.ts";
import { namesOf, type BothProps } from "./both.ts";
import { pairedAnswers, type PairedAnswer } from "./paired-answers.ts";

const shownClasses = 8;

export function BothAnswers({ state, second }: BothProps) {
  const texts = usePageTexts();
  const { picture, model } = state;
  if (!picture || !second.picture) return null;
  const titles = namesOf(state, second);
  const names = [model?.classes, second.model.classes] as const;
  const pairs = second.all && pairedAnswers(second.all[0], second.all[1], names);
  if (!second.all || !pairs) {
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
  const [alone, others] = second.all.map((all) => all.length - pairs.length);
  const words = { first: titles[0], second: titles[1], alone: `${alone}`, others: `${others}` };
  return (
    <>
      <PairsTable titles={titles} pairs={pairs} />
      {alone! + others! > 0 && <p class="hint">{filled(texts.unpaired, words)}</p>}
    </>
  );
}

interface PairsTableProps {
  readonly titles: readonly [string, string];
  readonly pairs: readonly PairedAnswer[];
}

function PairsTable({ titles, pairs }: PairsTableProps) {
  const texts = usePageTexts();
  const shownPairs = pairs.slice(0, shownClasses);
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
        {shownPairs.map(({ label, first, second, difference }) => (
          <tr key={first.class}>
            <th scope="row">{label}</th>
            <td>{told(first)}</td>
            <td>{told(second)}</td>
            <td>{signed(difference)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function told({ probability, logit }: ClassAnswer): string {
  return probability === undefined ? formatNumber(logit) : formatProbability(probability);
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
        {answers.map((answer) => (
          <li key={answer.target}>
            <span>{answer.label}</span>
            <span>{told(answer)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
