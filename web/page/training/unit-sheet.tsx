/** @file What each channel of the convolutions is at the moment that is looked at, and one of them through all epochs. */
import { useRef } from "preact/hooks";
import { formatNumber } from "../../../src/wording/numbers.ts";
import { columnsOf, stepOf } from "../../parts/grid-steps.ts";
import type { ShownOf, TrainedTile } from "../../training-protocol.ts";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { filled } from "../texts/filled-text.ts";
import type { Texts } from "../texts/texts.ts";
import type { Training, TrainingState } from "./training.ts";
import "./unit-sheet.css";

interface SheetProps {
  readonly training: Training;
  readonly state: TrainingState;
}

export function UnitSheet({ training, state }: SheetProps) {
  return (
    <section class="unit-sheet">
      <Channels training={training} state={state} of="kernels" />
      <Channels training={training} state={state} of="maps" />
      <Past training={training} state={state} />
    </section>
  );
}

interface ChannelsProps extends SheetProps {
  readonly of: ShownOf;
}

function Channels({ training, state, of }: ChannelsProps) {
  const texts = usePageTexts();
  const group = useRef<HTMLDivElement>(null);
  const { shown, channel: chosen } = state;
  const tiles = shown?.[of] ?? [];
  const own = chosen.of === of ? chosen.channel : undefined;
  const title = of === "kernels" ? texts.trainKernels : texts.trainMaps;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = group.current ? stepOf(event.key, columnsOf(group.current)) : 0;
    if (step === 0 || tiles.length === 0) return;
    event.preventDefault();
    const focused = Number((event.target as HTMLElement).dataset["channel"] ?? 0);
    const to = Math.min(Math.max(focused + step, 0), tiles.length - 1);
    training.choose({ of, channel: to });
    group.current?.querySelector<HTMLElement>(`[data-channel="${to}"]`)?.focus();
  };
  return (
    <>
      <h3>{title}</h3>
      <div
        class="tiles"
        ref={group}
        role="radiogroup"
        aria-label={title}
        data-of={of}
        onKeyDown={onKeyDown}
      >
        {tiles.map((tile, channel) => (
          <button
            key={channel}
            type="button"
            role="radio"
            data-channel={channel}
            tabIndex={channel === (own ?? 0) ? 0 : -1}
            aria-checked={channel === own}
            aria-label={`${texts.unit} ${channel}, ${largestText(texts, of, tile)}`}
            onClick={() => training.choose({ of, channel })}
          >
            <PixelCanvas pixels={tile.picture} />
          </button>
        ))}
      </div>
    </>
  );
}

/** A click on a moment looks at it. */
function Past({ training, state }: SheetProps) {
  const texts = usePageTexts();
  const { past, channel: chosen, shown } = state;
  const title = chosen.of === "kernels" ? texts.trainPastKernels : texts.trainPastMaps;
  const isOf = past?.of === chosen.of && past.channel === chosen.channel;
  const moments = isOf ? past.moments : [];
  return (
    <>
      <h3>{filled(title, { channel: String(chosen.channel) })}</h3>
      <ol class="past" data-channel={isOf ? `${chosen.of} ${chosen.channel}` : undefined}>
        {moments.map((moment) => (
          <li key={moment.number}>
            <button
              type="button"
              aria-current={moment.number === shown?.number}
              aria-label={`${texts.trainEpoch} ${shortEpoch(moment.epoch)}, ${largestText(texts, chosen.of, moment)}`}
              onClick={() => training.show(moment.number)}
            >
              <PixelCanvas pixels={moment.picture} />
              <span>{shortEpoch(moment.epoch)}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}

function largestText(texts: Texts, of: ShownOf, { largest }: TrainedTile): string {
  const what = of === "kernels" ? texts.trainLargestWeight : texts.trainLargestValue;
  return `${what} ${formatNumber(largest)}`;
}

/** A moment between two epochs has a part of one. */
function shortEpoch(epoch: number): string {
  return Number.isInteger(epoch) ? String(epoch) : epoch.toFixed(1);
}
