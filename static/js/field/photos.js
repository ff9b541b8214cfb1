/* A picture made small before it is kept: 1600 pixels of JPEG tell what hangs on a wall, and a drawn copy has none of
   the place, the time and the telephone that a camera writes into its file. */
const LONGEST = 1600;
const THUMB = 160;
const QUALITY = 0.8;

/* The file is no picture that this browser can read. */
export class NotAPicture extends Error {}

/* {bytes, thumb}: JPEG as an ArrayBuffer, and a little one as an address for <img>. */
export async function reduced(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    throw new NotAPicture(file.name);
  }
  const large = drawn(picture, LONGEST);
  const thumb = drawn(picture, THUMB).toDataURL('image/jpeg', 0.6);
  picture.close();
  const blob = await new Promise((resolve) => { large.toBlob(resolve, 'image/jpeg', QUALITY); });
  if (!blob) throw new NotAPicture(file.name);
  return { bytes: await blob.arrayBuffer(), thumb };
}

function drawn(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff'; // what is transparent in a screenshot would be black in a JPEG
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
