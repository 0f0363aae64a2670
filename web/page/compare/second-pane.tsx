/** @file Two networks on one picture: their maps, their answers, and the channels of a layer that both have. */
import { useEffect, useRef } from "preact/hooks";
import { formatNumber, formatProbability } from "../../../src/wording/numbers.ts";
import type { Pixels, SeenPicture, ShownChannels, ShownMap } from "../../protocol.ts";
import { ColorBar } from "../frame/color-bar.tsx";
import { pathed } from "../files/dropped-files.ts";
import type { PaneProps } from "../layers/layer-strip.tsx";
import { pairedAnswers } from "./paired-answers.ts";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import "./second-pane.css";
import { usePageTexts } from "../frame/settings.tsx";
import { shippedModels } from "../files/shipped-models.ts";
import type { SecondShown } from "../computing/store.ts";

export function SecondPane({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const { second, picture, map, channels } = state;
  useEffect(() => void explorer.second.follow(), [explorer, picture, map, channels]);
  return (
    <details class="second" open={second !== undefined}>
      <summary>{texts.twoNetworks}</summary>
      <SecondDoors explorer={explorer} state={state} />
      {second && picture && map && (
        <>
          <BothMaps explorer={explorer} state={state} second={second} />
          <BothAnswers explorer={explorer} state={state} second={second} />
          {channels && (
            <BothChannels own={channels} second={second} explorer={explorer} state={state} />
          )}
        </>
      )}
    </details>
  );
}

function SecondDoors({ explorer, state }: PaneProps) {
  const texts = usePageTexts();
  const files = useRef<HTMLInputElement>(null);
  const { second } = state;
  return (
    <span class="doors">
      <button type="button" onClick={() => files.current?.click()}>
        {texts.secondFile}
      </button>
      <select
        aria-label={texts.secondShipped}
        value=""
        onChange={({ currentTarget }) => {
          const { value } = currentTarget;
          currentTarget.value = "";
          void explorer.second.open({ kind: "shipped", name: value });
        }}
      >
        <option value="">{texts.secondShipped}</option>
        {shippedModels.map((name) => (
          <option key={name} value={name}>
            {texts.knows[name]}
          </option>
        ))}
      </select>
      {second && (
        <button type="button" onClick={() => void explorer.second.close()}>
          {texts.closeSecond}
        </button>
      )}
      <input
        ref={files}
        id="second-files"
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          const chosen = [...(currentTarget.files ?? [])];
          currentTarget.value = "";
          if (chosen.length > 0)
            void explorer.second.open({ kind: "files", files: chosen.map(pathed) });
        }}
      />
    </span>
  );
}

interface BothProps extends PaneProps {
  readonly second: SecondShown;
}

function BothMaps({ state, second }: BothProps) {
  const texts = usePageTexts();
  const { picture, map, model } = state;
  const { painted, difference } = second;
  if (!picture || !map) return null;
  return (
    <>
      <div class="cells">
        <MapCell
          title={model?.name ?? ""}
          picture={picture}
          heat={painted?.heats[0] ?? map.heat}
          map={map}
          hasBar={!painted}
        />
        {second.picture && second.map && (
          <MapCell
            title={second.model.name}
            picture={second.picture}
            heat={painted?.heats[1] ?? second.map.heat}
            map={second.map}
            hasBar={!painted}
          />
        )}
        {difference && (
          <figure>
            <div class="stage">
              <PixelCanvas pixels={picture.seen} class="photo" />
              <PixelCanvas pixels={difference.heats[0]!} text={texts.mapDifference} class="heat" />
            </div>
            <ColorBar scale={difference.scale} />
            <figcaption>{texts.mapDifference}</figcaption>
          </figure>
        )}
      </div>
      {painted && <ColorBar scale={painted.scale} />}
      {second.map && !painted && <p class="hint">{texts.ownScales}</p>}
      {second.map && painted && !difference && <p class="hint">{texts.otherPlaces}</p>}
    </>
  );
}

interface MapCellProps {
  readonly title: string;
  readonly picture: SeenPicture;
  readonly heat: Pixels;
  readonly map: ShownMap;
  readonly hasBar: boolean;
}

function MapCell({ title, picture, heat, map, hasBar }: MapCellProps) {
  return (
    <figure>
      <div class="stage">
        <PixelCanvas pixels={picture.seen} class="photo" />
        <PixelCanvas pixels={heat} text={`${title}: ${map.text}`} class="heat" />
      </div>
      {hasBar && <ColorBar scale={map.scale} />}
      <figcaption>
        <strong>{title}</strong> {map.heading}, {map.score}
      </figcaption>
    </figure>
  );
}

const shownClasses = 8;

function BothAnswers({ state, second }: BothProps) {
  const texts = usePageTexts();
  const { picture, model } = state;
  if (!picture || !second.picture) return null;
  const names = [model?.classes, second.model.classes] as const;
  const pairs = second.all && pairedAnswers(second.all[0], second.all[1], names);
  if (!pairs) {
    return (
      <>
        {second.all && <p class="hint">{texts.otherClasses}</p>}
        <div class="cells">
          <PlainAnswers title={model?.name ?? ""} picture={picture} />
          <PlainAnswers title={second.model.name} picture={second.picture} />
        </div>
      </>
    );
  }
  const told = (probability: number | undefined, logit: number) =>
    probability === undefined ? formatNumber(logit) : formatProbability(probability);
  return (
    <table class="both-answers">
      <caption>{texts.answer}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">{model?.name}</th>
          <th scope="col">{second.model.name}</th>
          <th scope="col">{texts.difference}</th>
        </tr>
      </thead>
      <tbody>
        {pairs.slice(0, shownClasses).map(({ label, first, second: other, difference }) => (
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
  return (
    <div>
      <strong>{title}</strong>
      {picture.value !== undefined && <p>{picture.value}</p>}
      <ol>
        {picture.answers.slice(0, shownClasses).map(({ target, label, logit, probability }) => (
          <li key={target}>
            {label}{" "}
            {probability === undefined ? formatNumber(logit) : formatProbability(probability)}
          </li>
        ))}
      </ol>
    </div>
  );
}

/** So many channels that changed most. */
const shownChanges = 6;

function BothChannels({
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
  const changes = own.channels
    .map(({ largest }, channel) => ({
      channel,
      from: largest,
      to: other.channels[channel]?.largest ?? 0,
    }))
    .toSorted((a, b) => Math.abs(b.to - b.from) - Math.abs(a.to - a.from));
  return (
    <>
      <h3>
        {texts.units} {own.layer}
      </h3>
      <div class="cells">
        {[own, other].map((channels, i) => (
          <figure key={i}>
            <PixelCanvas
              pixels={channels.sprite}
              class="sprite"
              text={`${[state.model?.name, model.name][i]}: ${channels.channels.length}`}
            />
            <ColorBar scale={channels.scale} />
          </figure>
        ))}
      </div>
      {isSame && (
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
      )}
    </>
  );
}
