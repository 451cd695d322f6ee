// The photo of a form is made small as it is chosen; one that this browser cannot read is sent as it is.
import { prepared } from "./small.js";

async function replace(field) {
  const [file] = field.files;
  const { content, isSmall } = await prepared(file);
  if (!isSmall || field.files[0] !== file) return;
  const chosen = new DataTransfer();
  chosen.items.add(new File([content], "photo.jpg", { type: "image/jpeg" }));
  field.files = chosen.files;
}

for (const field of document.querySelectorAll("[data-photo]")) {
  field.addEventListener("change", () => { if (field.files.length) replace(field).catch(() => {}); });
}
