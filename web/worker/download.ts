/** @file Results as files: the same figures, numbers and records as the command's. */
import { channelSheet } from "../../src/activations/channel-sheet.ts";
import { describeAnswer, failuresOf, findingsOf } from "../../src/app/attribute/findings.ts";
import { stackedMaps } from "../../src/app/attribute/places.ts";
import { recordOf, summaryOf } from "../../src/app/attribute/record.ts";
import { attributionSheet, drawAttribution } from "../../src/app/attribute/sheet.ts";
import { renderSheet } from "../../src/app/render-sheet.ts";
import { encodeNpy } from "../../src/formats/npy.ts";
import { LimpidError } from "../../src/errors.ts";
import { fileNames } from "../../src/wording/file-names.ts";
import { jsonText } from "../../src/wording/shown-text.ts";
import type { DownloadedFile, DownloadRequest } from "../download-protocol.ts";
import type { CallContext } from "./calls.ts";
import { pageWords, type Desk } from "./desk.ts";
import { explanationOf, figureFor } from "./explanation.ts";
import { namedPart } from "./named-part.ts";
import { pictureOf } from "./pixels.ts";
import { seenLayer } from "./seen-layers.ts";

const types = {
  png: "image/png",
  svg: "image/svg+xml",
  npy: "application/octet-stream",
  json: "application/json",
  html: "text/html",
} as const;

/** Throws as what makes it. */
export async function download(
  desk: Desk,
  asked: DownloadRequest,
  call: CallContext,
): Promise<DownloadedFile> {
  switch (asked.kind) {
    case "map": {
      const data = await mapFile(desk, asked, call);
      return file([desk.looked.name, asked.map.method], asked.format, data);
    }
    case "channels": {
      const { layer, format } = asked;
      return file([desk.looked.name, layer], format, await channelsFile(desk, asked, call));
    }
    case "unit": {
      const { layer, channel, picture } = asked.unit;
      const data = await desk.platform.encodePicture([pictureOf(picture)], { kind: "png" });
      return file([desk.open.name, layer, String(channel)], "png", data);
    }
    case "mask": {
      const { mask } = namedPart(asked.region, desk.looked.source) ?? {};
      if (!mask) throw nothingPainted();
      const data = await desk.platform.encodePicture([mask], { kind: "png" });
      return file([desk.looked.name, "mask"], "png", data);
    }
    case "report": {
      const { reportFile } = await import("./report-file.ts");
      return file([desk.looked.name, "report"], "html", await reportFile(desk, asked.report, call));
    }
  }
}

function nothingPainted(): LimpidError {
  return new LimpidError(
    "bad-option",
    "explorer: a part of the picture must be painted, got none. paint one.",
  );
}

function file(
  parts: readonly string[],
  format: keyof typeof types,
  data: Uint8Array | string,
): DownloadedFile {
  const name = parts.map((part) => part.replace(/\.[a-z\d]{2,5}$/i, "")).join(" ");
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
  return { name: `${fileNames([name]).get(name)!}.${format}`, type: types[format], bytes };
}

async function mapFile(
  desk: Desk,
  { format, map }: Extract<DownloadRequest, { kind: "map" }>,
  call: CallContext,
): Promise<Uint8Array | string> {
  const explanation = await explanationOf(desk, map, call);
  const { name } = desk.looked;
  const findings = findingsOf(explanation, name);
  if (format === "npy") {
    // Of a map of classes there are two layers, the last of which lies nearest to its places.
    const { run } = findings.at(-1)!;
    const own = findings.filter((finding) => finding.run === run);
    return encodeNpy(stackedMaps(own.map((finding) => finding.map)));
  }
  if (format === "json") {
    const summaries = findings.map((one) => summaryOf(one, explanation.names, pageWords));
    const failures = failuresOf(explanation, name, pageWords);
    return `${jsonText(recordOf(summaries, failures, explanation.source.chosen))}\n`;
  }
  const figure = await figureFor(desk, map, call);
  if (format === "png") return drawAttribution(desk.platform, figure);
  const { sheetSvg } = await import("../../src/app/vector-sheet.ts");
  const { map: own, answer } = findings[0]!;
  const { text } = describeAnswer(answer, own);
  return sheetSvg(desk.platform, attributionSheet(figure), text);
}

async function channelsFile(
  desk: Desk,
  { layer, format }: Extract<DownloadRequest, { kind: "channels" }>,
  call: CallContext,
): Promise<Uint8Array> {
  const seen = await seenLayer(desk, layer, call);
  if (format === "npy") return encodeNpy(seen.values);
  return renderSheet(desk.platform, channelSheet(seen, "layer", desk.looked.name));
}
