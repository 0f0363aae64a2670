import type { RuleTable } from "../rule.ts";

export const elementwise = {} satisfies RuleTable;
