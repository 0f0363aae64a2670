/** @file All functions that the first map does not call: the build fills them in. */
import { keepLater } from "./later-code.ts";

keepLater([]);
