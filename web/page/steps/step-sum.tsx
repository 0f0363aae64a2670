/** @file What adds up at a place: parts, bias, sum, and what normalisation and activation make of it, beside the network's own number. */
import type { StepsAt } from "../../../src/activations/window-sums.ts";
import { formatNumber } from "../../../src/wording/numbers.ts";
import type { FollowedChannel } from "../../steps-protocol.ts";
import { usePageTexts } from "../frame/settings.tsx";
import { counted } from "../texts/counted-text.ts";

/** Of the size of all that is added; sums of thousands of float32 numbers differ by less. */
const roundingShare = 1e-4;

interface StepSumProps {
  readonly steps: FollowedChannel;
  readonly at: StepsAt;
  readonly place: number;
  readonly chosen: number;
}

export function StepSum({ steps, at, place, chosen }: StepSumProps) {
  const texts = usePageTexts();
  const { kind, reads, bias, values, stages, operator } = steps;
  const own = values[place]!;
  const others = at.parts.reduce((sum, part, i) => (i === chosen ? sum : sum + part), 0);
  return (
    <>
      <h3>{kind === "sum" ? texts.stepSum : operator}</h3>
      <dl class="step-sum">
        {kind === "sum" && (
          <>
            <dt>
              {reads[chosen]!.layer} {reads[chosen]!.channel}
            </dt>
            <dd>{formatNumber(at.parts[chosen]!, 5)}</dd>
            {reads.length > 1 && (
              <>
                <dt>+ {counted(reads.length - 1, texts.stepOthers)}</dt>
                <dd>{formatNumber(others, 5)}</dd>
              </>
            )}
            <dt>+ {texts.stepBias}</dt>
            <dd>{formatNumber(bias, 5)}</dd>
          </>
        )}
        <dt class="total">= {operator}</dt>
        <dd class="total" data-sum={at.sum} data-own={own}>
          {formatNumber(own, 5)}
        </dd>
        {stages.map(({ operator: name, formula, values: after }, i) => (
          <Stage key={i} name={name} formula={formula} number={after[place]!} />
        ))}
      </dl>
      {differs(steps, at, own) && (
        <p class="warnings">
          {texts.stepDiffers} {formatNumber(at.sum, 5)}
        </p>
      )}
    </>
  );
}

interface StageProps {
  readonly name: string;
  readonly formula: string;
  readonly number: number;
}

function Stage({ name, formula, number }: StageProps) {
  return (
    <>
      <dt>
        → {name} <small>{formula}</small>
      </dt>
      <dd class="stage-number">{formatNumber(number, 5)}</dd>
    </>
  );
}

/** Whether the sum is not the network's, beyond rounding. */
function differs({ bias }: FollowedChannel, { parts, sum }: StepsAt, own: number): boolean {
  const size = parts.reduce((all, part) => all + Math.abs(part), Math.abs(bias));
  return Math.abs(sum - own) > roundingShare * size + Number.EPSILON;
}
