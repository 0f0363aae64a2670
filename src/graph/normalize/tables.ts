/** @file THE tables of rewrites: of ONNX Runtime's own operators, and of operators that an opset changed. */
import { contrib } from "./contrib.ts";
import { downgrades } from "./downgrades.ts";
import { earlyUpgrades } from "./early-upgrades.ts";
import type { RewriteTable } from "./rewrite.ts";
import { upgrades } from "./upgrades.ts";

/** Rewrites by the opset that they lead to, those of downgrades by the one that they start from. */
export interface RewriteTables {
  readonly contrib: RewriteTable;
  readonly earlyUpgrades: ReadonlyMap<number, RewriteTable>;
  readonly upgrades: ReadonlyMap<number, RewriteTable>;
  readonly downgrades: ReadonlyMap<number, RewriteTable>;
}

export const rewriteTables: RewriteTables = { contrib, earlyUpgrades, upgrades, downgrades };
