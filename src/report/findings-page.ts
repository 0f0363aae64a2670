/** @file What was found of one picture as one HTML file that needs nothing beside it. */
import { base64Of } from "../bytes.ts";
import { escapedText } from "../wording/markup.ts";
import { tableHtml } from "./figure.ts";
import { Html, html } from "./html.ts";
import { plainStyleSheet } from "./style.ts";

/** A PNG file on the page. */
export interface PagePicture {
  readonly png: Uint8Array;
  /** What stands for the picture. */
  readonly alt: string;
  readonly title?: string;
  readonly notes?: readonly string[];
}

/** Headings in the reader's language. */
type FindingsHeadings = Readonly<
  Record<"madeBy" | "answer" | "compared" | "units" | "notes" | "recipe" | "fingerprint", string>
>;

export interface Findings {
  readonly title: string;
  /** As HTML names languages. */
  readonly language: string;
  readonly headings: FindingsHeadings;
  /** Name of the network, and its SHA-256. */
  readonly network: string;
  readonly digest: string;
  readonly version: string;
  /** The map, the sentence that says what it shows, and what is odd. */
  readonly figure: PagePicture;
  readonly sentence: string;
  readonly warnings: readonly string[];
  /** What the network answers. */
  readonly answers: {
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
  readonly compared: readonly PagePicture[];
  /** What excites units. */
  readonly units: readonly PagePicture[];
  /** What was assumed, a sentence each. */
  readonly notes: readonly string[];
  /** What makes the same elsewhere: a heading and its lines. */
  readonly recipes: readonly (readonly [heading: string, text: string])[];
}

/** Nothing may run on the page, and nothing be fetched. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** The columns that units' pictures need on a wide page. */
const unitsStyle = "--least: 150px; --most: 12rem";

/** The page. Whatever names say, they are text. */
export function findingsPage(findings: Findings): string {
  const { title, language, headings, network, digest, version } = findings;
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="generator" content="Limpid ${version}" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(plainStyleSheet)} .cell img {
            cursor: auto;
          }
          pre {
            overflow: auto;
            padding: 0.9rem 1.1rem;
            background: var(--panel);
            border: 1px solid var(--line);
            border-radius: 6px;
            font-size: 0.85rem;
          }
          main h2 {
            margin-top: 3.2rem;
          }
        </style>
      </head>
      <body>
        <div class="page">
          <header class="masthead">
            <p class="eyebrow">${headings.madeBy} ${version}</p>
            <h1>${title}</h1>
            <p class="standfirst">${network}</p>
          </header>
        </div>
        <main class="page">
          ${mapHtml(findings)} ${answersHtml(findings)}
          ${picturesHtml(headings.compared, findings.compared, "--least: 300px; --most: 100%")}
          ${picturesHtml(headings.units, findings.units, unitsStyle)} ${notesHtml(findings)}
          ${recipesHtml(findings)}
        </main>
        <footer class="page"><p>${headings.fingerprint}: ${digest}</p></footer>
      </body>
    </html> `;
  return page.text;
}

function mapHtml({ figure, sentence, warnings }: Findings): Html {
  return html`<figure class="wide">
    <div class="cells" style="--least: 300px; --most: 100%">${pictureHtml(figure)}</div>
    <figcaption>
      <p>${sentence}</p>
      ${warnings.map((warning) => html`<p class="warning">${warning}</p>`)}
    </figcaption>
  </figure>`;
}

function pictureHtml({ png, alt, title, notes = [] }: PagePicture): Html {
  return html`<div class="cell">
    <img src="data:image/png;base64,${base64Of(png)}" alt="${alt}" />
    ${title === undefined ? undefined : html`<b>${title}</b>`}
    ${notes.map((note) => html`<span>${note}</span>`)}
  </div>`;
}

function answersHtml({ answers: { head, rows }, headings }: Findings): Html | undefined {
  if (rows.length === 0) return undefined;
  return html`<h2>${headings.answer}</h2>
    ${tableHtml({ title: headings.answer, head: [...head], rows: rows.map((row) => [...row]) })}`;
}

function picturesHtml(
  heading: string,
  pictures: readonly PagePicture[],
  style: string,
): Html | undefined {
  if (pictures.length === 0) return undefined;
  return html`<h2>${heading}</h2>
    <figure class="wide">
      <div class="cells" style="${style}">${pictures.map(pictureHtml)}</div>
    </figure>`;
}

function notesHtml({ notes, headings }: Findings): Html | undefined {
  if (notes.length === 0) return undefined;
  return html`<h2>${headings.notes}</h2>
    <ul>
      ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>`;
}

function recipesHtml({ recipes, headings }: Findings): Html | undefined {
  if (recipes.length === 0) return undefined;
  const each = recipes.map(
    ([heading, text]) =>
      html`<h3>${heading}</h3>
        ${preHtml(text)}`,
  );
  return html`<h2>${headings.recipe}</h2>
    ${each}`;
}

/** Lines that are meant to be copied stay as they are. */
function preHtml(text: string): Html {
  const lines = text.split("\n").map(escapedText).join("\n");
  return new Html(`<pre tabindex="0">${lines}</pre>`);
}
