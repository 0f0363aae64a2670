import type { RuleTable } from "../rule.ts";

export const softmax = {} satisfies RuleTable;
