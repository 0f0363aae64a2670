/** @file What was found of the picture in hand as one HTML page that opens from disk. */
import { drawAttribution } from "../../src/app/attribute/sheet.ts";
import { renderSheet } from "../../src/app/render-sheet.ts";
import { describeAnswer } from "../../src/app/attribute/findings.ts";
import { heatmapSheet } from "../../src/drawing/heatmap-sheet.ts";
import { plane } from "../../src/image/picture.ts";
import { findingsPage, type PagePicture } from "../../src/report/findings-page.ts";
import { version } from "../../src/version.ts";
import { wordsOf } from "../../src/wording/face.ts";
import { formatNumber, formatProbability } from "../../src/wording/numbers.ts";
import type { ReportedMap, ReportRequest } from "../download-protocol.ts";
import type { ShownUnit } from "../protocol.ts";
import type { CallContext } from "./calls.ts";
import { pageWords, type Desk } from "./desk.ts";
import { explanationOf, figureFor } from "./explanation.ts";
import { pictureOf } from "./pixels.ts";

const png = { kind: "png" } as const;

/** Throws as `explanationOf` and `renderSheet`. */
export async function reportFile(
  desk: Desk,
  report: ReportRequest,
  call: CallContext,
): Promise<string> {
  const { texts, answers } = report;
  const { model, name: modelName } = desk.open;
  const { name } = desk.looked;
  const explanation = await explanationOf(desk, report.map, call);
  const figure = await figureFor(desk, report.map, call);
  const [answer] = explanation.answers;
  const [result] = answer!.results;
  const map = result && "maps" in result ? result.maps[0] : undefined;
  const sentence = map ? describeAnswer(answer!, map).text : "";
  return findingsPage({
    title: name,
    language: report.language,
    headings: texts,
    network: modelName,
    digest: await model.digest(),
    version,
    figure: { png: await drawAttribution(desk.platform, figure), alt: sentence },
    sentence,
    warnings: map?.warnings.map(({ message }) => wordsOf(message, pageWords)) ?? [],
    answers: {
      head: [texts.class, texts.probability, texts.score],
      rows: answers.map(({ label, probability, logit }) => [
        label,
        probability === undefined ? "" : formatProbability(probability),
        formatNumber(logit),
      ]),
    },
    compared: await inTurn(report.pinned, (one) => comparedPicture(desk, one)),
    units: await inTurn(report.units, (unit) => unitPicture(desk, unit, texts)),
    notes: report.notes,
    recipes: report.recipes,
  });
}

async function inTurn<T>(
  list: readonly T[],
  make: (one: T) => Promise<PagePicture>,
): Promise<readonly PagePicture[]> {
  const made: PagePicture[] = [];
  for (const one of list) made.push(await make(one));
  return made;
}

/** A map that was kept, by its numbers, as the sheet of maps shows it. */
async function comparedPicture(
  desk: Desk,
  { title, seen, map }: ReportedMap,
): Promise<PagePicture> {
  const { width, height, values, scale, heading, score, warnings, text, asked } = map;
  const sheet = heatmapSheet({
    title,
    entries: [
      {
        photo: pictureOf(seen),
        map: plane(width, height, values),
        title: asked.method,
        signed: values.some((value) => value < 0),
        unit: scale.unit,
        heading,
        note: score,
        warnings,
      },
    ],
  });
  return { png: await renderSheet(desk.platform, sheet), alt: text, title, notes: [text] };
}

async function unitPicture(
  desk: Desk,
  { layer, channel, picture, activation, isSilent }: ShownUnit,
  texts: ReportRequest["texts"],
): Promise<PagePicture> {
  const name = `${layer}, ${texts.unit} ${channel}`;
  const note = isSilent ? texts.silent : `${texts.activation} ${formatNumber(activation)}`;
  const file = await desk.platform.encodePicture([pictureOf(picture)], png);
  return { png: file, alt: `${name}: ${note}`, title: name, notes: [note] };
}
