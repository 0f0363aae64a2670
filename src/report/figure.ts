/** @file Figures, claims and tables of the report as HTML. */
import { formatMeasuredDuration } from "../wording/durations.ts";
import type { Claim, Figure, FigureCell, StudyTable } from "./record.ts";
import { Html, html } from "./html.ts";

/** Links to data under a figure; the others lie in the same folder. */
const mostLinks = 3;

/** Gives the text of an SVG file of the report, by its path in the folder. */
export type ChartText = (file: string) => string;

/** Width of figures on a wide page. */
const widePx = 1088;
/** Cells get narrower than their share of a wide page on a phone, but not than this. */
const leastCellPx = { many: 92, few: 150, two: 300 } as const;

/** A figure with its caption; `label` is "Figure 1.2". */
export function figureHtml(figure: Figure, label: string, chartText: ChartText): Html {
  const { id, title, cells, charts, sees, warnings } = figure;
  return html`<figure class="wide" id="${id}" aria-labelledby="${id}-title">
    ${cells.length > 0 ? cellsHtml(figure) : undefined}
    ${charts.length > 0 ? chartsHtml(figure, chartText) : undefined}
    <figcaption>
      <p><b id="${id}-title">${label}. ${title}.</b> ${sees}</p>
      ${warnings.map((warning) => html`<p class="warning"><b>Warning:</b> ${warning}</p>`)}
      <p class="made">${madeHtml(figure)}</p>
    </figcaption>
  </figure>`;
}

/** Columns that break the cells evenly over the rows that they need: seven in at most six are four and three. */
function evenColumns(cells: number, most: number): number {
  return cells <= most ? most : Math.ceil(cells / Math.ceil(cells / most));
}

function cellsHtml({ cells, columns: most }: Figure): Html {
  const columns = evenColumns(cells.length, most);
  const least = most <= 2 ? leastCellPx.two : most <= 4 ? leastCellPx.few : leastCellPx.many;
  const widest = `calc((100% - ${columns - 1} * 0.9rem) / ${columns})`;
  return html`<div class="cells" style="--least: ${least}px; --most: ${widest}">
    ${cells.map((cell) => cellHtml(cell, widePx / columns))}
  </div>`;
}

function cellHtml(cell: FigureCell, placePx: number): Html {
  const { file, widthPx, heightPx, alt, title, notes = [] } = cell;
  const showsPixels = cell.enlarge === "squares" && widthPx < placePx;
  return html`<div class="cell">
    <a href="${file}"
      ><img
        src="${file}"
        width="${widthPx}"
        height="${heightPx}"
        alt="${alt}"
        class="${showsPixels ? "squares" : "smooth"}"
    /></a>
    ${title === undefined ? undefined : html`<b>${title}</b>`}
    ${notes.map((note) => html`<span>${note}</span>`)}
  </div>`;
}

function chartsHtml({ charts }: Figure, chartText: ChartText): Html {
  return html`<div class="charts">
    ${charts.map(({ file, alt }) => html`<div role="img" aria-label="${alt}">${new Html(withoutLabels(chartText(file)))}</div>`)}
  </div>`;
}

/** Plot labels groups that have no role, which readers of the page may not be told; the chart's own text stands for it. */
function withoutLabels(svg: string): string {
  return svg.replaceAll(/ aria-label="[^"]*"/g, "");
}

function madeHtml({ recipe, seed, seconds, floats, charts }: Figure): Html {
  const facts = [
    ...(seed === null ? [] : [`Seed ${seed}.`]),
    `Took ${formatMeasuredDuration(1000 * seconds)}.`,
  ].join(" ");
  const all = [...floats, ...charts.map((chart) => chart.file)];
  const files = all.slice(0, mostLinks);
  const left = all.length - files.length;
  const end = left > 0 ? "" : ".";
  const links = files.map(
    (file, i) =>
      html`<a href="${file}">${file.split("/").at(-1)}</a>${i + 1 < files.length ? "," : end}`,
  );
  return html`${recipe} ${facts} ${files.length === 0 ? undefined : html`Data: `}${links}
  ${left > 0 ? `and ${left} more beside ${left === 1 ? "it" : "them"}.` : ""}`;
}

/** Claims as a list, each led by its most telling number. */
export function claimsHtml(claims: readonly Claim[]): Html | undefined {
  if (claims.length === 0) return undefined;
  return html`<ul class="claims">
    ${claims.map(claimHtml)}
  </ul>`;
}

function claimHtml({ text, measures }: Claim): Html {
  const [first, ...others] = measures;
  const rest = others.map(({ name, shown }) => `${name} ${shown}`).join("  ·  ");
  return html`<li>
    <strong>${first.shown}</strong>
    <p>${text}</p>
    ${rest === "" ? undefined : html`<p class="rest">${rest}</p>`}
  </li>`;
}

/** A table that scrolls sideways where the page is narrow. */
export function tableHtml({ title, head, rows }: StudyTable): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${title}">
    <table>
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(rowHtml)}
      </tbody>
    </table>
  </div>`;
}

function rowHtml([name, ...values]: readonly string[]): Html {
  return html`<tr>
    <th scope="row">${name}</th>
    ${values.map((value) => html`<td>${value}</td>`)}
  </tr>`;
}
