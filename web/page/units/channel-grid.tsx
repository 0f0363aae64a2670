/** @file A layer's channels as a grid of one canvas, with a cell each for keyboard and screen reader. */
import { useMemo, useRef } from "preact/hooks";
import { stepOf } from "../../parts/grid-steps.ts";
import type { ChannelFacts, ShownChannels } from "../../protocol.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { channelText } from "./channel-text.ts";
import { useNarrow } from "../frame/narrow.ts";
import { usePageTexts } from "../frame/settings.tsx";
import { tiledAnew } from "./tiled-channels.ts";
import "./channel-grid.css";

/** So many square channels of a row can still be met by a finger on a phone: 44 pixels each; fewer where they are low. */
const touchColumns = 8;

interface ChannelGridProps extends Pick<PaneProps, "explorer"> {
  readonly channels: ShownChannels;
  /** The number of the chosen channel. */
  readonly chosen: number | undefined;
}

export function ChannelGrid({ explorer, chosen, channels }: ChannelGridProps) {
  const texts = usePageTexts();
  const grid = useRef<HTMLDivElement>(null);
  const { channels: facts, tileWidth, tileHeight } = channels;
  const tile = tileWidth / tileHeight;
  const most = useNarrow() ? Math.max(Math.floor(touchColumns / Math.max(tile, 1)), 1) : Infinity;
  const columns = Math.min(most, channels.columns);
  const sprite = useMemo(
    () => tiledAnew(channels, facts.length, columns),
    [channels, facts, columns],
  );
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
    const focused = Number((event.target as HTMLElement).dataset["channel"] ?? chosen ?? 0);
    if (step !== 0) choose(focused + step);
    else if (focused === chosen) void explorer.maximize();
    else choose(focused);
  };
  return (
    <div
      class="channel-grid"
      ref={grid}
      role="grid"
      tabIndex={-1}
      aria-label={`${texts.units} ${channels.layer}`}
      aria-rowcount={rows}
      aria-colcount={columns}
      style={{ "--columns": columns, "--rows": rows, "--tile": tile }}
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

interface CellProps {
  readonly number: number;
  readonly facts: ChannelFacts;
  readonly chosen: number | undefined;
  onChoose(): void;
}

function Cell({ number, facts, chosen, onChoose }: CellProps) {
  const texts = usePageTexts();
  const text = channelText(number, facts, texts);
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
