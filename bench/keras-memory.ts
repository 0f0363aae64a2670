/** @file Opens one model and prints the milliseconds that it took and the peak resident memory in bytes. */
import { openModel } from "../src/node/open-model.ts";

const start = performance.now();
const graph = await openModel(process.argv[2]!);
const ms = performance.now() - start;
const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ ms, peak, nodes: graph.nodes.length }));
