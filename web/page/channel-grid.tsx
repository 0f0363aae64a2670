/** @file A layer's channels as a grid of one canvas, with a cell each for keyboard and screen reader. */
import { useRef } from "preact/hooks";
import { formatPercent } from "../../src/wording/numbers.ts";
import type { ChannelFacts, ShownChannels } from "../protocol.ts";
import type { PaneProps } from "./layer-strip.tsx";
import { PixelCanvas } from "./pixel-canvas.tsx";
import { usePageTexts } from "./settings.tsx";
import "./channel-grid.css";

interface ChannelGridProps extends PaneProps {
  readonly channels: ShownChannels;
}

export function ChannelGrid({ explorer, state, channels }: ChannelGridProps) {
  const grid = useRef<HTMLDivElement>(null);
  const { columns, sprite, channels: facts } = channels;
  const chosen = state.view.channel;
  const rows = Math.ceil(facts.length / columns);
  const choose = (channel: number) => {
    const to = Math.min(Math.max(channel, 0), facts.length - 1);
    void explorer.chooseChannel(to);
    grid.current?.querySelector<HTMLElement>(`[data-channel="${to}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf(event.key, columns);
    if (step === 0 && event.key !== "Enter") return;
    event.preventDefault();
    if (step !== 0) choose((chosen ?? 0) + step);
    else if (chosen !== undefined) void explorer.maximize();
  };
  return (
    <div
      class="channel-grid"
      ref={grid}
      role="grid"
      tabIndex={-1}
      aria-label={channels.layer}
      style={{ "--columns": columns, "--rows": rows }}
      onKeyDown={onKeyDown}
    >
      <PixelCanvas pixels={sprite} class="sprite" />
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} role="row" class="row">
          {facts.slice(row * columns, (row + 1) * columns).map((channel, i) => (
            <Cell
              key={i}
              number={row * columns + i}
              facts={channel}
              chosen={chosen}
              onChoose={() => void explorer.chooseChannel(row * columns + i)}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

/** How far an arrow goes among channels; 0 for other keys. */
function stepOf(key: string, columns: number): number {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
  };
  return steps[key] ?? 0;
}

interface CellProps {
  readonly number: number;
  readonly facts: ChannelFacts;
  readonly chosen: number | undefined;
  onChoose(): void;
}

function Cell({ number, facts, chosen, onChoose }: CellProps) {
  const texts = usePageTexts();
  const text = textOf(number, facts, texts);
  return (
    <button
      type="button"
      role="gridcell"
      data-channel={number}
      class={facts.isDead ? "dead" : ""}
      tabIndex={number === (chosen ?? 0) ? 0 : -1}
      aria-selected={number === chosen}
      aria-label={text}
      title={text}
      onClick={onChoose}
    />
  );
}

/** "channel 12, 31 % active, peak upper left" */
function textOf(
  number: number,
  { isDead, activeShare, x, y }: ChannelFacts,
  texts: ReturnType<typeof usePageTexts>,
): string {
  if (isDead) return `${texts.unit} ${number}, ${texts.dead}`;
  const place = `${Math.round(100 * x)} %, ${Math.round(100 * y)} %`;
  return `${texts.unit} ${number}, ${formatPercent(activeShare)} > 0, max ${place}`;
}
