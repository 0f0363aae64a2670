import type { RuleTable } from "../rule.ts";

export const normalization = {} satisfies RuleTable;
