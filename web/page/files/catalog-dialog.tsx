/** @file The pretrained networks of the catalog, to choose one by name; where the page cannot fetch them, how they are had. */
import { catalogNetworks, type CatalogNetwork } from "../../../src/fetch/catalog-networks.ts";
import { formatMegabytes } from "../../../src/wording/numbers.ts";
import type { Explorer } from "../explorer.ts";
import { Dialog } from "../frame/dialog.tsx";
import { usePageTexts } from "../frame/settings.tsx";
import { handedOver } from "./handed.ts";
import { openNamed } from "./named-networks.ts";
import "./catalog-dialog.css";

interface CatalogDialogProps {
  readonly explorer: Explorer;
  onClose(): void;
}

export function CatalogDialog({ explorer, onClose }: CatalogDialogProps) {
  const texts = usePageTexts();
  const { named } = handedOver();
  const networks = named?.items ?? catalogNetworks();
  return (
    <Dialog explorer={explorer} title={texts.catalogTitle} isBusy={false} onClose={onClose}>
      <div class="catalog">
        <p>{named ? texts.catalogHint : texts.catalogElsewhere}</p>
        {!named && <code lang="en">{`npx limpid explore ${networks[0]!.name}`}</code>}
        <ul>
          {networks.map((network) => (
            <li key={network.name}>
              {named ? (
                <button
                  type="button"
                  onClick={({ currentTarget }) => {
                    currentTarget.closest("dialog")?.close();
                    void openNamed(explorer.hand, network, named.token);
                  }}
                >
                  <NetworkWords network={network} />
                </button>
              ) : (
                <div>
                  <NetworkWords network={network} />
                </div>
              )}
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

function NetworkWords({ network }: { readonly network: CatalogNetwork }) {
  const { name, description, licence, bytes } = network;
  return (
    <>
      <strong>{name}</strong> <span class="size">{formatMegabytes(bytes, 0)}</span>{" "}
      <span class="about" lang="en">
        {description}; {licence}
      </span>
    </>
  );
}
