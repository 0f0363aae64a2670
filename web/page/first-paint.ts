/** @file Runs before anything is painted: a reader of dark pages sees no white one first. */
import { dress, keptSettings } from "../parts/kept-settings.ts";

dress(keptSettings());
