/** @file The spine: the network's layers in the order of computation, with what the picture makes of each. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { formatPercent } from "../../../src/wording/numbers.ts";
import type { LayerFacts, LayerSummary } from "../../protocol.ts";
import type { Explorer } from "../explorer.ts";
import type { State } from "../computing/store.ts";
import { later } from "../frame/later.tsx";
import { PixelCanvas } from "../frame/pixel-canvas.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { counted } from "../texts/counted-text.ts";
import "./layer-strip.css";

export interface PaneProps {
  readonly explorer: Explorer;
  readonly state: State;
}

interface LayerStripProps extends PaneProps {
  onChosen(): void;
}

const LayerGraph = later("graph", async () => (await import("./layer-graph.tsx")).LayerGraph);

export function LayerStrip({ explorer, state, onChosen }: LayerStripProps) {
  const texts = usePageTexts();
  const [search, setSearch] = useState("");
  const [hasGraph, setGraph] = useState(false);
  const { model } = state;
  const layers = useMemo(() => layersNamed(search, model?.layers ?? []), [model, search]);
  return (
    <nav class="spine" data-part="layers" aria-label={texts.layers}>
      <h2 class="with-toggle">
        <span>
          {texts.layers}
          {model && <small> {model.layers.length}</small>}
        </span>
        <button type="button" aria-pressed={hasGraph} onClick={() => setGraph(!hasGraph)}>
          {texts.graph}
        </button>
      </h2>
      <input
        id="search"
        type="search"
        placeholder={texts.search}
        aria-label={`${texts.layers}: ${texts.search}`}
        value={search}
        onInput={(event) => setSearch(event.currentTarget.value)}
      />
      {!model && <p class="hint">{texts.noLayers}</p>}
      {model && layers.length === 0 && <p class="hint">{texts.noLayer}</p>}
      {hasGraph ? (
        <LayerGraph
          explorer={explorer}
          state={state}
          search={search}
          onClose={() => setGraph(false)}
        />
      ) : (
        <LayerList explorer={explorer} state={state} layers={layers} onChosen={onChosen} />
      )}
    </nav>
  );
}

interface LayerListProps extends LayerStripProps {
  readonly layers: readonly LayerFacts[];
}

function LayerList({ explorer, state, layers, onChosen }: LayerListProps) {
  const list = useRef<HTMLUListElement>(null);
  const { model, summaries } = state;
  const current = state.channels?.layer ?? state.view.layer;
  useEffect(() => {
    const chosen = list.current?.querySelector('[aria-current="true"]');
    chosen?.scrollIntoView?.({ block: "nearest" });
  }, [current, model]);
  // Dozens of rows are looked at again only where they changed.
  const rows = useMemo(
    () =>
      layers.map((layer) => (
        <LayerRow
          key={layer.name}
          layer={layer}
          summary={summaries.get(layer.name)}
          isCurrent={layer.name === current}
          onChoose={() => {
            onChosen();
            void explorer.chooseLayer(layer.name);
          }}
        />
      )),
    [explorer, layers, summaries, current, onChosen],
  );
  return <ul ref={list}>{rows}</ul>;
}

function layersNamed(part: string, layers: readonly LayerFacts[]): readonly LayerFacts[] {
  return layers.filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()));
}

interface LayerRowProps {
  readonly layer: LayerFacts;
  readonly summary: LayerSummary | undefined;
  readonly isCurrent: boolean;
  onChoose(): void;
}

function LayerRow({ layer, summary, isCurrent, onChoose }: LayerRowProps) {
  const texts = usePageTexts();
  const { name, operator, channels, height, width, withoutGradient } = layer;
  const size = height * width > 1 ? `${channels} × ${height} × ${width}` : `${channels}`;
  const gaps = withoutGradient.join(", ");
  const dead = summary?.deadChannels ?? 0;
  return (
    <li>
      <button type="button" aria-current={isCurrent} onClick={onChoose}>
        <span class="thumbnail">{summary && <PixelCanvas pixels={summary.thumbnail} />}</span>
        <span class="name">
          <bdi>{name}</bdi>
        </span>
        <span class="facts">
          <span>{operator}</span> <span>{size}</span>
        </span>
        <span class="facts">
          {summary && (
            <>
              {formatPercent(summary.zeroShare)} {texts.zeros}
              {dead > 0 && ` · ${counted(dead, texts.deadOnes)}`}
            </>
          )}
        </span>
        {gaps !== "" && (
          <span class="gap" title={`${texts.noGradientBecause} (${gaps}).`}>
            {texts.noGradient}: {gaps}
          </span>
        )}
      </button>
    </li>
  );
}
