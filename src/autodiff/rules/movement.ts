import type { RuleTable } from "../rule.ts";

export const movement = {} satisfies RuleTable;
