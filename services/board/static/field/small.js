// A photo is made small, so that place and owner are gone, and a slow phone sends a tenth of it.
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
