/** @file A worker that draws a chart and a picture file with the seam's adapter for browsers, and posts what came of it. */
import { drawChart } from "../../../src/drawing/chart.ts";
import { webPlatform } from "../../../src/web.ts";

const platform = webPlatform();
const chart = drawChart(
  [{ title: "a chart", plot: { marks: [] } }],
  await platform.chartDocument(),
);
const picture = { widthPx: 1, heightPx: 1, channels: 3, data: Uint8Array.of(1, 2, 3) } as const;
const file = await platform.encodePicture([picture], { kind: "png" });
const starts = String.fromCharCode(...file.subarray(1, 4));
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's has none
postMessage(`${starts} ${/<svg.*a chart/s.test(chart)}`);
