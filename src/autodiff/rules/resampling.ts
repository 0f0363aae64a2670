import type { RuleTable } from "../rule.ts";

export const resampling = {} satisfies RuleTable;
