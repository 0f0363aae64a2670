/** @file The explorer on a phone: all stories of visitors, in one column, with targets that a finger meets. */
import { tellStories } from "./explorer-stories.ts";
import { phone } from "./explorer-visit.ts";

tellStories(phone);
