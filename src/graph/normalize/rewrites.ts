/** @file All that brings a graph as a file has it to the one that everything else knows. */
import { withoutSequences } from "./resolved-sequences.ts";
import { rewriteTables } from "./tables.ts";

export const rewrites = { tables: rewriteTables, withoutSequences } as const;

export type Rewrites = typeof rewrites;
