// Behaviour of GOV.UK's components; every page works without it.
import { initAll } from "./govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A page that Back brings up as it was is shown only to whoever it was made for; what they typed stays.
const { session } = document.body.dataset;
window.addEventListener("pageshow", async (event) => {
  if (!event.persisted || !session) return;
  const answer = await fetch(session).catch(() => null);
  if (answer?.status === 401) window.location.reload();
});
