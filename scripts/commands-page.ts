/** @file The page of all commands, made from what the command line itself knows of them. */
import { Command, type Option } from "commander";
import { commands } from "../src/cli/run.ts";
import { markdownTable } from "./markdown-table.ts";

const silent = {
  out: () => undefined,
  err: () => undefined,
  signal: { aborted: false },
  isWatched: false,
};

/** `docs/commands.md`. */
export async function commandsPage(): Promise<string> {
  const sections = await Promise.all(
    Object.entries(commands).map(async ([name, { description, load }]) => {
      const command = new Command(name).description(description);
      (await load())(command, silent);
      return sectionOf(command);
    }),
  );
  return `# Commands

Made from the command line's own tables by \`npm run docs\`; \`limpid COMMAND --help\` says the same. Where a model or data
set is asked for, a path will do, or a name that \`limpid fetch\` lists. Every command also takes \`--offline\` (never touch
the network) and \`--debug\` (show where an error comes from).

${sections.join("\n")}`;
}

function sectionOf(command: Command): string {
  const { notes, examples } = afterOptions(command);
  const takes = command.registeredArguments.map((argument) => [
    `\`${argument.name()}${argument.variadic ? "..." : ""}\``,
    argument.description,
    argument.required ? "" : "may be left out",
  ]);
  const options = command.options
    .filter(({ hidden }) => !hidden)
    .map((option) => [`\`${option.flags}\``, meaningOf(option), defaultOf(option)]);
  return `## limpid ${command.name()}

${command.description()}

\`\`\`sh
limpid ${command.name()} ${command.usage()}
\`\`\`

${markdownTable(["argument or option", "meaning", "default"], [...takes, ...options])}
${notes === "" ? "" : `\n\`\`\`text\n${notes}\n\`\`\`\n`}
Examples:

\`\`\`sh
${examples.replaceAll(/^ *\$ /gm, "")}
\`\`\`
`;
}

/** What help says behind the options. */
function afterOptions(command: Command): {
  readonly notes: string;
  readonly examples: string;
} {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  const after = help.slice(command.helpInformation().length);
  const [notes, examples] = after.split(/^Examples:$/m) as [string, string];
  return { notes: notes.trim(), examples: examples.trim() };
}

function meaningOf({ description, argChoices }: Option): string {
  return argChoices ? `${description}: ${argChoices.join(", ")}` : description;
}

function defaultOf({ defaultValue }: Option): string {
  return defaultValue === undefined ? "" : String(defaultValue);
}
