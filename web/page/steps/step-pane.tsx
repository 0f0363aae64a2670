/** @file A channel step by step: what it reads, a window that slides over it, the products, their sum, and what follows. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { stepsAt } from "../../../src/activations/window-sums.ts";
import type { FollowedChannel, ShownSteps } from "../../steps-protocol.ts";
import { Dialog } from "../frame/dialog.tsx";
import type { Explorer } from "../explorer.ts";
import { usePageTexts } from "../frame/settings.tsx";
import { filled } from "../texts/filled-text.ts";
import { useSliding } from "./sliding.ts";
import { partsOf, scalesOf } from "./step-parts.ts";
import { StepOutput } from "./step-output.tsx";
import { StepReads } from "./step-reads.tsx";
import { StepSum } from "./step-sum.tsx";
import { StepWindow } from "./step-window.tsx";
import "./step-pane.css";

export interface StepPaneProps {
  readonly explorer: Explorer;
  readonly layer: string;
  readonly channel: number;
  onClose(): void;
}

export function StepPane({ explorer, layer, channel, onClose }: StepPaneProps) {
  const texts = usePageTexts();
  const [steps, setSteps] = useState<ShownSteps>();
  useEffect(() => {
    const follow = async () => {
      const found = await explorer.store.ask("steps", { layer, channel });
      if (found) setSteps(found);
      else onClose();
    };
    void follow();
  }, [explorer, layer, channel]);
  return (
    <Dialog
      explorer={explorer}
      title={`${texts.stepThrough}: ${filled(texts.stepWhose, { layer, channel: `${channel}` })}`}
      isBusy={false}
      onClose={onClose}
    >
      {!steps && (
        <p class="step-note" role="status">
          {texts.working} …
        </p>
      )}
      {steps && !steps.isFollowed && (
        <p class="step-note" role="status">
          {texts.noSteps} {steps.reason}
        </p>
      )}
      {steps?.isFollowed === true && <Followed steps={steps} />}
    </Dialog>
  );
}

function Followed({ steps }: { readonly steps: FollowedChannel }) {
  const texts = usePageTexts();
  const [rows, columns] = steps.windows.output;
  const { place, isPlaying, go, play } = useSliding(rows * columns, placeOfMost(steps));
  const [chosen, setChosen] = useState(0);
  const parts = useMemo(() => partsOf(steps), [steps]);
  const scales = useMemo(() => scalesOf(steps), [steps]);
  const [row, column] = [Math.floor(place / columns), place % columns];
  const at = useMemo(() => stepsAt(parts, parts.maps, row, column), [parts, row, column]);
  return (
    <div class="step-pane">
      <section>
        <h3>{steps.kind === "sum" ? texts.stepReads : texts.stepReadsOne}</h3>
        <StepReads
          steps={steps}
          parts={parts}
          scale={scales.reads}
          kernels={scales.kernels}
          sums={at.parts}
          chosen={chosen}
          onChoose={setChosen}
        />
      </section>
      <section class="window">
        <StepWindow steps={steps} parts={parts} scales={scales} at={at} chosen={chosen} />
      </section>
      <section>
        <StepSum steps={steps} at={at} place={place} chosen={chosen} />
        <StepOutput
          steps={steps}
          scale={scales.output}
          place={place}
          isPlaying={isPlaying}
          onGo={go}
          onPlay={play}
        />
      </section>
    </div>
  );
}

/** Where the channel says most, which is where there is most to see. */
function placeOfMost({ values, stages }: FollowedChannel): number {
  const shown = stages.at(-1)?.values ?? values;
  return shown.reduce((best, value, i) => (value > shown[best]! ? i : best), 0);
}
