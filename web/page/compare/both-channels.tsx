/** @file The channels of a layer that two networks have, and those that changed most. */
import { formatNumber } from "../../../src/wording/numbers.ts";
import type { ShownChannels } from "../../protocol.ts";
import { ColorBar } from "../frame/color-bar.tsx";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { namesOf, type BothProps } from "./both.ts";
import { SideBySide } from "./side-by-side.tsx";

/** So many channels that changed most. */
const shownChanges = 6;

export function BothChannels({
  own,
  second,
  explorer,
  state,
}: BothProps & { readonly own: ShownChannels }) {
  const texts = usePageTexts();
  const { channels: other, model } = second;
  if (!model.layers.some(({ name }) => name === own.layer)) {
    return (
      <p class="hint">
        {texts.noSuchLayer}: {own.layer}
      </p>
    );
  }
  if (!other) return null;
  const isSame = own.channels.length === other.channels.length;
  const names = namesOf(state, second);
  return (
    <>
      <h3>
        {texts.units} {own.layer}
      </h3>
      <SideBySide
        title={`${texts.units} ${own.layer}`}
        cells={[own, other].map((channels, i) => [
          names[i]!,
          <figure>
            <PixelCanvas
              pixels={channels.sprite}
              class="sprite"
              text={`${names[i]!}: ${channels.channels.length}`}
            />
            <ColorBar scale={channels.scale} />
            <figcaption>
              <strong>{names[i]}</strong>
            </figcaption>
          </figure>,
        ])}
      />
      {isSame && <Changes own={own} other={other} explorer={explorer} />}
    </>
  );
}

interface ChangesProps extends Pick<BothProps, "explorer"> {
  readonly own: ShownChannels;
  readonly other: ShownChannels;
}

function Changes({ own, other, explorer }: ChangesProps) {
  const texts = usePageTexts();
  const changes = own.channels
    .map(({ largest }, channel) => ({
      channel,
      from: largest,
      to: other.channels[channel]?.largest ?? 0,
    }))
    .filter(({ from, to }) => from !== to)
    .toSorted((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from));
  if (changes.length === 0) return <p class="hint">{texts.changedNone}</p>;
  return (
    <>
      <h3>{texts.changedMost}</h3>
      <ul class="changes">
        {changes.slice(0, shownChanges).map(({ channel, from, to }) => (
          <li key={channel}>
            <button type="button" onClick={() => void explorer.chooseChannel(channel)}>
              {texts.unit} {channel}: {formatNumber(from)} → {formatNumber(to)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
