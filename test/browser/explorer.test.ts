/** @file The explorer on a desktop: all stories of visitors. */
import { tellStories } from "./explorer-stories.ts";
import { desktop } from "./explorer-visit.ts";

tellStories(desktop);
