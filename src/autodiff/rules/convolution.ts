import type { RuleTable } from "../rule.ts";

export const convolution = {} satisfies RuleTable;
