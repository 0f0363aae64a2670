/** @file THE table: operator -> gradient rule, merged from the families; and the operators whose gradient is zero. */
import type { RuleTable } from "../rule.ts";
import { otherRules } from "./others.ts";
import { usualRules } from "./usual.ts";

/** Every operator that a gradient can pass through. */
export const rules: RuleTable = { ...usualRules, ...otherRules };
