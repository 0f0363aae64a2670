/** @file Figures by layer as lines, from the first layer to the last. */
import { useRef, useState } from "preact/hooks";
import type { AtlasLayer } from "../../src/atlas/site/site-data.ts";
import { formatShare } from "../../src/wording/numbers.ts";
import { layerAddress } from "./address.ts";
import { useAtlas } from "./atlas-context.ts";
import { figuresOf, type DepthFigure } from "./depth-figures.ts";
import { useWidth } from "./measured.ts";
import { useTexts } from "./texts.ts";
import "./depth-chart.css";

const heightPx = 230;
const margin = { left: 54, right: 14, top: 12, bottom: 30 } as const;

/** Least distance of two numbers below the axis, in pixels. */
const tickPx = 26;

export function DepthChart() {
  const texts = useTexts();
  const { layers } = useAtlas().index;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [pointed, setPointed] = useState<number>();
  const figures = figuresOf(layers);
  const scale = scaleOf(width, layers.length);
  const layerAt = (event: MouseEvent) => {
    const { left } = box.current!.getBoundingClientRect();
    return Math.min(Math.max(scale.numberAt(event.clientX - left), 0), layers.length - 1);
  };
  return (
    <section class="by-depth">
      <h2>
        {texts.byDepth} <small>{texts.byDepthText}</small>
      </h2>
      <Legend figures={figures} layer={pointed === undefined ? undefined : layers[pointed]} />
      <div
        ref={box}
        class="chart"
        style={{ height: `${heightPx}px` }}
        onPointerMove={(event) => setPointed(layerAt(event))}
        onPointerLeave={() => setPointed(undefined)}
        onClick={(event) => (location.hash = layerAddress(layers[layerAt(event)]!.folder))}
      >
        {width > 0 && (
          <svg
            width={width}
            height={heightPx}
            role="img"
            aria-label={textOf(figures, layers, texts)}
          >
            <Axes scale={scale} count={layers.length} width={width} title={texts.layer} />
            {pointed !== undefined && (
              <line
                class="pointed"
                x1={scale.x(pointed)}
                x2={scale.x(pointed)}
                y1={margin.top}
                y2={heightPx - margin.bottom}
              />
            )}
            {figures.map((figure) => (
              <Line key={figure.key} figure={figure} layers={layers} scale={scale} />
            ))}
          </svg>
        )}
      </div>
      <AsTable figures={figures} layers={layers} />
    </section>
  );
}

interface Scale {
  x(number: number): number;
  y(share: number): number;
  numberAt(x: number): number;
  /** Every so many layers a number below the axis. */
  readonly step: number;
}

function scaleOf(width: number, count: number): Scale {
  const span = Math.max(width - margin.left - margin.right, 1);
  const gap = span / Math.max(count, 1);
  const plotPx = heightPx - margin.top - margin.bottom;
  return {
    x: (number) => margin.left + gap * (number + 0.5),
    y: (share) => margin.top + plotPx * (1 - share),
    numberAt: (x) => Math.floor((x - margin.left) / gap),
    step: Math.max(Math.ceil(tickPx / gap), 1),
  };
}

interface AxesProps {
  readonly scale: Scale;
  readonly count: number;
  readonly width: number;
  readonly title: string;
}

function Axes({ scale, count, width, title }: AxesProps) {
  const numbers = Array.from({ length: count }, (_, i) => i).filter((i) => i % scale.step === 0);
  return (
    <g class="axes">
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <g key={share}>
          <line
            x1={margin.left}
            x2={width - margin.right}
            y1={scale.y(share)}
            y2={scale.y(share)}
          />
          <text x={margin.left - 8} y={scale.y(share)} dy="0.32em" text-anchor="end">
            {100 * share} %
          </text>
        </g>
      ))}
      {numbers.map((i) => (
        <text key={i} x={scale.x(i)} y={heightPx - 10} text-anchor="middle">
          {i + 1}
        </text>
      ))}
      <text x={margin.left - 8} y={heightPx - 10} text-anchor="end">
        {title}
      </text>
    </g>
  );
}

interface LineProps {
  readonly figure: DepthFigure;
  readonly layers: readonly AtlasLayer[];
  readonly scale: Scale;
}

/** Broken where a layer lacks the figure; each figure has a mark of its own, for those who see no colours. */
function Line({ figure: { key, colour, of }, layers, scale }: LineProps) {
  const points = layers.flatMap((layer, i) => {
    const share = of(layer);
    return share === undefined ? [] : [{ i, x: scale.x(i), y: scale.y(share) }];
  });
  const path = points.map(({ i, x, y }, at) => {
    const goesOn = at > 0 && points[at - 1]!.i === i - 1;
    return `${goesOn ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  return (
    <g style={{ color: colour }}>
      <path d={path.join("")} class="line" />
      {points.map(({ i, x, y }) => (
        <g key={i} transform={`translate(${x.toFixed(1)} ${y.toFixed(1)})`}>
          <Mark kind={key} />
        </g>
      ))}
    </g>
  );
}

function Mark({ kind }: { readonly kind: DepthFigure["key"] }) {
  if (kind === "zeroShare") return <circle r="4" class="mark" />;
  if (kind === "effectiveShare")
    return <rect x="-3.6" y="-3.6" width="7.2" height="7.2" class="mark" />;
  if (kind === "deadShare") return <path d="M-4 -4 L4 4 M-4 4 L4 -4" class="cross" />;
  return <path d="M0 -5 L4.8 3.6 L-4.8 3.6 Z" class="mark" />;
}

interface AsTableProps {
  readonly figures: readonly DepthFigure[];
  readonly layers: readonly AtlasLayer[];
}

/** The chart's numbers, for those who read them. */
function AsTable({ figures, layers }: AsTableProps) {
  const texts = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{texts.asTable}</summary>
      {isOpen && (
        // A region that scrolls by itself must be reached by keys.
        <div class="scrolled" role="region" aria-label={texts.byDepth} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.layer}</th>
                {figures.map(({ key }) => (
                  <th key={key} scope="col">
                    {texts[key]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {layers.map((layer) => (
                <tr key={layer.folder}>
                  <th scope="row">
                    <a href={layerAddress(layer.folder)}>{layer.name}</a>
                  </th>
                  {figures.map(({ key, of }) => (
                    <td key={key}>{shareOf(of(layer))}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

interface LegendProps {
  readonly figures: readonly DepthFigure[];
  /** The layer whose figures are told; without one, what the figures are. */
  readonly layer: AtlasLayer | undefined;
}

function Legend({ figures, layer }: LegendProps) {
  const texts = useTexts();
  return (
    <ul class="legend" aria-label={texts.legend}>
      {figures.map(({ key, colour, of }) => (
        <li key={key} title={texts[`${key}Text`]}>
          <svg width="14" height="14" viewBox="-7 -7 14 14" style={{ color: colour }} aria-hidden>
            <Mark kind={key} />
          </svg>
          <span class="figure">{texts[key]}</span>{" "}
          <span class="meaning">
            {layer ? <strong>{shareOf(of(layer))}</strong> : texts[`${key}Text`]}
          </span>
        </li>
      ))}
      <li class="of-layer">{layer?.name}</li>
    </ul>
  );
}

function shareOf(share: number | undefined): string {
  return share === undefined ? "–" : formatShare(share);
}

/** "Zeros: 40 % … 91 %. ..." */
function textOf(
  figures: readonly DepthFigure[],
  layers: readonly AtlasLayer[],
  texts: ReturnType<typeof useTexts>,
): string {
  const lines = figures.map(({ key, of }) => {
    const shares = layers.map((layer) => shareOf(of(layer)));
    return `${texts[key]}: ${shares.join(", ")}.`;
  });
  return `${texts.byDepthText} ${lines.join(" ")}`;
}
