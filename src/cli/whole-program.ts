/** @file What commands load when they come to it and that is many files, for machines where few may be open at once. */
import "./commands/activations.ts";
import "./commands/attribute.ts";
import "./commands/fetch.ts";
import "./commands/maximize.ts";
import "./commands/train.ts";
import "../app/activations/activations.ts";
import "../app/attribute/attribute.ts";
import "../app/check/check.ts";
import "../app/convert/convert.ts";
import "../app/maximize/maximize.ts";
import "../app/train/train.ts";
import "../index.ts";
import "../study/study.ts";
