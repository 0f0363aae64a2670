import type { RuleTable } from "../rule.ts";

export const linearAlgebra = {} satisfies RuleTable;
