/** @file What excites each answer most, at the moment that is looked at or the one next to it that has been made. */
import { formatNumber } from "../../../src/wording/numbers.ts";
import type { ExcitedAnswer } from "../../training-protocol.ts";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { nearestExcited } from "./excited-moments.ts";
import type { TrainingState } from "./training.ts";
import "./excited-row.css";

const answers = Array.from({ length: 10 }, (_, number) => number);

export function ExcitedRow({ state }: { readonly state: TrainingState }) {
  const texts = usePageTexts();
  const { excited, shown, isExciting } = state;
  const made = nearestExcited(excited, shown?.epoch ?? 0);
  const told = made
    ? `${texts.trainEpoch} ${made.epoch.toFixed(2)}, ${texts.trainExcitedHow} ${made.steps} ${texts.trainExcitedSteps}`
    : texts.trainExcitedNone;
  return (
    <section class="excited" data-epoch={made?.epoch} aria-busy={isExciting}>
      <h3>
        {texts.trainExcited} <small>{told}</small>
      </h3>
      <ol>
        {answers.map((number) => (
          <li key={number}>
            <Excited number={number} answer={made?.answers[number]} />
          </li>
        ))}
      </ol>
      <p class="hint">{texts.trainExcitedOnly}</p>
    </section>
  );
}

interface ExcitedProps {
  readonly number: number;
  readonly answer: ExcitedAnswer | undefined;
}

function Excited({ number, answer }: ExcitedProps) {
  const texts = usePageTexts();
  if (!answer) {
    return (
      <>
        <div class="is-waiting" />
        <span>
          <strong>{number}</strong>
        </span>
      </>
    );
  }
  const { picture, start, reached, isSilent } = answer;
  const told = isSilent
    ? texts.trainExcitedSilent
    : `${formatNumber(start)} → ${formatNumber(reached)}`;
  return (
    <>
      <PixelCanvas
        pixels={picture}
        text={`${texts.trainExcited}: ${number}. ${isSilent ? told : `${texts.trainExcitedFrom}: ${told}`}`}
      />
      <span title={texts.trainExcitedFrom}>
        <strong>{number}</strong> {told}
      </span>
    </>
  );
}
