/** @file What is shown in place of the page where there is no network, and the page was not kept whole before. */

const texts = {
  en: "Limpid is not here: there is no connection, and what it needs was not kept in this browser yet. Load it again once you are online; after its first map it works without.",
  de: "Limpid ist nicht da: Es besteht keine Verbindung, und was es braucht, wurde in diesem Browser noch nicht aufgehoben. Lade es neu, sobald du online bist; nach seiner ersten Karte geht es auch ohne.",
} as const;

/** A page of its own, as none of the page's files may be there. */
export function unkeptPage(): Response {
  const said = Object.entries(texts).map(([language, text]) => `<p lang="${language}">${text}</p>`);
  const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Limpid</title>
    <style>
      body { max-width: 34rem; margin: 15vh auto 0; padding: 0 1.2rem; font: 1rem/1.6 system-ui, sans-serif; }
    </style>
  </head>
  <body>
    <main>
      <h1>Limpid</h1>
      ${said.join("\n      ")}
    </main>
  </body>
</html>
`;
  const headers = { "Content-Type": "text/html; charset=utf-8" };
  return new Response(page, { status: 503, headers });
}
