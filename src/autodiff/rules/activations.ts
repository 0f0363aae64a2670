import type { RuleTable } from "../rule.ts";

export const activations = {} satisfies RuleTable;
