// Photos: made small before they are kept, so that place and owner are gone; sent one by one, after the facts.
import { all, asked, change } from "./store.js";
import { newKey } from "./words.js";

const LONGEST = 1600, MOST_BYTES = 900_000, QUALITIES = [0.85, 0.7, 0.55, 0.4, 0.25];

// The longest side is cut to LONGEST; null for what this browser cannot read, such as HEIC.
async function small(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) return null;
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  for (const quality of QUALITIES) {
    const made = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (made && made.size <= MOST_BYTES) return made;
  }
  return null;
}

// Read at once: a phone may take the file of its camera away.
export async function prepared(file) {
  const content = new Blob([await file.arrayBuffer()], { type: file.type });
  const made = await small(content);
  return { content: made ?? content, isSmall: made !== null };
}

export async function keepPhoto(person, reference, label, { content, isSmall }) {
  const photo = { person, reference, label, content, key: newKey(), state: isSmall ? "waiting" : "too-large" };
  await change(["photos"], ({ photos }) => asked(photos.add(photo)));
}

// One that is refused is kept and said; it holds nothing else back.
export async function sendPhotos(person, post, outcome) {
  for (const photo of await all("photos")) {
    if (photo.person !== person || photo.state !== "waiting") continue;
    const answer = await post({ reference: photo.reference, key: photo.key, photo: photo.content });
    const { why, refused } = outcome(answer);
    if (why) return why;
    const state = answer.status === 404 ? "gone" : "needs";
    await change(["photos"], ({ photos }) =>
      asked(refused ? photos.put({ ...photo, state, ...(state === "gone" ? { label: "", content: null } : {}) }) : photos.delete(photo.id)));
  }
  return "";
}
