/** @file The report of a study as one HTML page. */
import { digestText } from "../graph/digest.ts";
import { formatMeasuredDuration } from "../wording/durations.ts";
import { secondsOf, type Part, type Section, type Source, type StudyRecord } from "./record.ts";
import { claimsHtml, figureHtml, tableHtml, type ChartText } from "./figure.ts";
import { Html, html } from "./html.ts";
import { styleSheet } from "./style.ts";
import { zoomScript } from "./zoom.ts";

/**
 * The page; `chartText` gives the SVG documents that it holds, which are written as they are. Whatever the record says,
 * its policy lets no script run but the page's own, and nothing be fetched but what lies beside it.
 */
export async function reportPage(record: StudyRecord, chartText: ChartText): Promise<string> {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${await policy()}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="Limpid ${record.versions["limpid"]}" />
        <title>${record.title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(styleSheet)}
        </style>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the study</a>
        <div class="page">${headHtml(record)}</div>
        <main class="page" id="content">
          ${record.parts.map((part, i) => partHtml(part, i + 1, chartText))} ${colophonHtml(record)}
        </main>
        <footer class="page"><p>${footerText(record)}</p></footer>
        ${dialogHtml} ${scriptHtml}
      </body>
    </html> `;
  return page.text.replaceAll(/\n\s*\n/g, "\n");
}

/** Its content is what the policy holds the digest of, to the letter. */
const scriptHtml = new Html(`<script>${zoomScript}</script>`);

/** Styles are the page's and the charts' own; what they name is an image or a typeface. */
async function policy(): Promise<string> {
  const digest = await digestText(zoomScript);
  const bytes = digest.replaceAll(/../g, (digits) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return [
    "default-src 'none'",
    `script-src 'sha256-${btoa(bytes)}'`,
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function headHtml(record: StudyRecord): Html {
  const parts = record.parts.map(
    (part, i) =>
      html`<li>
        <span class="number">${i + 1}</span><a href="#${part.name}">${part.title}</a>
        <span class="time">${formatMeasuredDuration(1000 * secondsOf(part.sections))}</span>
      </li>`,
  );
  return html`<header class="masthead">
      <p class="eyebrow">Limpid study · seed ${record.seed}${record.quick ? " · quick" : ""}</p>
      <h1>${record.title}</h1>
      <p class="standfirst">
        What excites the units of a convolutional network, what each layer keeps of a picture, and
        which pixels decide. Every picture below was made by the same command on one computer, and
        every sentence stands next to the number that was measured for it.
      </p>
    </header>
    <nav class="contents" aria-label="Parts">
      <ol>
        ${parts}
      </ol>
    </nav>`;
}

function partHtml(part: Part, number: number, chartText: ChartText): Html {
  let figures = 0;
  const sections = part.sections.map((section) => {
    const first = figures + 1;
    figures += section.figures.length;
    return sectionHtml(section, `${number}`, first, chartText);
  });
  return html`<header class="part-head">
      <h2 id="${part.name}">${number}. ${part.title}</h2>
      <p class="lead">${part.lead}</p>
      ${standInsHtml(part.sources)} ${sourcesHtml(part.sources)}
    </header>
    ${sections}`;
}

/** What was meant to be here and is not, in plain words. */
function standInsHtml(sources: readonly Source[]): Html | undefined {
  const stands = sources.filter((source) => source.standsFor !== undefined);
  if (stands.length === 0) return undefined;
  const lines = stands.map(
    ({ what, standsFor }) =>
      html`<p><b>Stand-in:</b> ${what}, instead of ${standsFor!.what}: ${standsFor!.why}.</p>`,
  );
  return html`<div class="notice" role="note">${lines}</div>`;
}

const kinds = { network: "Network", data: "Data", picture: "Picture" } as const;

function sourcesHtml(sources: readonly Source[]): Html {
  return html`<ul class="sources">
    ${sources.map(({ kind, what, origin }) => html`<li>${kinds[kind]}: ${what}; ${origin}.</li>`)}
  </ul>`;
}

function sectionHtml(section: Section, part: string, first: number, chartText: ChartText): Html {
  const figures = section.figures.map((figure, i) =>
    figureHtml(figure, `Figure ${part}.${first + i}`, chartText),
  );
  return html`<h3>${section.title}</h3>
    ${section.paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
    ${claimsHtml(section.claims)} ${figures} ${section.tables.map(tableHtml)}`;
}

function colophonHtml(record: StudyRecord): Html {
  const { machine, versions, parts } = record;
  const rows = parts.flatMap((part) =>
    part.sections.map((section) => [
      `${part.title}: ${section.title}`,
      String(section.figures.length),
      formatMeasuredDuration(1000 * section.seconds),
    ]),
  );
  const all = secondsOf(parts.flatMap((part) => part.sections));
  const memory = `${Math.round(machine.memoryBytes / 2 ** 30)} GiB`;
  return html`<header class="part-head">
      <h2 id="colophon">How it was made</h2>
      <p>
        ${machine.processor}, ${machine.cores} cores, ${memory} of memory, ${machine.system};
        ${Object.entries(versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(", ")}.
        The same seed gives the same pictures and numbers; times differ.
      </p>
    </header>
    ${tableHtml({
      title: "Where the time went",
      head: ["Section", "Figures", "Time"],
      rows: [...rows, ["All", String(countFigures(record)), formatMeasuredDuration(1000 * all)]],
    })}
    ${networksHtml(record)}`;
}

function networksHtml({ parts }: StudyRecord): Html | undefined {
  const networks = parts.flatMap(({ sources }) => sources).filter(({ sha256 }) => sha256);
  const rows = new Map(networks.map(({ what, sha256 }) => [sha256!, [what, sha256!.slice(0, 16)]]));
  if (rows.size === 0) return undefined;
  const title = "Fingerprints (first 16 digits of SHA-256)";
  return tableHtml({ title, head: ["What", "Fingerprint"], rows: [...rows.values()] });
}

function countFigures({ parts }: StudyRecord): number {
  return parts.flatMap(({ sections }) => sections).flatMap(({ figures }) => figures).length;
}

function footerText({ versions }: StudyRecord): string {
  return `Made by Limpid ${versions["limpid"]}. All numbers of this page are in study.json, all pictures at full size in pictures, their floats in data.`;
}

const dialogHtml = html`<dialog aria-label="Picture, enlarged">
  <div class="stage" tabindex="0" role="region" aria-label="The picture">
    <img alt="" src="data:," />
  </div>
  <div class="bar">
    <p></p>
    <button type="button" data-previous>Previous</button>
    <button type="button" data-next>Next</button>
    <button type="button" data-close>Close</button>
  </div>
</dialog>`;
