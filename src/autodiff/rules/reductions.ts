import type { RuleTable } from "../rule.ts";

export const reductions = {} satisfies RuleTable;
