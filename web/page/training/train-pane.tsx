/** @file A network learns digits while one looks: its answer, its channels, its curves, and all moments of it on a line. */
import { useEffect, useMemo } from "preact/hooks";
import { formatNumber, formatPercent, formatProbability } from "../../../src/wording/numbers.ts";
import { Confusions } from "./confusions.tsx";
import { Dialog } from "../frame/dialog.tsx";
import { DigitPad } from "./digit-pad.tsx";
import { pathed } from "../files/dropped-files.ts";
import type { Explorer } from "../explorer.ts";
import { ExcitedRow } from "./excited-row.tsx";
import { lackingText } from "../frame/went-wrong.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { trainingOf, useTraining, type TrainingState } from "./training.ts";
import { TrainingCurve } from "./training-curve.tsx";
import { UnitSheet } from "./unit-sheet.tsx";
import "./train-pane.css";

/** Of a network that guesses among ten classes. */
const guessedLoss = Math.log(10);

export interface TrainPaneProps {
  readonly explorer: Explorer;
  onClose(): void;
}

export function TrainPane({ explorer, onClose }: TrainPaneProps) {
  const texts = usePageTexts();
  const training = trainingOf(explorer.store);
  const state = useTraining(training);
  useEffect(() => {
    if (!training.isBegun) void training.run(0, true);
    return () => training.stop();
  }, [training]);
  const open = async () => {
    training.stop();
    const file = await training.file();
    if (!file) return;
    onClose();
    await explorer.hand.openModel({ kind: "files", files: [pathed(file)] });
  };
  return (
    <Dialog
      explorer={explorer}
      title={texts.train}
      isBusy={state.isRunning || state.isExciting}
      onStop={() => training.stop()}
      onClose={onClose}
    >
      <div class="train-pane">
        <section>
          <h3>{texts.trainAsk}</h3>
          <DigitPad first={training.digit} onDigit={(digit) => training.draw(digit)} />
          <DigitAnswers state={state} />
        </section>
        <UnitSheet training={training} state={state} />
        <Curves state={state} />
        <ExcitedRow state={state} />
        <div class="train-bar">
          <Timeline state={state} onShow={(number) => training.show(number)} />
          <span class="train-doors">
            <button
              type="button"
              class="primary"
              onClick={() => (state.isRunning ? training.stop() : void training.run(0, false))}
            >
              {state.isRunning ? texts.stop : texts.trainOn}
            </button>
            <button
              type="button"
              disabled={state.isRunning}
              onClick={() => void training.run(Math.floor(performance.now()), true)}
            >
              {texts.trainAnew}
            </button>
            <button type="button" disabled={!state.shown} onClick={() => void open()}>
              {texts.trainOpen}
            </button>
          </span>
          {state.lacking && <p role="alert">{lackingText(texts, state.lacking)}</p>}
          {state.error !== undefined && <p role="alert">{state.error}</p>}
        </div>
      </div>
    </Dialog>
  );
}

interface PartProps {
  readonly state: TrainingState;
}

function DigitAnswers({ state }: PartProps) {
  const probabilities = state.shown?.probabilities ?? Array<number>(10).fill(0);
  const best = probabilities.reduce((most, p, i) => (p > probabilities[most]! ? i : most), 0);
  return (
    <ol class="digit-answers">
      {probabilities.map((probability, digit) => (
        <li key={digit} class={digit === best && probability > 0 ? "best" : ""}>
          <span>{digit}</span>
          <span class="meter">
            <span style={{ width: `${100 * probability}%` }} />
          </span>
          <span class="number">{formatProbability(probability)}</span>
        </li>
      ))}
    </ol>
  );
}

function Curves({ state }: PartProps) {
  const texts = usePageTexts();
  const { losses, done, epoch, epochs, shown } = state;
  const at = shown?.epoch ?? 0;
  const smoothed = useMemo(() => smooth(losses), [losses]);
  // What is said is of the moment that is looked at, as all else is.
  const last = done.findLast((facts) => facts.epoch <= at);
  const loss = smoothed[Math.round((smoothed.length * at) / Math.max(epoch, at)) - 1];
  return (
    <section aria-live="off">
      <TrainingCurve
        title={texts.trainLoss}
        last={loss === undefined ? "–" : formatNumber(loss)}
        most={guessedLoss}
        ends={["0", formatNumber(guessedLoss)]}
        epochs={epochs}
        at={at}
        curves={[
          {
            class: "line",
            points: smoothed.map((loss, i) => [(epoch * (i + 1)) / smoothed.length, loss]),
          },
          { class: "dots", points: done.map((facts) => [facts.epoch, facts.loss]) },
        ]}
      />
      <TrainingCurve
        title={texts.trainRight}
        last={last ? formatPercent(last.accuracy) : "–"}
        most={1}
        ends={["0 %", "100 %"]}
        epochs={epochs}
        at={at}
        curves={[
          { class: "line", points: done.map((facts) => [facts.epoch, facts.accuracy]) },
          { class: "dots", points: done.map((facts) => [facts.epoch, facts.accuracy]) },
        ]}
      />
      {last && <Confusions facts={last} />}
    </section>
  );
}

interface TimelineProps extends PartProps {
  onShow(number: number): void;
}

function Timeline({ state, onShow }: TimelineProps) {
  const texts = usePageTexts();
  const { moments, shown, epochs } = state;
  const told = `${texts.trainEpoch} ${(shown?.epoch ?? 0).toFixed(2)} / ${epochs}`;
  return (
    <label class="timeline">
      <span>{told}</span>
      <input
        type="range"
        min="0"
        max={Math.max(moments.length - 1, 0)}
        value={shown?.number ?? 0}
        aria-label={texts.trainTimeline}
        aria-valuetext={told}
        onInput={(event) => onShow(Number(event.currentTarget.value))}
      />
    </label>
  );
}

/** Each the mean of those before it, which count the less the longer ago. */
function smooth(losses: readonly number[]): readonly number[] {
  let mean = losses[0] ?? 0;
  return losses.map((loss) => (mean = 0.9 * mean + 0.1 * loss));
}
