// The pages of today are kept by the worker, with all that they load: this one, and those that it leads to.
import { person, place } from "./queue.js";

const here = place.dataset.queue.slice(0, -"/queue".length);

export async function keepPages(links) {
  for (const hint of document.querySelectorAll("[data-photo-hint]")) hint.textContent = "It is made small on this phone.";
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(`${here}/worker.js`, { scope: here, updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map((each) => each.name).filter((name) => name.includes("/board/assets/"));
  const pages = [here, location.pathname + location.search, ...[...links].map((link) => link.href)];
  active.postMessage({ person, pages, assets: loaded });
}
