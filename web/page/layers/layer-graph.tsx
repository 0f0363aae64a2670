/** @file The network as a graph: layers and what joins them from top to bottom, branches side by side. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { GraphFacts } from "../../graph-facts.ts";
import {
  layoutGraph,
  nodeSize,
  type GraphLayout,
  type PlacedLine,
  type PlacedNode,
} from "./graph-layout.ts";
import { GraphWalk } from "./graph-walk.ts";
import "./layer-graph.css";
import type { PaneProps } from "./layer-strip.tsx";
import { usePageTexts } from "../frame/settings.tsx";

/** Smaller letters are not read; the rest is scrolled to. */
const scales = { least: 0.3, most: 2.5, leastFitting: 0.62, step: 1.25 } as const;

const margin = 12;

interface LayerGraphProps extends PaneProps {
  /** Places without it in their names are dimmed. */
  readonly search: string;
}

export function LayerGraph({ explorer, state, search }: LayerGraphProps) {
  const texts = usePageTexts();
  const frame = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState(1);
  const graph = state.model?.graph ?? [];
  const layout = useMemo(() => layoutGraph(graph), [graph]);
  const { nodes, width } = layout;
  const walk = useMemo(() => new GraphWalk(graph, nodes), [graph, nodes]);
  const chosen = state.channels?.layer ?? state.view.layer;
  const [focused, setFocused] = useState<string>();
  const focus = [focused, chosen, graph[0]?.name].find((name) => walk.facts(name) !== undefined);
  const fit = () => setScale(fittingScale(frame.current, width));
  useEffect(fit, [width]);
  useEffect(() => showNode(frame.current, chosen), [chosen, scale, nodes]);
  const zoom = (times: number) =>
    setScale(Math.min(Math.max(scale * times, scales.least), scales.most));
  const choose = (name: string) => {
    setFocused(name);
    if (walk.facts(name)?.hasChannels === true) void explorer.chooseLayer(name);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "+" || event.key === "-") {
      zoom(event.key === "+" ? scales.step : 1 / scales.step);
    } else if ((event.key === "Enter" || event.key === " ") && focus !== undefined) {
      choose(focus);
    } else {
      const next = focus === undefined ? undefined : walk.next(focus, event.key);
      if (next === undefined) return;
      setFocused(next);
      nodeIn(frame.current, next)?.focus();
    }
    event.preventDefault();
  };
  return (
    <section class="graph-view" aria-label={texts.graph}>
      <GraphTools onZoom={zoom} onFit={fit} />
      <div
        class="graph-frame"
        ref={frame}
        role="group"
        aria-label={texts.graphHelp}
        tabIndex={0}
        onFocusIn={({ target }) => setFocused(nameOf(target))}
        onKeyDown={onKeyDown}
        onWheel={(event) => zoomByWheel(event, zoom)}
        onPointerDown={(event) => dragFrame(frame.current, event)}
      >
        <GraphPicture
          layout={layout}
          graph={graph}
          scale={scale}
          chosen={chosen}
          focus={focus}
          search={search}
          onChoose={choose}
        />
      </div>
    </section>
  );
}

interface GraphPictureProps {
  readonly layout: GraphLayout;
  readonly graph: readonly GraphFacts[];
  readonly scale: number;
  readonly chosen: string | undefined;
  /** The place that the keyboard is at. */
  readonly focus: string | undefined;
  readonly search: string;
  onChoose(name: string): void;
}

function GraphPicture(props: GraphPictureProps) {
  const { layout, graph, scale, chosen, focus, search, onChoose } = props;
  const texts = usePageTexts();
  const { nodes, lines, width, height } = layout;
  const facts = new Map(graph.map((place) => [place.name, place]));
  return (
    <svg
      role="group"
      aria-label={`${texts.graph}: ${nodes.length}`}
      viewBox={`${-margin} ${-margin} ${width + 2 * margin} ${height + 2 * margin}`}
      width={(width + 2 * margin) * scale}
      height={(height + 2 * margin) * scale}
    >
      {lines.map((line) => (
        <path
          key={`${line.from} ${line.to}`}
          d={pathOf(line)}
          class={line.from === chosen || line.to === chosen ? "near" : ""}
        />
      ))}
      {nodes.map((node) => (
        <GraphNode
          key={node.name}
          node={node}
          facts={facts.get(node.name)!}
          isChosen={node.name === chosen}
          isFocus={node.name === focus}
          isDim={!node.name.toLowerCase().includes(search.toLowerCase())}
          onChoose={() => onChoose(node.name)}
        />
      ))}
    </svg>
  );
}

interface GraphToolsProps {
  onZoom(times: number): void;
  onFit(): void;
}

function GraphTools({ onZoom, onFit }: GraphToolsProps) {
  const texts = usePageTexts();
  return (
    <span class="doors">
      <ZoomButton text={texts.zoomOut} sign="−" onClick={() => onZoom(1 / scales.step)} />
      <ZoomButton text={texts.zoomIn} sign="+" onClick={() => onZoom(scales.step)} />
      <ZoomButton text={texts.zoomFit} sign="↔" onClick={onFit} />
      <small>{texts.graphHelp}</small>
    </span>
  );
}

interface ZoomButtonProps {
  readonly text: string;
  readonly sign: string;
  onClick(): void;
}

function ZoomButton({ text, sign, onClick }: ZoomButtonProps) {
  return (
    <button type="button" aria-label={text} title={text} onClick={onClick}>
      {sign}
    </button>
  );
}

interface GraphNodeProps {
  readonly node: PlacedNode;
  readonly facts: GraphFacts;
  readonly isChosen: boolean;
  readonly isFocus: boolean;
  readonly isDim: boolean;
  onChoose(): void;
}

function GraphNode({ node, facts, isChosen, isFocus, isDim, onChoose }: GraphNodeProps) {
  const texts = usePageTexts();
  const { name, kind, operator, size, hasChannels } = facts;
  const words = { input: texts.graphInput, output: texts.graphOutput, gap: texts.noDerivative };
  const word = kind in words ? words[kind as keyof typeof words] : undefined;
  const what = [operator, word].filter((each) => each !== undefined && each !== "").join(", ");
  const text = `${name}: ${what}, ${size.join(" × ")}`;
  return (
    <g
      role="button"
      data-name={name}
      class={`place ${kind}${isChosen ? " chosen" : ""}${isDim ? " dim" : ""}`}
      tabindex={isFocus ? 0 : -1}
      aria-pressed={isChosen}
      aria-disabled={!hasChannels}
      transform={`translate(${node.x - nodeSize.width / 2} ${node.y - nodeSize.height / 2})`}
      onClick={onChoose}
    >
      <title>{text}</title>
      <rect width={nodeSize.width} height={nodeSize.height} rx={kind === "layer" ? 7 : 19} />
      <text x={nodeSize.width / 2} y={16}>
        {shortName(name)}
      </text>
      <text x={nodeSize.width / 2} y={30} class="what">
        {kind === "gap"
          ? `${operator}: ${texts.noDerivative}`
          : (word ?? `${operator} ${size[0] ?? ""}`)}
      </text>
    </g>
  );
}

/** As many letters as a place has room for; names differ at their ends. */
const mostLetters = 17;

function shortName(name: string): string {
  const letters = Array.from(name.replace(/_output_0$/, ""));
  if (letters.length <= mostLetters) return letters.join("");
  return `…${letters.slice(1 - mostLetters).join("")}`;
}

/** Straight where it passes a rank, bent between ranks. */
function pathOf({ points }: PlacedLine): string {
  const [[x, y], ...others] = points as [
    readonly [number, number],
    ...(readonly [number, number])[],
  ];
  let path = `M ${x} ${y}`;
  let above = y;
  for (const [i, [toX, toY]] of others.entries()) {
    const middle = (above + toY) / 2;
    const fromX = i === 0 ? x : others[i - 1]![0];
    path += ` C ${fromX} ${middle} ${toX} ${middle} ${toX} ${toY}`;
    above = toY;
  }
  return path;
}

function fittingScale(frame: HTMLElement | null, width: number): number {
  const room = frame?.clientWidth ?? 0;
  if (room === 0) return 1;
  return Math.min(Math.max(room / (width + 2 * margin), scales.leastFitting), 1);
}

function nodeIn(frame: HTMLElement | null, name: string | undefined): SVGGElement | undefined {
  const all = [...(frame?.querySelectorAll<SVGGElement>(".place") ?? [])];
  return all.find(({ dataset }) => dataset["name"] === name);
}

function nameOf(target: EventTarget | null): string | undefined {
  return target instanceof SVGElement ? target.dataset["name"] : undefined;
}

/** A wheel scrolls by itself; with Ctrl it zooms, as a pinch does. */
function zoomByWheel(event: WheelEvent, zoom: (times: number) => void): void {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(event.deltaY < 0 ? scales.step : 1 / scales.step);
}

/** Scrolls the frame alone, so that a place lies in its middle if it was out of sight. */
function showNode(frame: HTMLElement | null, name: string | undefined): void {
  const node = nodeIn(frame, name);
  if (!frame || !node) return;
  const [inner, outer] = [node.getBoundingClientRect(), frame.getBoundingClientRect()];
  const isSeen =
    inner.top >= outer.top &&
    inner.bottom <= outer.bottom &&
    inner.left >= outer.left &&
    inner.right <= outer.right;
  if (isSeen) return;
  frame.scrollTop += (inner.top + inner.bottom - outer.top - outer.bottom) / 2;
  frame.scrollLeft += (inner.left + inner.right - outer.left - outer.right) / 2;
}

/** Moves what is seen with a mouse that drags the ground; fingers scroll by themselves. */
function dragFrame(frame: HTMLElement | null, event: PointerEvent): void {
  const isGround = event.target instanceof Element && event.target.closest(".place") === null;
  if (!frame || !isGround || event.pointerType !== "mouse") return;
  event.preventDefault();
  const move = ({ movementX, movementY }: PointerEvent) => {
    frame.scrollLeft -= movementX;
    frame.scrollTop -= movementY;
  };
  frame.addEventListener("pointermove", move);
  addEventListener("pointerup", () => frame.removeEventListener("pointermove", move), {
    once: true,
  });
}
